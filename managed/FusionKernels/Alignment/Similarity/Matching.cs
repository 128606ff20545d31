using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Finds for the rows of one set those of another, tile by tile: the matrix of all similarities is never stored.</summary>
/// <remarks>Thread-safe. On every device through <see cref="Gram.Neighbours{T}(Tensor{T}, Tensor{T}, Kernel, int, GramOptions?)"/>; one-to-one matching of everything is <see cref="Assignment"/>.</remarks>
public static class Matching
{
    /// <summary>The most similar rows of b for every row of a.</summary>
    /// <remarks>
    /// By similarity in descending order, equal ones by their place in b. Cost: 2 rows columns features operations. Memory: the
    /// result, and a tile for each thread; for the centred cosine also a centred copy of a and b. The same bits for any number of threads.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features.</param>
    /// <param name="b">columns x features.</param>
    /// <param name="metric">The metric, or a kernel.</param>
    /// <param name="count">How many for each row, 0 to the rows of b.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>Indices and similarities, rows x count.</returns>
    /// <exception cref="ArgumentOutOfRangeException">count is negative or more than b has rows.</exception>
    /// <inheritdoc cref="SimilarityMatrix.Compute" path="/exception"/>
    public static GramNeighbours<T> Nearest<T>(Tensor<T> a, Tensor<T> b, SimilarityMetric metric, int count, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(metric);
        (Tensor<T> rows, Tensor<T> columns, Kernel kernel) = metric.Prepare(a, b);
        return Gram.Neighbours(rows, columns, kernel, count, options);
    }

    /// <summary>The pairs of rows that choose each other: b is the most similar to a of all of b, and a to b of all of a.</summary>
    /// <remarks>
    /// Of equal similarities a row chooses the one that stands first. Each direction computes its similarities once; where two differ
    /// by rounding alone, either may be chosen. Cost and memory: those of <see cref="Nearest{T}"/> with one neighbour, twice.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features.</param>
    /// <param name="b">columns x features.</param>
    /// <param name="metric">The metric, or a kernel.</param>
    /// <param name="options">Device, threads, treatment of NaN; null for the defaults.</param>
    /// <returns>The pairs in the order of a; none where a or b is empty.</returns>
    /// <inheritdoc cref="SimilarityMatrix.Compute" path="/exception"/>
    public static IReadOnlyList<MatchedPair> MutualNearest<T>(Tensor<T> a, Tensor<T> b, SimilarityMetric metric, GramOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(metric);
        (Tensor<T> rows, Tensor<T> columns, Kernel kernel) = metric.Prepare(a, b);
        if (rows.Lengths[0] == 0 || columns.Lengths[0] == 0) return [];
        using Execution execution = Execution.Begin<T>(options, "Matching.MutualNearest");
        (GramNeighbours<T> ofA, GramNeighbours<T> ofB) = HostExecution.Both(
            options ?? new GramOptions(), half => Gram.Neighbours(rows, columns, kernel, 1, (GramOptions)half), half => Gram.Neighbours(columns, rows, kernel, 1, (GramOptions)half));
        List<MatchedPair> pairs = [];
        for (int i = 0; i < rows.Lengths[0]; i++)
        {
            int j = ofA.Indices[i, 0];
            if (j >= 0 && ofB.Indices[j, 0] == i) pairs.Add(new(i, j, double.CreateChecked(ofA.Similarities[i, 0])));
        }

        execution.CompleteWhole<T>("the nearest of either side, in blocks that are not stored", 4.0 * rows.Lengths[0] * columns.FlattenedLength, 0);
        return pairs;
    }
}
