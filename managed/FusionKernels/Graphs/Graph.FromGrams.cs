using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>One graph of several views.</content>
public static partial class Graph
{
    /// <summary>Joins every row to its most similar by the weighted mean of several Gram matrices: by pair, over the views that have both rows.</summary>
    /// <remarks>
    /// Views fuse before neighbours are chosen: two rows that no single view has near are joined where all of them together do. The
    /// matrices must be on one scale, e.g. of unit diagonal. A pair that no view has is not joined. Memory: one more matrix.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="grams">By view: rows x rows, symmetric; rows and columns of absent rows are not read.</param>
    /// <param name="count">Neighbours of each row, 1 or more; where fewer other rows are there, all of them.</param>
    /// <param name="options">Symmetry, weights, presence, device; null for the defaults.</param>
    /// <returns>rows x rows, without self-loops.</returns>
    /// <exception cref="ArgumentException">There is no view, shapes do not fit, an element that is there is not finite (its place is named), or weights or mask are not those of the views.</exception>
    /// <exception cref="ArgumentOutOfRangeException">count or the scaling neighbour is below 1.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static SparseMatrix<T> FromGrams<T>(IReadOnlyList<Tensor<T>> grams, int count, MultiviewGraphOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(grams);
        options ??= new();
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "a row has 1 neighbour or more");
        int rows = RequireSquare(grams);
        double[] weights = ViewWeights(options, rows, grams.Count);
        NeighbourGraphOptions graph = new()
        {
            Symmetry = options.Symmetry,
            Weights = options.Weights,
            ScalingNeighbour = options.ScalingNeighbour,
            Device = options.Device,
            Threads = options.Threads,
            Cancellation = options.Cancellation,
        };
        if (options.ScalingNeighbour < 1) throw new ArgumentOutOfRangeException(nameof(options), options.ScalingNeighbour, $"{nameof(options.ScalingNeighbour)} must be 1 or more");
        using Execution execution = Execution.Begin<T>(options, "Graph.FromGrams");
        T[] mean = Mean(grams, weights, options.Presence, rows);
        Tensor<T> numbers = Tensor.Create(new T[rows], [rows, 1]);

        // NaN, which stands for a pair that no view has, is no neighbour.
        return OfKernel(numbers, Kernel.Precomputed(Tensor.Create(mean, [rows, rows])), count, [.. Enumerable.Range(0, rows)], rows, graph, NonFiniteInput.Propagate, execution);
    }

    private static T[] Mean<T>(IReadOnlyList<Tensor<T>> grams, double[] weights, Tensor<bool>? presence, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] mean = new T[checked(rows * rows)];
        for (int i = 0; i < rows; i++)
        {
            for (int j = i; j < rows; j++)
            {
                double sum = 0, all = 0;
                for (int v = 0; v < grams.Count; v++)
                {
                    if (weights[v] == 0 || (presence is not null && !(presence[i, v] && presence[j, v]))) continue;
                    double value = double.CreateChecked(grams[v][i, j]);
                    if (!double.IsFinite(value)) throw new ArgumentException($"grams[{v}] has {value} at ({i}, {j}): a finite number is needed where both rows are present", nameof(grams));
                    (sum, all) = (sum + (weights[v] * value), all + weights[v]);
                }

                mean[(i * rows) + j] = mean[(j * rows) + i] = all > 0 ? T.CreateChecked(sum / all) : T.NaN;
            }
        }

        return mean;
    }

    private static int RequireSquare<T>(IReadOnlyList<Tensor<T>> grams)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (grams.Count == 0) throw new ArgumentException("there is no view: one at least is needed", nameof(grams));
        for (int v = 0; v < grams.Count; v++)
        {
            ArgumentNullException.ThrowIfNull(grams[v], nameof(grams));
            if (grams[v].Rank != 2 || grams[v].Lengths[0] != grams[v].Lengths[1] || grams[v].Lengths[0] != grams[0].Lengths[0])
            {
                throw new ArgumentException($"grams[{v}] is {Shape.Of(grams[v].Lengths)}, grams[0] is {Shape.Of(grams[0].Lengths)}: square matrices of the same rows are needed; pass a presence mask if some are absent", nameof(grams));
            }
        }

        return checked((int)grams[0].Lengths[0]);
    }

    private static double[] ViewWeights(MultiviewGraphOptions options, int rows, int views)
    {
        if (options.Presence is { } mask && (mask.Rank != 2 || mask.Lengths[0] != rows || mask.Lengths[1] != views)) throw new ArgumentException($"the presence mask is {Shape.Of(mask.Lengths)}; it must be {rows} x {views}", nameof(options));
        if (options.ViewWeights is not { } given) return [.. Enumerable.Repeat(1.0, views)];
        if (given.Count != views) throw new ArgumentException($"there are {views} views and {given.Count} weights: one for each", nameof(options));
        if (given.Any(weight => !(weight >= 0 && double.IsFinite(weight))) || given.All(weight => weight == 0)) throw new ArgumentException("weights of views are 0 or more, and some above 0", nameof(options));
        return [.. given];
    }
}
