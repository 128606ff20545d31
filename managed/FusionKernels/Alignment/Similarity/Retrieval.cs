using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Matching;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Evaluates retrieval between two sets: mean average precision, recall at 1, 5 and 10, median rank, in both directions.</summary>
/// <remarks>
/// <para>Relevant to a row is every row of the other set with its label; without labels, the row of its own index. Candidates rank by
/// similarity in descending order. The tie rule is pessimistic: among equal similarities what is not relevant ranks first, so
/// that neither the order of storage nor constant scores help; of several relevant ones any order gives the same figures.</para>
/// <para>Average precision is the mean over all that is relevant of (relevant up to it) / (its rank), with no cut-off. Recall at k is
/// the share of queries with at least one relevant candidate among the first k, as is usual between images and texts. Queries
/// that nothing is relevant to are counted and left out.</para>
/// <para>Ranks are counted on the host, in n m log(relevant) comparisons for each direction. Deterministic, for any number of threads.
/// NaN is rejected. Thread-safe. (Manning, Raghavan and Schütze 2008, chapter 8.)</para>
/// </remarks>
public static class Retrieval
{
    private const string Name = "Retrieval.Evaluate";

    /// <summary>Bytes of the rows of similarities that stand in memory at a time: rows enough for every thread, few enough for the caches behind them.</summary>
    private const long BlockBytes = 16 << 20;

    /// <summary>Evaluates a matrix of similarities of pairs: row i belongs to column i.</summary>
    /// <param name="similarities">n x n, greater is more similar.</param>
    /// <param name="options">Threads, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <exception cref="ArgumentException">The matrix is not square, is empty, or holds a value that is not finite.</exception>
    /// <inheritdoc cref="Evaluate{T}(Tensor{T}, ReadOnlySpan{int}, ReadOnlySpan{int}, ExecutionOptions?)"/>
    public static RetrievalResult Evaluate<T>(Tensor<T> similarities, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireFinite(similarities);
        MatrixRef<T> matrix = similarities.AsReadOnlyTensorSpan().AsMatrix(nameof(similarities));
        RequirePairs(matrix.Rows, matrix.Columns);
        return Evaluate(matrix, RetrievalRelevance.OfPairs, RetrievalRelevance.OfPairs, options);
    }

    /// <summary>Evaluates a matrix of similarities by labels.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="similarities">rows x columns, greater is more similar; any strides.</param>
    /// <param name="labelsA">One label for each row.</param>
    /// <param name="labelsB">One label for each column.</param>
    /// <param name="options">Threads, cancellation; null for the defaults. The device must be a host, or unset.</param>
    /// <returns>The figures of both directions.</returns>
    /// <exception cref="ArgumentException">The labels are not as many as rows and columns or have none in common, or a similarity is not finite.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static RetrievalResult Evaluate<T>(Tensor<T> similarities, ReadOnlySpan<int> labelsA, ReadOnlySpan<int> labelsB, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireFinite(similarities);
        MatrixRef<T> matrix = similarities.AsReadOnlyTensorSpan().AsMatrix(nameof(similarities));
        RequireLabels(labelsA, labelsB, matrix.Rows, matrix.Columns);
        return Evaluate(matrix, RetrievalRelevance.Of(labelsA, labelsB), RetrievalRelevance.Of(labelsB, labelsA), options);
    }

    /// <summary>Evaluates rows of pairs: row i of a belongs to row i of b. The similarities are never stored as a whole.</summary>
    /// <exception cref="ArgumentException">a and b differ in rows or features or have none, or as for <see cref="SimilarityMatrix.Compute"/>.</exception>
    /// <inheritdoc cref="Evaluate{T}(Tensor{T}, Tensor{T}, SimilarityMetric, ReadOnlySpan{int}, ReadOnlySpan{int}, ExecutionOptions?)"/>
    public static RetrievalResult Evaluate<T>(Tensor<T> a, Tensor<T> b, SimilarityMetric metric, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(metric);
        (Tensor<T> rows, Tensor<T> columns, Kernel kernel) = metric.Prepare(a, b);
        RequirePairs(rows.Lengths[0], columns.Lengths[0]);
        return Evaluate(rows, columns, kernel, RetrievalRelevance.OfPairs, RetrievalRelevance.OfPairs, options);
    }

    /// <summary>Evaluates rows by labels. The similarities are never stored as a whole: 16 MiB of them at a time.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">rows x features.</param>
    /// <param name="b">columns x features.</param>
    /// <param name="metric">The metric, or a kernel.</param>
    /// <param name="labelsA">One label for each row of a.</param>
    /// <param name="labelsB">One label for each row of b.</param>
    /// <param name="options">Device of the similarities, threads, cancellation; null for the defaults.</param>
    /// <returns>The figures of both directions.</returns>
    /// <exception cref="ArgumentException">The labels are not as many as rows or have none in common, or as for <see cref="SimilarityMatrix.Compute"/>.</exception>
    /// <exception cref="NumericalException">A row's norm, or the kernel of it, is beyond the range of the element type.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the rows and the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static RetrievalResult Evaluate<T>(
        Tensor<T> a, Tensor<T> b, SimilarityMetric metric, ReadOnlySpan<int> labelsA, ReadOnlySpan<int> labelsB, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(metric);
        (Tensor<T> rows, Tensor<T> columns, Kernel kernel) = metric.Prepare(a, b);
        RequireLabels(labelsA, labelsB, rows.Lengths[0], columns.Lengths[0]);
        return Evaluate(rows, columns, kernel, RetrievalRelevance.Of(labelsA, labelsB), RetrievalRelevance.Of(labelsB, labelsA), options);
    }

    private static RetrievalResult Evaluate<T>(MatrixRef<T> matrix, RetrievalRelevance ofA, RetrievalRelevance ofB, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = HostExecution.Begin<T>(options, Name);
        HostEngine engine = (HostEngine)execution.Engine;
        RetrievalResult result = new(
            Scores(RetrievalRanks<T>.OfMatrix(engine, ofA, matrix, execution.Parts)),
            Scores(RetrievalRanks<T>.OfMatrix(engine, ofB, matrix.Transposed, execution.Parts)));
        execution.CompleteWhole<T>("ranks within a matrix that is there", 0, 0);
        return result;
    }

    private static RetrievalResult Evaluate<T>(Tensor<T> a, Tensor<T> b, Kernel kernel, RetrievalRelevance ofA, RetrievalRelevance ofB, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = Execution.Begin<T>(options, Name);
        RetrievalResult result = new(Scores(Ranks(execution, a, b, kernel, ofA)), Scores(Ranks(execution, b, a, kernel, ofB)));
        execution.Complete<T>($"blocks of {BlockBytes >> 20} MiB, not stored", 4.0 * a.Lengths[0] * b.FlattenedLength, BlockBytes);
        return result;
    }

    private static RetrievalRanks<T> Ranks<T>(in Execution execution, Tensor<T> queries, Tensor<T> candidates, Kernel kernel, RetrievalRelevance relevance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixRef<T> x = queries.AsReadOnlyTensorSpan().AsMatrix(nameof(queries)), y = candidates.AsReadOnlyTensorSpan().AsMatrix(nameof(candidates));
        Kernel.Compiled compiled = kernel.Compile<T>(x.Columns);
        GramPlan plan = new(compiled.Program, x.Rows, y.Rows, x.Columns, y.Columns, symmetric: false, Element.SizeOf<T>());
        using GivenMatrices<T> given = new(compiled, plan.Rows, plan.Columns);
        RetrievalRanks<T> ranks = new((HostEngine)HostExecution.Device.Engine, relevance, plan.Rows, plan.Columns, execution.Settings.Threads);
        GramRowStream.Run(
            execution.Engine, plan, x, y, given.Operands, NonFiniteInput.Reject, 0, GramRowStream.BlockRows(plan, BlockBytes), ranks, execution.Settings with { Progress = null });
        return ranks;
    }

    private static RetrievalScores Scores<T>(RetrievalRanks<T> ranks)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => RetrievalScores.Of(ranks.AveragePrecisions, ranks.FirstRanks);

    private static void RequireFinite<T>(Tensor<T> similarities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(similarities);
        HostExecution.RequireElement<T>(Name);
        if (similarities.Rank != 2)
        {
            throw new ArgumentException($"'{nameof(similarities)}' is {Shape.Of(similarities.Lengths)}; a matrix (rows x columns) is needed", nameof(similarities));
        }

        for (int i = 0; i < similarities.Lengths[0]; i++)
        {
            for (int j = 0; j < similarities.Lengths[1]; j++)
            {
                if (!T.IsFinite(similarities[i, j])) throw new ArgumentException($"similarities[{i}, {j}] is {similarities[i, j]}: what has no rank cannot be found; a finite number is needed", nameof(similarities));
            }
        }
    }

    private static void RequirePairs(nint rows, nint columns)
    {
        if (rows != columns) throw new ArgumentException($"a has {rows} rows, b has {columns}: without labels row i of a belongs to row i of b, so that both need as many");
        if (rows == 0) throw new ArgumentException("a and b have no rows: there is nothing to find");
    }

    private static void RequireLabels(ReadOnlySpan<int> labelsA, ReadOnlySpan<int> labelsB, nint rows, nint columns)
    {
        if (labelsA.Length != rows) throw new ArgumentException($"there are {labelsA.Length} labels for the {rows} rows of a", nameof(labelsA));
        if (labelsB.Length != columns) throw new ArgumentException($"there are {labelsB.Length} labels for the {columns} rows of b", nameof(labelsB));
        HashSet<int> ofB = [.. labelsB];
        foreach (int label in labelsA)
        {
            if (ofB.Contains(label)) return;
        }

        throw new ArgumentException("a and b have no label in common: nothing is relevant to anything", nameof(labelsB));
    }
}
