using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Correlation;

/// <summary>A view whose rows can be read once more: widened, centred and weighted into a chunk.</summary>
internal interface IRowView
{
    /// <summary>Rows.</summary>
    int Rows { get; }

    /// <summary>Columns.</summary>
    int Columns { get; }

    /// <summary>The means over the rows that are there.</summary>
    /// <exception cref="ArgumentException">An element of such a row is not finite.</exception>
    double[] Means(ReadOnlySpan<bool> present);

    /// <summary>Fills columns of a chunk, as <see cref="ViewRows.Fill"/>.</summary>
    void Fill(int first, ReadOnlySpan<bool> present, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, DenseMatrix chunk, int column);
}

/// <summary>Means and products of several views of the same rows, each in the rows in which it is there.</summary>
internal sealed class MultiviewMoments
{
    /// <summary>Reads every view twice, or three times where a row lacks one: means, products of what is there, products with weights.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="views">The views, of as many rows each.</param>
    /// <param name="present">By view: which rows are there; empty for all.</param>
    /// <param name="isWeighted">Whether <see cref="Weighted"/> is wanted.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">An element that is there is not finite.</exception>
    public MultiviewMoments(HostEngine engine, IRowView[] views, bool[][] present, bool isWeighted, in RunSettings settings)
    {
        Offsets = OffsetsOf([.. views.Select(view => view.Columns)]);
        Counts = new long[views.Length, views.Length];
        ViewsOfRow = new int[views[0].Rows];
        for (int i = 0; i < ViewsOfRow.Length; i++) Count(present, i);
        Means = [.. views.Select((view, v) => view.Means(present[v]))];
        bool isComplete = Array.TrueForAll(ViewsOfRow, count => count == views.Length);
        double[] rowWeights = [.. ViewsOfRow.Select(count => count == 0 ? 0 : Math.Sqrt(views.Length / (double)count))];
        bool twice = isWeighted && !isComplete;
        Scatter = Accumulate(engine, views, present, [], settings with { Progress = PartialProgress.Of(settings.Progress, 0, 2, twice ? 1 : 2) });
        Weighted = twice ? Accumulate(engine, views, present, rowWeights, settings with { Progress = PartialProgress.Of(settings.Progress, 1, 2, 1) }) : Scatter;
    }

    /// <summary>Takes moments of rows that have every view; the rows themselves are not there any more.</summary>
    public MultiviewMoments(Moments moments)
    {
        int views = moments.Widths.Length;
        Offsets = OffsetsOf(moments.Widths);
        Counts = new long[views, views];
        for (int a = 0; a < views; a++)
        {
            for (int b = 0; b < views; b++) Counts[a, b] = moments.Count;
        }

        ViewsOfRow = [];
        Means = [.. moments.Widths.Select((_, view) => moments.MeanOf(view))];
        Scatter = Weighted = moments.Scatter;
    }

    /// <summary>By view: the first of its columns among all; at the end, all of them.</summary>
    public int[] Offsets { get; }

    /// <summary>Rows in which two views are there; on the diagonal, in which one is.</summary>
    public long[,] Counts { get; }

    /// <summary>By row: the views that are there; empty without rows.</summary>
    public int[] ViewsOfRow { get; }

    /// <summary>By view: its means over the rows in which it is there.</summary>
    public double[][] Means { get; }

    /// <summary>Sums of products of centred columns over the rows in which both views are there.</summary>
    public DenseMatrix Scatter { get; }

    /// <summary>The same, each row multiplied by the number of views over those that are there in it.</summary>
    public DenseMatrix Weighted { get; }

    /// <summary>The covariance of one view over the rows in which it is there.</summary>
    public DenseMatrix Covariance(int view)
    {
        DenseMatrix covariance = Block(Scatter, view, view);
        foreach (ref double value in covariance.Elements.AsSpan()) value /= Math.Max(1, Counts[view, view] - 1);
        return covariance;
    }

    /// <summary>The products of two views' columns.</summary>
    public DenseMatrix Block(DenseMatrix products, int first, int second) =>
        products.Part(Offsets[first], Offsets[first + 1] - Offsets[first], Offsets[second], Offsets[second + 1] - Offsets[second]);

    /// <summary>By view: the first of its columns among all; at the end, all of them.</summary>
    public static int[] OffsetsOf(ReadOnlySpan<int> widths)
    {
        int[] offsets = new int[widths.Length + 1];
        for (int v = 0; v < widths.Length; v++) offsets[v + 1] = checked(offsets[v] + widths[v]);
        return offsets;
    }

    private void Count(bool[][] present, int row)
    {
        for (int a = 0; a < present.Length; a++)
        {
            if (!IsPresent(a)) continue;
            ViewsOfRow[row]++;
            for (int b = 0; b < present.Length; b++) Counts[a, b] += IsPresent(b) ? 1 : 0;
        }

        bool IsPresent(int view) => present[view].Length == 0 || present[view][row];
    }

    private DenseMatrix Accumulate(HostEngine engine, IRowView[] views, bool[][] present, ReadOnlySpan<double> weights, in RunSettings settings)
    {
        int rows = views[0].Rows, columns = Offsets[^1], chunkRows = ViewRows.ChunkRows(columns);
        ScatterSum sum = new(engine, columns, isCentred: true, settings);
        for (int row = 0; row < rows; row += chunkRows)
        {
            DenseMatrix chunk = new(Math.Min(chunkRows, rows - row), columns);
            for (int v = 0; v < views.Length; v++) views[v].Fill(row, present[v], weights, Means[v], chunk, Offsets[v]);
            sum.Add(chunk);
            settings.Progress?.Report((row + chunk.Rows) / (double)rows);
        }

        return sum.Scatter;
    }
}
