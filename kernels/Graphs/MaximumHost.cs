using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>The largest of a row's neighbours in every dense column and the entry that it came through, dense columns in the lanes.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct MaximumHost<T> : IRowWork<T>
    where T : unmanaged
{
    private int* _starts;
    private int* _indices;
    private T* _dense;
    private T* _result;
    private int* _entries;
    private long _denseStride;
    private long _resultStride;
    private long _entriesStride;
    private int _columns;

    /// <summary>Computes the maxima.</summary>
    public static void Run(HostEngine engine, in MaximumCall<T> call)
    {
        string operation = call.Settings.Operation;
        MaximumHost<T> work = new()
        {
            _starts = engine.Resolve(call.Pattern.Starts, operation),
            _indices = engine.Resolve(call.Pattern.Indices, operation),
            _dense = engine.Resolve(call.Dense, operation),
            _result = engine.Resolve(call.Result, operation),
            _entries = engine.Resolve(call.Entries, operation),
            _denseStride = call.Dense.RowStride,
            _resultStride = call.Result.RowStride,
            _entriesStride = call.Entries.RowStride,
            _columns = call.Dense.Columns,
        };
        RowPieces.Run<T, MaximumHost<T>>(engine, call.Pattern, call.Dense.Columns, ref work, call.Settings);
    }

    /// <inheritdoc/>
    public readonly void Rows<V>(int first, int end)
        where V : unmanaged, IHostVector<V, T>
    {
        T* numbers = stackalloc T[V.Count];
        for (int row = first; row < end; row++)
        {
            for (int column = 0; column < _columns; column += V.Count) Columns<V>(row, column, Math.Min(V.Count, _columns - column), numbers);
        }
    }

    /// <summary>Entries are numbered within their row, from 1: exact in float32 up to the 2^24 that the plan allows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Columns<V>(int row, int column, int lanes, T* numbers)
        where V : unmanaged, IHostVector<V, T>
    {
        int start = _starts[row], end = _starts[row + 1];
        V largest = V.Constant(double.NegativeInfinity), taken = V.Constant(0), number = V.Constant(0), one = V.Constant(1);
        for (int entry = start; entry < end; entry++)
        {
            V value = V.LoadPartial(_dense + (_indices[entry] * _denseStride) + column, lanes);
            number += one;
            taken = V.SelectLess(largest, value, number, taken);
            largest = V.SelectLess(largest, value, value, largest);
        }

        V.StorePartial(V.SelectLess(taken, one, V.Constant(0), largest), _result + (row * _resultStride) + column, lanes);
        V.Store(taken, numbers);
        int* entries = _entries + (row * _entriesStride) + column;
        for (int lane = 0; lane < lanes; lane++)
        {
            int ordinal = (int)Element.ToDouble(numbers[lane]);
            entries[lane] = ordinal == 0 ? -1 : start + ordinal - 1;
        }
    }
}
