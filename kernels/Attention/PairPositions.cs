using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Where the queries and keys of a block stand, as numbers in lanes and rows: what masks by structure and ALiBi ask.</summary>
internal readonly unsafe struct PairPositions<V, T, TBlock, TSide>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TBlock : struct, ILaneBlock
    where TSide : struct, ILaneSide
{
    private const int Extent = 128;

    private readonly AttentionProblem _problem;
    private readonly int _item;
    private readonly T* _keys;
    private readonly T* _positions;
    private readonly T* _low;
    private readonly T* _high;
    private readonly T* _prefix;

    /// <summary>Lays out working memory.</summary>
    public PairPositions(AttentionProblem problem, int item, T* memory)
    {
        _problem = problem;
        _item = item;
        _keys = memory;
        _positions = _keys + Extent;
        _low = _positions + Extent;
        _high = _low + Extent;
        _prefix = _high + Extent;
    }

    /// <summary>Elements of working memory.</summary>
    public static int Elements
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 5 * Extent;
    }

    /// <summary>Where the working memory ends.</summary>
    public T* End => _prefix + Extent;

    private static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TBlock.Vectors * V.Count;
    }

    /// <summary>Tells which queries or keys lie in the lanes; the lanes beyond see nothing and are seen by nobody.</summary>
    public void TakeLanes(int start, int count)
    {
        if (TSide.OfQueries) TakeQueries(start, count, Lanes);
        else TakeKeys(start, count, Lanes);
    }

    /// <summary>Tells which keys or queries lie in the rows.</summary>
    public void TakeRows(int start, int count)
    {
        if (TSide.OfQueries) TakeKeys(start, count, count);
        else TakeQueries(start, count, count);
    }

    /// <summary>Sets every score whose pair structure masks to -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Mask(T* tile, int rows, bool hasPrefix)
    {
        V masked = V.Constant(double.NegativeInfinity);
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < Lanes; v += V.Count, tile += V.Count)
            {
                V key = OfKey(_keys, r, v), score = V.Load(tile);
                V banded = V.SelectLess(key, OfQuery(_low, r, v), masked, V.SelectLess(key, OfQuery(_high, r, v), score, masked));
                V.Store(hasPrefix ? V.SelectLess(key, OfQuery(_prefix, r, v), score, banded) : banded, tile);
            }
        }
    }

    /// <summary>Takes slope times the distance off every score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Penalize(T* tile, int rows, double slope)
    {
        V factor = V.Constant(-slope);
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < Lanes; v += V.Count, tile += V.Count)
            {
                V.Store(ScoreRules.Penalize<V, T>(factor, OfQuery(_positions, r, v), OfKey(_keys, r, v), V.Load(tile)), tile);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OfQuery(T* values, int row, int lane) => TSide.OfQueries ? V.Load(values + lane) : V.Broadcast(values[row]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OfKey(T* values, int row, int lane) => TSide.OfQueries ? V.Broadcast(values[row]) : V.Load(values + lane);

    private void TakeQueries(int start, int count, int extent)
    {
        T prefix = Element.Of<T>(_problem.PrefixOf(_item));
        for (int i = 0; i < extent; i++)
        {
            KeyRange range = i < count ? _problem.RangeOf(_item, start + i) : default;
            _low[i] = Element.Of<T>(range.Low);
            _high[i] = Element.Of<T>(range.High);
            _prefix[i] = i < count ? prefix : default;
            _positions[i] = Element.Of<T>(_problem.PositionOf(_item, start + i));
        }
    }

    // A key beyond the last stands behind every range.
    private void TakeKeys(int start, int count, int extent)
    {
        for (int i = 0; i < extent; i++) _keys[i] = Element.Of<T>(i < count ? start + i : 2 * AttentionProblem.LongestLength);
    }
}
