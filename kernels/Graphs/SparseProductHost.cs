using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Rows of a sparse-dense product: dense columns in the lanes, sums in registers, entries in their order.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe struct SparseProductHost<T> : IRowWork<T>
    where T : unmanaged
{
    /// <summary>Vectors of a tile: as many sums in flight as two multiply-adds a cycle with a latency of four need.</summary>
    private const int TileVectors = 8;

    /// <summary>The dense rows are read panel by panel of so many bytes, half an L2 of 1 MiB, where each is read more than once.</summary>
    private const long PanelBytes = 512 << 10;

    private int* _starts;
    private int* _indices;
    private int* _places;
    private T* _values;
    private T* _dense;
    private T* _result;
    private long _denseStride;
    private long _resultStride;
    private int _heads;
    private int _width;
    private int _panel;
    private bool _isMean;
    private double _alpha;
    private T _beta;
    private bool _adds;

    /// <summary>Computes the product.</summary>
    public static void Run(HostEngine engine, in SparseProductCall<T> call)
    {
        string operation = call.Settings.Operation;
        SparseProductHost<T> work = new()
        {
            _starts = engine.Resolve(call.Pattern.Starts, operation),
            _indices = engine.Resolve(call.Pattern.Indices, operation),
            _places = call.Pattern.Places.IsAbsent ? null : engine.Resolve(call.Pattern.Places, operation),
            _values = call.Values.IsAbsent ? null : engine.Resolve(call.Values, operation),
            _dense = engine.Resolve(call.Dense, operation),
            _result = engine.Resolve(call.Result, operation),
            _denseStride = call.Dense.RowStride,
            _resultStride = call.Result.RowStride,
            _heads = call.Plan.Heads,
            _width = call.Plan.Width,
            _panel = Panel(engine, call.Plan),
            _isMean = call.IsMean,
            _alpha = call.Alpha,
            _beta = Element.Of<T>(call.Beta),
            _adds = call.Beta != 0,
        };
        RowPieces.Run<T, SparseProductHost<T>>(engine, call.Pattern, call.Plan.DenseColumns, ref work, call.Settings);
    }

    /// <inheritdoc/>
    public readonly void Rows<V>(int first, int end)
        where V : unmanaged, IHostVector<V, T>
    {
        for (int panel = 0; panel < _width; panel += _panel)
        {
            int columns = Math.Min(_panel, _width - panel);
            for (int row = first; row < end; row++)
            {
                int start = _starts[row], count = _starts[row + 1] - start;
                V alpha = V.Broadcast(Element.Of<T>(_isMean && count > 0 ? _alpha / count : _alpha));
                for (int head = 0; head < _heads; head++)
                {
                    long column = ((long)head * _width) + panel;
                    Row(start, count, head, _dense + column, _result + (row * _resultStride) + column, columns, alpha);
                }
            }
        }
    }

    /// <summary>Whole tiles, then whole vectors, then what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<V>(int start, int count, int head, T* dense, T* result, int columns, V alpha)
        where V : unmanaged, IHostVector<V, T>
    {
        int column = 0;
        for (; column <= columns - (TileVectors * V.Count); column += TileVectors * V.Count) Tile(start, count, head, dense + column, result + column, alpha);
        for (; column <= columns - (2 * V.Count); column += 2 * V.Count)
        {
            V sum0 = default, sum1 = default;
            for (int entry = start; entry < start + count; entry++)
            {
                V weight = Weight<V>(entry, head);
                T* source = dense + column + (_indices[entry] * _denseStride);
                sum0 = V.MultiplyAdd(weight, V.Load(source), sum0);
                sum1 = V.MultiplyAdd(weight, V.Load(source + V.Count), sum1);
            }

            Store(sum0, alpha, result + column);
            Store(sum1, alpha, result + column + V.Count);
        }

        for (; column <= columns - V.Count; column += V.Count)
        {
            V sum = default;
            for (int entry = start; entry < start + count; entry++) sum = V.MultiplyAdd(Weight<V>(entry, head), V.Load(dense + column + (_indices[entry] * _denseStride)), sum);
            Store(sum, alpha, result + column);
        }

        if (column == columns) return;
        V last = default;
        int left = columns - column;
        for (int entry = start; entry < start + count; entry++) last = V.MultiplyAdd(Weight<V>(entry, head), V.LoadPartial(dense + column + (_indices[entry] * _denseStride), left), last);
        V.StorePartial(_adds ? V.MultiplyAdd(V.Broadcast(_beta), V.LoadPartial(result + column, left), alpha * last) : alpha * last, result + column, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Tile<V>(int start, int count, int head, T* dense, T* result, V alpha)
        where V : unmanaged, IHostVector<V, T>
    {
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (int entry = start; entry < start + count; entry++)
        {
            V weight = Weight<V>(entry, head);
            T* source = dense + (_indices[entry] * _denseStride);
            sum0 = V.MultiplyAdd(weight, V.Load(source), sum0);
            sum1 = V.MultiplyAdd(weight, V.Load(source + V.Count), sum1);
            sum2 = V.MultiplyAdd(weight, V.Load(source + (2 * V.Count)), sum2);
            sum3 = V.MultiplyAdd(weight, V.Load(source + (3 * V.Count)), sum3);
            sum4 = V.MultiplyAdd(weight, V.Load(source + (4 * V.Count)), sum4);
            sum5 = V.MultiplyAdd(weight, V.Load(source + (5 * V.Count)), sum5);
            sum6 = V.MultiplyAdd(weight, V.Load(source + (6 * V.Count)), sum6);
            sum7 = V.MultiplyAdd(weight, V.Load(source + (7 * V.Count)), sum7);
        }

        Store(sum0, alpha, result);
        Store(sum1, alpha, result + V.Count);
        Store(sum2, alpha, result + (2 * V.Count));
        Store(sum3, alpha, result + (3 * V.Count));
        Store(sum4, alpha, result + (4 * V.Count));
        Store(sum5, alpha, result + (5 * V.Count));
        Store(sum6, alpha, result + (6 * V.Count));
        Store(sum7, alpha, result + (7 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V Weight<V>(int entry, int head)
        where V : unmanaged, IHostVector<V, T>
    {
        if (_values is null) return V.Constant(1);
        long place = _places is null ? entry : _places[entry];
        return V.Broadcast(_values[(place * _heads) + head]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Store<V>(V sum, V alpha, T* result)
        where V : unmanaged, IHostVector<V, T> =>
        V.Store(_adds ? V.MultiplyAdd(V.Broadcast(_beta), V.Load(result), alpha * sum) : alpha * sum, result);

    /// <summary>Dense columns of a panel: all where the dense operand fits or each of its rows is read once, else whole tiles of the widest vectors.</summary>
    private static int Panel(HostEngine engine, in GraphPlan plan)
    {
        long bytes = (long)plan.Columns * plan.DenseColumns * sizeof(T);
        if (bytes <= PanelBytes || plan.Entries < 2L * plan.Columns) return Math.Max(1, plan.Width);
        int vector = (engine.Width == SimdWidth.Scalar ? sizeof(T) * 8 : 128 << ((int)engine.Width - 1)) / 8 / sizeof(T);
        int tile = TileVectors * vector;
        long columns = PanelBytes / ((long)plan.Columns * sizeof(T)) / tile * tile;
        return (int)Math.Clamp(columns, tile, Math.Max(tile, plan.Width));
    }
}
