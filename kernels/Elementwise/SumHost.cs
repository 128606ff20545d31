using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Sums of rows and of columns on the host, each in an order that depends on the shape and the vectors' width alone.</summary>
internal unsafe struct SumHost<T, TFunction> : IVectorJob<T>
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    /// <summary>Rows whose sum is closed before it meets the others', so that errors grow with the square root of that much less.</summary>
    private const int BlockRows = 64;

    private HostEngine _engine;
    private TFunction _function;
    private ElementOperand<T> _result, _a, _b;
    private int _rows, _columns, _lastColumns;
    private double _factor;
    private bool _ofColumns, _adds;
    private RunSettings _settings;

    /// <summary>Computes all sums.</summary>
    public static void Run(HostEngine engine, in SumCall<T, TFunction> call)
    {
        if (call.Result.Rows == 0 || call.Result.Columns == 0) return;
        string operation = call.Settings.Operation;
        SumHost<T, TFunction> job = new()
        {
            _engine = engine,
            _function = call.Function,
            _result = ElementOperand<T>.Of(engine, call.Result, operation),
            _a = ElementOperand<T>.Of(engine, call.A, operation),
            _b = ElementOperand<T>.Of(engine, call.B, operation),
            _rows = call.A.Rows,
            _columns = call.A.Columns,
            _lastColumns = call.LastColumns == 0 ? call.A.Columns : call.LastColumns,
            _factor = call.Factor,
            _ofColumns = call.OfColumns,
            _adds = call.Adds,
            _settings = call.Settings,
        };
        VectorDispatch.Run<T, SumHost<T, TFunction>>(engine.Width, ref job);
    }

    /// <inheritdoc/>
    readonly void IVectorJob<T>.Run<V>()
    {
        Job<V> job = new() { Host = this, Pieces = _ofColumns ? ElementPieces.OfColumns(_rows, _columns, 4 * V.Count) : ElementPieces.OfRows(_rows, _columns) };
        _engine.Run(ref job, job.Pieces.Count, _settings.Threads);
    }

    private struct Job<V> : IParallelJob
        where V : unmanaged, IHostVector<V, T>
    {
        public SumHost<T, TFunction> Host;
        public ElementPieces Pieces;

        public readonly void Run(int piece)
        {
            Host._settings.Cancellation.ThrowIfCancellationRequested();
            ElementPiece part = Pieces[piece];
            if (Host._ofColumns)
            {
                for (int column = (int)part.Column; column < part.ColumnEnd; column += V.Count)
                {
                    Host.Columns<V>(column, (int)Math.Min(V.Count, part.ColumnEnd - column));
                }
            }
            else
            {
                for (int row = (int)part.Row; row < part.RowEnd; row++) Host.Row<V>(row);
            }
        }
    }

    private readonly void Row<V>(int row)
        where V : unmanaged, IHostVector<V, T>
    {
        int columns = row == _rows - 1 ? _lastColumns : _columns;
        bool isScattered = _a.IsScattered || _b.IsScattered;
        T* room = Scratch.Get<T>(ScratchSlot.Elementwise, 2 * ElementOperand<T>.Room);
        double sum = 0;
        for (int j = 0; j < columns; j += ElementOperand<T>.Room)
        {
            int count = isScattered ? Math.Min(ElementOperand<T>.Room, columns - j) : columns;
            T* a = _a.Read<V>(row, j, count, room, out nint stepA);
            T* b = _b.Read<V>(row, j, count, room + ElementOperand<T>.Room, out nint stepB);
            sum += Sum<V>(_function, a, stepA, b, stepB, count);
            if (!isScattered) break;
        }

        T* at = _result.First + (row * _result.RowStride);
        *at = Element.Of<T>((sum * _factor) + (_adds ? Element.ToDouble(*at) : 0));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double Sum<V>(TFunction function, T* a, nint stepA, T* b, nint stepB, int count)
        where V : unmanaged, IHostVector<V, T>
    {
        // Two sums take turns, so that one need not wait for the other; the function stands here once, since the compiler does not inline a long one twice.
        V sum = default, other = default;
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
        {
            V value = function.Evaluate(V.Load(a + (i * stepA)), TFunction.Inputs > 1 ? V.Load(b + (i * stepB)) : default, default, default);
            (sum, other) = (other, sum + value);
        }

        double whole = Element.ToDouble(V.Sum(sum + other));
        return i == count ? whole : SumRest<V>(function, a + (i * stepA), b + (i * stepB), count - i, whole);
    }

    // A method of its own, for the same reason.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static double SumRest<V>(TFunction function, T* a, T* b, int rest, double sum)
        where V : unmanaged, IHostVector<V, T>
    {
        T* lanes = stackalloc T[V.Count];
        V.Store(function.Evaluate(V.LoadPartial(a, rest), TFunction.Inputs > 1 ? V.LoadPartial(b, rest) : default, default, default), lanes);
        for (int lane = 0; lane < rest; lane++) sum += Element.ToDouble(lanes[lane]);
        return sum;
    }

    /// <summary>Sums of a vector's width of columns.</summary>
    private readonly void Columns<V>(int column, int count)
        where V : unmanaged, IHostVector<V, T>
    {
        T* room = Scratch.Get<T>(ScratchSlot.Elementwise, 3 * ElementOperand<T>.Room);
        T* sums = room + (2 * ElementOperand<T>.Room);
        ColumnSums<V>(this, column, count, room, sums);
        T* at = _result.First + (column * _result.ColumnStride);
        for (int i = 0; i < count; i++, at += _result.ColumnStride)
        {
            *at = Element.Of<T>((Element.ToDouble(sums[i]) * _factor) + (_adds ? Element.ToDouble(*at) : 0));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void ColumnSums<V>(in SumHost<T, TFunction> host, int column, int count, T* room, T* sums)
        where V : unmanaged, IHostVector<V, T>
    {
        V total = default;
        for (int first = 0; first < host._rows; first += BlockRows)
        {
            V block = default;
            int end = Math.Min(first + BlockRows, host._rows);
            for (int row = first; row < end; row++)
            {
                V a = Load<V>(host._a, row, column, count, room);
                V b = TFunction.Inputs > 1 ? Load<V>(host._b, row, column, count, room) : default;
                block += host._function.Evaluate(a, b, default, default);
            }

            total += block;
        }

        V.Store(total, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<V>(in ElementOperand<T> operand, int row, int column, int count, T* room)
        where V : unmanaged, IHostVector<V, T>
    {
        T* at = operand.First + (row * operand.RowStride) + (column * operand.ColumnStride);
        if (operand.ColumnStride == 1) return count == V.Count ? V.Load(at) : V.LoadPartial(at, count);
        if (operand.ColumnStride == 0) return V.Broadcast(*at);
        for (int i = 0; i < count; i++) room[i] = at[i * operand.ColumnStride];
        return V.LoadPartial(room, count);
    }
}
