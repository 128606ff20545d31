using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>A symmetric matrix ordered by class and averaged down to few cells.</summary>
/// <param name="Cells">cells x cells.</param>
/// <param name="ClassEnds">Where each class ends, as a fraction of the edge.</param>
internal sealed record HeatMap(double[,] Cells, IReadOnlyList<double> ClassEnds)
{
    /// <summary>Cells of an edge: about two points of a screen each at the size the page shows.</summary>
    private const int MaximumEdge = 180;

    /// <summary>The smallest cell.</summary>
    public double Minimum => Cells.Cast<double>().Min();

    /// <summary>The largest cell.</summary>
    public double Maximum => Cells.Cast<double>().Max();

    /// <summary>Orders and averages a Gram matrix.</summary>
    /// <param name="gram">rows x rows.</param>
    /// <param name="labels">The class of each row, 0 to classes - 1.</param>
    /// <param name="classes">Different classes.</param>
    public static HeatMap Of<T>(Tensor<T> gram, int[] labels, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] order = [.. Enumerable.Range(0, labels.Length).OrderBy(row => labels[row])];
        int edge = Math.Min(MaximumEdge, order.Length);
        double[,] sums = new double[edge, edge];
        int[] counts = new int[edge];
        for (int i = 0; i < order.Length; i++) counts[Cell(i)]++;
        for (int i = 0; i < order.Length; i++)
        {
            for (int j = 0; j < order.Length; j++) sums[Cell(i), Cell(j)] += double.CreateChecked(gram[order[i], order[j]]);
        }

        for (int i = 0; i < edge; i++)
        {
            for (int j = 0; j < edge; j++) sums[i, j] /= (double)counts[i] * counts[j];
        }

        double[] ends = [.. Enumerable.Range(0, classes).Select(which => (double)labels.Count(label => label <= which) / labels.Length)];
        return new(sums, ends);

        int Cell(int position) => (int)((long)position * edge / order.Length);
    }
}
