using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Elementwise operations on the host: rows, or one long row where all operands are dense, in pieces.</summary>
internal unsafe struct MapHost<T, TFunction> : IVectorJob<T>
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    private HostEngine _engine;
    private TFunction _function;
    private ElementOperand<T> _result, _a, _b, _c, _d;
    private long _rows, _columns;
    private bool _adds;
    private RunSettings _settings;

    /// <summary>Computes the whole result.</summary>
    public static void Run(HostEngine engine, in MapCall<T, TFunction> call)
    {
        if (call.Result.Rows == 0 || call.Result.Columns == 0) return;
        string operation = call.Settings.Operation;
        MapHost<T, TFunction> job = new()
        {
            _engine = engine,
            _function = call.Function,
            _result = ElementOperand<T>.Of(engine, call.Result, operation),
            _a = ElementOperand<T>.Of(engine, call.A, operation),
            _b = ElementOperand<T>.Of(engine, call.B, operation),
            _c = ElementOperand<T>.Of(engine, call.C, operation),
            _d = ElementOperand<T>.Of(engine, call.D, operation),
            _rows = call.Result.Rows,
            _columns = call.Result.Columns,
            _adds = call.Adds,
            _settings = call.Settings,
        };
        if (job._result.IsFlat(job._columns) && job._a.IsFlat(job._columns) && job._b.IsFlat(job._columns) && job._c.IsFlat(job._columns) && job._d.IsFlat(job._columns))
        {
            (job._rows, job._columns) = (1, job._rows * job._columns);
        }

        VectorDispatch.Run<T, MapHost<T, TFunction>>(engine.Width, ref job);
    }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        Job<V> job = new() { Map = this, Pieces = ElementPieces.Of(_rows, _columns) };
        _engine.Run(ref job, job.Pieces.Count, _settings.Threads);
    }

    private struct Job<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public MapHost<T, TFunction> Map;
        public ElementPieces Pieces;

        public readonly void Run(int piece)
        {
            Map._settings.Cancellation.ThrowIfCancellationRequested();
            ElementPiece part = Pieces[piece];
            for (long row = part.Row; row < part.RowEnd; row++) Map.Row<V>(row, part.Column, part.ColumnEnd);
        }
    }

    private readonly void Row<V>(long row, long column, long columnEnd)
        where V : unmanaged, IHostVector<V, T>
    {
        bool isScattered = _result.IsScattered || _a.IsScattered || _b.IsScattered || _c.IsScattered || _d.IsScattered;
        T* room = Scratch.Get<T>(ScratchSlot.Elementwise, 5 * ElementOperand<T>.Room);
        for (long j = column; j < columnEnd; j += ElementOperand<T>.Room)
        {
            long count = isScattered ? Math.Min(ElementOperand<T>.Room, columnEnd - j) : columnEnd - j;
            T* result = _result.Read<V>(row, j, _adds ? count : 0, room, out _);
            T* a = _a.Read<V>(row, j, count, room + ElementOperand<T>.Room, out nint stepA);
            T* b = _b.Read<V>(row, j, count, room + (2 * ElementOperand<T>.Room), out nint stepB);
            T* c = _c.Read<V>(row, j, count, room + (3 * ElementOperand<T>.Room), out nint stepC);
            T* d = _d.Read<V>(row, j, count, room + (4 * ElementOperand<T>.Room), out nint stepD);
            Evaluate<V>(_function, result, a, stepA, b, stepB, c, stepC, d, stepD, (int)count, _adds);
            if (!isScattered) return;
            if (!_result.IsScattered) continue;
            T* at = _result.First + (row * _result.RowStride) + (j * _result.ColumnStride);
            for (long i = 0; i < count; i++) at[i * _result.ColumnStride] = result[i];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Evaluate<V>(
        TFunction function, T* result, T* a, nint stepA, T* b, nint stepB, T* c, nint stepC, T* d, nint stepD, int count, bool adds)
        where V : unmanaged, IHostVector<V, T>
    {
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
        {
            V value = function.Evaluate(
                V.Load(a + (i * stepA)),
                TFunction.Inputs > 1 ? V.Load(b + (i * stepB)) : default,
                TFunction.Inputs > 2 ? V.Load(c + (i * stepC)) : default,
                TFunction.Inputs > 3 ? V.Load(d + (i * stepD)) : default);
            V.Store(adds ? V.Load(result + i) + value : value, result + i);
        }

        if (i < count) EvaluateRest<V>(function, result + i, a + (i * stepA), b + (i * stepB), c + (i * stepC), d + (i * stepD), count - i, adds);
    }

    // A method of its own: twice a long function is more than the compiler inlines.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void EvaluateRest<V>(TFunction function, T* result, T* a, T* b, T* c, T* d, int rest, bool adds)
        where V : unmanaged, IHostVector<V, T>
    {
        V value = function.Evaluate(
            V.LoadPartial(a, rest),
            TFunction.Inputs > 1 ? V.LoadPartial(b, rest) : default,
            TFunction.Inputs > 2 ? V.LoadPartial(c, rest) : default,
            TFunction.Inputs > 3 ? V.LoadPartial(d, rest) : default);
        V.StorePartial(adds ? V.LoadPartial(result, rest) + value : value, result, rest);
    }
}
