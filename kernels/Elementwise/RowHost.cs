using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Operations on whole rows on the host; the order of a row's sums depends on its length and the vectors' width alone.</summary>
internal unsafe struct RowHost<T, TRule> : IVectorJob<T>
    where T : unmanaged
    where TRule : unmanaged, IRowRule<T>
{
    private HostEngine _engine;
    private TRule _rule;
    private ElementOperand<T> _result, _a, _b, _c, _d, _statistics;
    private int _rows, _columns;
    private bool _adds;
    private RunSettings _settings;

    /// <summary>Computes the whole result.</summary>
    public static void Run(HostEngine engine, in RowCall<T, TRule> call)
    {
        if (call.Result.Rows == 0 || call.Result.Columns == 0) return;
        string operation = call.Settings.Operation;
        RowHost<T, TRule> job = new()
        {
            _engine = engine,
            _rule = call.Rule,
            _result = ElementOperand<T>.Of(engine, call.Result, operation),
            _a = ElementOperand<T>.Of(engine, call.A, operation),
            _b = ElementOperand<T>.Of(engine, call.B, operation),
            _c = ElementOperand<T>.Of(engine, call.C, operation),
            _d = ElementOperand<T>.Of(engine, call.D, operation),
            _statistics = ElementOperand<T>.Of(engine, call.Statistics, operation),
            _rows = call.Result.Rows,
            _columns = call.Result.Columns,
            _adds = call.Adds,
            _settings = call.Settings,
        };
        if (job._result.IsScattered || job._a.IsScattered || job._b.IsScattered || job._c.IsScattered || job._d.IsScattered)
        {
            throw new ArgumentException($"{operation}: the columns of an operation on rows must be consecutive, or one that repeats.");
        }

        VectorDispatch.Run<T, RowHost<T, TRule>>(engine.Width, ref job);
    }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        Job<V> job = new() { Host = this, Pieces = ElementPieces.OfRows(_rows, _columns) };
        _engine.Run(ref job, job.Pieces.Count, _settings.Threads);
    }

    private struct Job<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public RowHost<T, TRule> Host;
        public ElementPieces Pieces;

        public readonly void Run(int piece)
        {
            Host._settings.Cancellation.ThrowIfCancellationRequested();
            ElementPiece part = Pieces[piece];
            for (long row = part.Row; row < part.RowEnd; row++) Host.Row<V>(row);
        }
    }

    private readonly void Row<V>(long row)
        where V : unmanaged, IHostVector<V, T>
    {
        T* room = Scratch.Get<T>(ScratchSlot.Elementwise, 4 * ElementOperand<T>.Room);
        RowOperands<V, T> operands = new()
        {
            A = _a.Read<V>(row, 0, _columns, room, out nint stepA),
            B = _b.Read<V>(row, 0, _columns, room + ElementOperand<T>.Room, out nint stepB),
            C = _c.Read<V>(row, 0, _columns, room + (2 * ElementOperand<T>.Room), out nint stepC),
            D = _d.Read<V>(row, 0, _columns, room + (3 * ElementOperand<T>.Room), out nint stepD),
        };
        (operands.StepA, operands.StepB, operands.StepC, operands.StepD) = (stepA, stepB, stepC, stepD);
        T statistic = Row(_rule, operands, _result.First + (row * _result.RowStride), _columns, _adds);
        if (_statistics.First is not null) _statistics.First[row * _statistics.RowStride] = statistic;
    }

    private static T Row<V>(TRule rule, in RowOperands<V, T> row, T* result, int columns, bool adds)
        where V : unmanaged, IHostVector<V, T>
    {
        V first = V.Broadcast(Element.Of<T>(First(rule, row, columns)));
        V second = TRule.HasSecond ? V.Broadcast(Element.Of<T>(Second(rule, row, columns, first))) : default;
        Write(rule, row, result, columns, adds, first, second);
        T* lanes = stackalloc T[V.Count];
        V.Store(rule.Statistic(first, second), lanes);
        return lanes[0];
    }

    // A method each: all together are more than the compiler inlines of rules with exponentials.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double First<V>(TRule rule, in RowOperands<V, T> row, int columns)
        where V : unmanaged, IHostVector<V, T>
    {
        int whole = columns / V.Count * V.Count, rest = columns - whole;
        V reduced = TRule.FirstIsLargest ? V.Constant(OnlineSoftmax.NoMaximum<T>()) : default;
        for (int i = 0; i < whole; i += V.Count)
        {
            V brought = rule.First(row.LoadA<TRule>(i), row.LoadB<TRule>(i), row.LoadC<TRule>(i), row.LoadD<TRule>(i));
            reduced = TRule.FirstIsLargest ? V.Max(reduced, brought) : reduced + brought;
        }

        double total = TRule.FirstIsLargest ? LargestLane.Of<V, T>(reduced) : Element.ToDouble(V.Sum(reduced));
        if (rest == 0) return total;
        T* lanes = stackalloc T[V.Count];
        V.Store(rule.First(row.PartA<TRule>(whole, rest), row.PartB<TRule>(whole, rest), row.PartC<TRule>(whole, rest), row.PartD<TRule>(whole, rest)), lanes);
        for (int i = 0; i < rest; i++) total = TRule.FirstIsLargest ? Math.Max(total, Element.ToDouble(lanes[i])) : total + Element.ToDouble(lanes[i]);
        return total;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double Second<V>(TRule rule, in RowOperands<V, T> row, int columns, V first)
        where V : unmanaged, IHostVector<V, T>
    {
        int whole = columns / V.Count * V.Count, rest = columns - whole;
        V sums = default;
        for (int i = 0; i < whole; i += V.Count)
        {
            sums += rule.Second(row.LoadA<TRule>(i), row.LoadB<TRule>(i), row.LoadC<TRule>(i), row.LoadD<TRule>(i), first);
        }

        double total = Element.ToDouble(V.Sum(sums));
        if (rest == 0) return total;
        T* lanes = stackalloc T[V.Count];
        V.Store(rule.Second(row.PartA<TRule>(whole, rest), row.PartB<TRule>(whole, rest), row.PartC<TRule>(whole, rest), row.PartD<TRule>(whole, rest), first), lanes);
        for (int i = 0; i < rest; i++) total += Element.ToDouble(lanes[i]);
        return total;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Write<V>(TRule rule, in RowOperands<V, T> row, T* result, int columns, bool adds, V first, V second)
        where V : unmanaged, IHostVector<V, T>
    {
        int whole = columns / V.Count * V.Count, rest = columns - whole;
        for (int i = 0; i < whole; i += V.Count)
        {
            V value = rule.Result(row.LoadA<TRule>(i), row.LoadB<TRule>(i), row.LoadC<TRule>(i), row.LoadD<TRule>(i), first, second);
            V.Store(adds ? V.Load(result + i) + value : value, result + i);
        }

        if (rest > 0)
        {
            V value = rule.Result(
                row.PartA<TRule>(whole, rest), row.PartB<TRule>(whole, rest), row.PartC<TRule>(whole, rest), row.PartD<TRule>(whole, rest), first, second);
            V.StorePartial(adds ? V.LoadPartial(result + whole, rest) + value : value, result + whole, rest);
        }
    }
}

/// <summary>Where the operands of one row lie, and the steps that they are read with.</summary>
internal unsafe struct RowOperands<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>The first operand.</summary>
    public T* A;

    /// <summary>The second operand.</summary>
    public T* B;

    /// <summary>The third operand.</summary>
    public T* C;

    /// <summary>The fourth operand.</summary>
    public T* D;

    /// <summary>The steps: 1, or 0 for a value that repeats.</summary>
    public nint StepA, StepB, StepC, StepD;

    /// <summary>A vector of the first operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V LoadA<TRule>(int i)
        where TRule : unmanaged, IRowRule<T> => V.Load(A + (i * StepA));

    /// <summary>A vector of the second operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V LoadB<TRule>(int i)
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 1 ? V.Load(B + (i * StepB)) : default;

    /// <summary>A vector of the third operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V LoadC<TRule>(int i)
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 2 ? V.Load(C + (i * StepC)) : default;

    /// <summary>A vector of the fourth operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly V LoadD<TRule>(int i)
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 3 ? V.Load(D + (i * StepD)) : default;

    /// <summary>The rest of the first operand.</summary>
    public readonly V PartA<TRule>(int i, int rest)
        where TRule : unmanaged, IRowRule<T> => V.LoadPartial(A + (i * StepA), rest);

    /// <summary>The rest of the second operand.</summary>
    public readonly V PartB<TRule>(int i, int rest)
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 1 ? V.LoadPartial(B + (i * StepB), rest) : default;

    /// <summary>The rest of the third operand.</summary>
    public readonly V PartC<TRule>(int i, int rest)
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 2 ? V.LoadPartial(C + (i * StepC), rest) : default;

    /// <summary>The rest of the fourth operand.</summary>
    public readonly V PartD<TRule>(int i, int rest)
        where TRule : unmanaged, IRowRule<T> => TRule.Inputs > 3 ? V.LoadPartial(D + (i * StepD), rest) : default;
}
