using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Products with sparse matrices, attention over their entries, and the gradients of both, on any engine.</summary>
/// <remarks>
/// <para>A sparse matrix is a pattern and entries x heads values; the value of a head weighs its block of the dense columns. Row i of a
/// graph's matrix is node i, its columns are the nodes that it hears. Every sum is in the order of the entries, so the bits do not
/// depend on threads; rows without entries give 0.</para>
/// <para>Segments are rows of a pattern whose columns are the elements: their sums and means are products without values.</para>
/// </remarks>
internal static unsafe class Graphs
{
    /// <summary>result = alpha A dense + beta result.</summary>
    /// <param name="engine">Who runs it.</param>
    /// <param name="pattern">A.</param>
    /// <param name="values">entries x heads, dense; absent for ones.</param>
    /// <param name="dense">columns x (heads width).</param>
    /// <param name="result">rows x (heads width).</param>
    /// <param name="isMean">Whether a row's sum is divided by its number of entries.</param>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="beta">Factor of what stands in the result, which is not read where this is 0.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Multiply<T>(
        Engine engine, ISparsePattern pattern, MatrixRef<T> values, MatrixRef<T> dense, MatrixRef<T> result, bool isMean, double alpha, double beta, in RunSettings settings)
        where T : unmanaged => Multiply(engine, pattern, pattern.ByRows, values, dense, result, isMean, alpha, beta, settings);

    /// <summary>result = alpha Aᵀ dense + beta result: the gradient of <see cref="Multiply{T}(Engine, ISparsePattern, MatrixRef{T}, MatrixRef{T}, MatrixRef{T}, bool, double, double, in RunSettings)"/> to its dense operand.</summary>
    /// <remarks>Where the product takes means, divide the gradient's rows by their numbers of entries first.</remarks>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MultiplyTransposed<T>(
        Engine engine, ISparsePattern pattern, MatrixRef<T> values, MatrixRef<T> dense, MatrixRef<T> result, double alpha, double beta, in RunSettings settings)
        where T : unmanaged => Multiply(engine, pattern, pattern.ByColumns, values, dense, result, isMean: false, alpha, beta, settings);

    /// <summary>result(row) = sum over its entries of values: rows x heads.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void SumRows<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> values, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged => Multiply(engine, pattern, pattern.EntriesOfRows, default, values, result, isMean: false, 1, 0, settings);

    /// <summary>result(column) = sum over its entries of values: columns x heads.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void SumColumns<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> values, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged => Multiply(engine, pattern, pattern.EntriesOfColumns, default, values, result, isMean: false, 1, 0, settings);

    /// <summary>result(entry, head) = left(its row, head's block) . right(its column, head's block): the gradient of a product to the values.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Dots<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> left, MatrixRef<T> right, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged
    {
        int heads = Math.Max(1, result.Columns);
        GraphPlan plan = GraphPlan.OfEntries(pattern, heads, left.Columns / heads, left, right, result, default, settings.Operation);
        Run(engine, pattern, plan, EntryStep.Dot, left, right, result, 0, settings);
    }

    /// <summary>result(entry, head) = left(its row, head) + right(its column, head), times the slope where negative.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Scores<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> left, MatrixRef<T> right, MatrixRef<T> result, double slope, in RunSettings settings)
        where T : unmanaged => Run(
            engine, pattern, GraphPlan.OfEntries(pattern, left.Columns, 1, left, right, result, default, settings.Operation), EntryStep.Score, left, right, result, slope, settings);

    /// <summary>From scores and their gradients those of the sums in them; <see cref="SumRows{T}"/> and <see cref="SumColumns{T}"/> bring them to rows and columns.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void ScoreGradients<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> scores, MatrixRef<T> gradients, MatrixRef<T> result, double slope, in RunSettings settings)
        where T : unmanaged => Run(
            engine, pattern, GraphPlan.OfEntries(pattern, scores.Columns, 1, default, default, scores, gradients, settings.Operation), EntryStep.ScoreGradient, scores, gradients, result, slope, settings);

    /// <summary>Softmax of scores over the entries of each row.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Softmax<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> scores, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged => Run(
            engine, pattern, GraphPlan.OfEntries(pattern, scores.Columns, 1, default, default, scores, result, settings.Operation), EntryStep.Softmax, scores, default, result, 0, settings);

    /// <summary>From a softmax and its gradients those of the scores.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void SoftmaxGradient<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> weights, MatrixRef<T> gradients, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged => Run(
            engine, pattern, GraphPlan.OfEntries(pattern, weights.Columns, 1, default, default, weights, gradients, settings.Operation), EntryStep.SoftmaxGradient, weights, gradients, result, 0, settings);

    /// <summary>result(row, j) = the largest dense(column, j) of its entries, and the first entry that it came through: 0 and -1 of none. NaN and -infinity are passed over.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Maximum<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> dense, MatrixRef<T> result, MatrixRef<int> entries, in RunSettings settings)
        where T : unmanaged
    {
        RequireMaxima(pattern, dense, result, entries, settings.Operation);
        Run(engine, pattern, pattern.ByRows, isGradient: false, dense, entries, result, settings);
    }

    /// <summary>From the gradient of maxima and their entries that of the dense operand.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void MaximumGradient<T>(Engine engine, ISparsePattern pattern, MatrixRef<T> gradient, MatrixRef<int> entries, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged
    {
        RequireMaxima(pattern, result, gradient, entries, settings.Operation);
        Run(engine, pattern, pattern.ByColumns, isGradient: true, gradient, entries, result, settings);
    }

    private static void Multiply<T>(
        Engine engine, ISparsePattern owner, in PatternOperand pattern, MatrixRef<T> values, MatrixRef<T> dense, MatrixRef<T> result, bool isMean, double alpha, double beta, in RunSettings settings)
        where T : unmanaged
    {
        GraphPlan plan = GraphPlan.Product(pattern, values, dense, result, settings.Operation);
        fixed (T* v = values, d = dense, r = result)
        {
            SparseProductCall<T> call = new()
            {
                Plan = plan,
                Pattern = pattern,
                Values = values.At(v),
                Dense = dense.At(d),
                Result = result.At(r),
                IsMean = isMean,
                Alpha = alpha,
                Beta = beta,
                Settings = settings,
            };
            engine.Execute(ref call);
        }

        GC.KeepAlive(owner);
    }

    private static void Run<T>(
        Engine engine, ISparsePattern pattern, in GraphPlan plan, EntryStep step, MatrixRef<T> first, MatrixRef<T> second, MatrixRef<T> result, double slope, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* f = first, s = second, r = result)
        {
            EntryCall<T> call = new()
            {
                Plan = plan,
                Step = step,
                Pattern = pattern.ByRows,
                First = first.At(f),
                Second = second.At(s),
                Result = result.At(r),
                Slope = slope,
                Settings = settings,
            };
            engine.Execute(ref call);
        }

        GC.KeepAlive(pattern);
    }

    private static void Run<T>(
        Engine engine, ISparsePattern owner, in PatternOperand pattern, bool isGradient, MatrixRef<T> dense, MatrixRef<int> entries, MatrixRef<T> result, in RunSettings settings)
        where T : unmanaged
    {
        fixed (T* d = dense, r = result)
        fixed (int* e = entries)
        {
            MaximumCall<T> call = new() { IsGradient = isGradient, Pattern = pattern, Dense = dense.At(d), Entries = entries.At(e), Result = result.At(r), Settings = settings };
            engine.Execute(ref call);
        }

        GC.KeepAlive(owner);
    }

    private static void RequireMaxima<T>(ISparsePattern pattern, MatrixRef<T> dense, MatrixRef<T> maxima, MatrixRef<int> entries, string operation)
        where T : unmanaged
    {
        GraphPlan.Product(pattern.ByRows, default, dense, maxima, operation);
        if (entries.Rows != maxima.Rows || entries.Columns != maxima.Columns || (entries.Columns > 1 && entries.ColumnStride != 1))
        {
            throw new ArgumentException($"{operation}: the maxima are {maxima.Rows} x {maxima.Columns}, their entries {entries.Rows} x {entries.Columns}");
        }

        const int MostOfARow = 1 << 24; // places within a row are kept in float32 on the host
        if (pattern.LongestRow > MostOfARow) throw new ArgumentException($"{operation}: a row has {pattern.LongestRow} entries; maxima are taken of up to {MostOfARow}");
    }
}
