using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Collects candidates that no bound has removed until they fill the lanes of a vector, then aligns them together.</summary>
/// <remarks>One thread's; its memory is given by the caller.</remarks>
internal unsafe struct SearchCandidates<V, T, TCost>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
{
    private readonly SearchQuery<T> _query;
    private readonly SearchBest _best;
    private readonly WarpingFinish _finish;
    private readonly double _factor;
    private readonly bool _isExhaustive;
    private readonly T* _rows;
    private readonly T* _remaining;
    private readonly T* _cells;
    private readonly T* _lanes;
    private readonly int* _positions;
    private int _count;

    /// <summary>No candidates yet.</summary>
    /// <param name="query">The query.</param>
    /// <param name="best">Takes what is found.</param>
    /// <param name="finish">What becomes of an end value.</param>
    /// <param name="isExhaustive">Whether nothing is abandoned.</param>
    /// <param name="memory">Working memory of <see cref="MemoryLength"/>.</param>
    public SearchCandidates(SearchQuery<T> query, SearchBest best, WarpingFinish finish, bool isExhaustive, T* memory)
    {
        (_query, _best, _finish, _isExhaustive) = (query, best, finish, isExhaustive);
        _factor = SearchLimit.Factor<T>(query.Length);
        int rows = SearchLanes<V, T, TCost>.RowsLength(query.Length);
        _rows = memory;
        _remaining = _rows + rows;
        _cells = _remaining + rows;
        _lanes = _cells + rows;
        _positions = (int*)(_lanes + V.Count);
        new Span<T>(memory, rows).Clear();
    }

    /// <summary>Alignments given up.</summary>
    public long Abandoned { get; private set; }

    /// <summary>Alignments computed to the end.</summary>
    public long Completed { get; private set; }

    /// <summary>The limit that a bound must reach to remove a candidate, now.</summary>
    public readonly T Limit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SearchLimit.Of<T>(_isExhaustive ? double.PositiveInfinity : _best.Limit, _factor);
    }

    /// <summary>Elements of working memory.</summary>
    public static int MemoryLength(int length) => (3 * SearchLanes<V, T, TCost>.RowsLength(length)) + (2 * V.Count);

    /// <summary>Takes a candidate; aligns those that are there when the lanes are full.</summary>
    /// <param name="position">Its position.</param>
    /// <param name="samples">Its samples, as they are compared.</param>
    public void Add(int position, T* samples)
    {
        T* lane = _rows + _count;
        for (int i = 0; i < _query.Length; i++) lane[i * V.Count] = samples[i];
        _positions[_count++] = position;
        if (_count == V.Count) Flush();
    }

    /// <summary>Aligns those that are there.</summary>
    public void Flush()
    {
        if (_count == 0) return;
        T limit = Limit;
        for (int lane = 0; lane < V.Count; lane++) _lanes[lane] = lane < _count ? limit : default;
        V limits = V.Load(_lanes);
        SearchLanes<V, T, TCost>.Remaining(_rows, _query.Bounded, _query.Length, _remaining);
        if (SearchLanes<V, T, TCost>.Align(_rows, _remaining, _query, _cells, limits, _lanes))
        {
            Completed += _count;
            double bound = Element.ToDouble(limit);
            for (int lane = 0; lane < _count; lane++)
            {
                T value = _lanes[lane];
                if (Element.ToDouble(value) >= bound) continue;
                T distance = Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(_finish, Lanes1<T>.Broadcast(value), _query.Length, _query.Length));
                _best.Offer(new(Element.ToDouble(distance), _positions[lane], Element.ToDouble(value)));
            }
        }
        else
        {
            Abandoned += _count;
        }

        _count = 0;
    }
}
