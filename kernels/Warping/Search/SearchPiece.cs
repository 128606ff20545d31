using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>
/// Consecutive windows of a stream on their way through the cascade, one thread's. Windows are in the lanes of the vector: sample i
/// of all of them is one load. What the bounds leave is taken one by one through two tighter ones, then aligned.
/// </summary>
/// <remarks>
/// The cascade is that of the UCR Suite (Rakthanmanon et al. 2012), with the bounds of Lemire and of Webb and Petitjean behind it.
/// Envelopes are those of the stream, so they reach past a window's ends: that bounds less, but bounds.
/// </remarks>
internal unsafe struct SearchPiece<V, T, TCost>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
{
    /// <summary>Samples, in the query's order, between two looks at whether any window is left.</summary>
    private const int SamplesPerLook = 8;

    private readonly SearchQuery<T> _query;
    private readonly BoundedSeries<T> _bounded;
    private readonly int* _order;
    private readonly int _first;
    private readonly int _count;
    private readonly int _extent;

    /// <summary>The stream around the piece, from the first window's first sample; what lies before is reached by negative numbers.</summary>
    private readonly BoundedSeries<T> _stream;
    private readonly int _before;

    /// <summary>One window, as it is compared.</summary>
    private readonly BoundedSeries<T> _window;
    private readonly T* _centre;
    private readonly T* _scale;
    private readonly T* _shift;
    private readonly T* _slide;
    private readonly T* _work;
    private readonly T* _lanes;
    private SearchCandidates<V, T, TCost> _candidates;
    private bool _hasEnvelopes;
    private bool _hasInnerEnvelopes;
    private long _kim;
    private long _keoghOfWindow;
    private long _keoghOfQuery;
    private long _improved;
    private long _webb;

    /// <summary>Takes windows <paramref name="first"/> to <paramref name="end"/> - 1 of a stream.</summary>
    public SearchPiece(SearchProblem problem, SearchQuery<T> query, T* stream, int streamLength, int first, int end, SearchBest best)
    {
        (_query, _first, _count) = (query, first, end - first);
        _bounded = query.Bounded;
        _order = SearchQuery<T>.Address(query.Order);
        int length = query.Length, radius = query.Radius;

        // An envelope of envelopes looks two radii around.
        int from = (int)Math.Max(0, first - (2L * radius)), to = (int)Math.Min(streamLength, end - 1L + length + (2L * radius));
        (_before, _extent) = (first - from, to - from);
        T* memory = Scratch.Get<T>(ScratchSlot.Search, MemoryLength(_count, length, radius));
        _stream = new() { Values = Take(ref memory, _extent), Lower = Take(ref memory, _extent), Upper = Take(ref memory, _extent), LowerOfUpper = Take(ref memory, _extent), UpperOfLower = Take(ref memory, _extent) };
        _window = new() { Values = Take(ref memory, length), Lower = Take(ref memory, length), Upper = Take(ref memory, length), LowerOfUpper = Take(ref memory, length), UpperOfLower = Take(ref memory, length) };
        _centre = Take(ref memory, _count);
        _scale = Take(ref memory, _count);
        _shift = Take(ref memory, _count);
        _slide = Take(ref memory, BoundEnvelopes<V, T>.WorkLength(_extent, radius));
        _work = Take(ref memory, Bounds<V, T, TCost>.WorkLength(length, radius));
        _lanes = Take(ref memory, V.Count);
        _candidates = new(query, best, problem.Finish, problem.IsExhaustive, memory);
        new Span<T>(stream + from, _extent).CopyTo(new(_stream.Values, _extent));
        new Span<T>(_stream.Values + _extent, V.Count).Clear();
        Normalize(problem.ZNormalizes, stream, end);
    }

    /// <summary>What has become of the windows.</summary>
    public readonly DtwSearchLedger Ledger =>
        new(_count, _kim, _keoghOfWindow, _keoghOfQuery, _improved, _webb, _candidates.Abandoned, _candidates.Completed);

    /// <summary>Elements of working memory for so many windows.</summary>
    public static int MemoryLength(int windows, int length, int radius)
    {
        long extent = (long)windows + length + (4L * radius), spare = 16L * 2 * V.Count;
        long elements = (5 * extent) + (5L * length) + (3L * windows) + extent + (4L * radius) + Bounds<V, T, TCost>.WorkLength(length, radius)
            + SearchCandidates<V, T, TCost>.MemoryLength(length) + spare;
        return checked((int)elements);
    }

    /// <summary>Takes every window through the cascade.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public void Search()
    {
        for (int at = 0; at < _count; at += V.Count)
        {
            T limit = _candidates.Limit;
            V limits = V.Broadcast(limit);
            int windows = Math.Min(V.Count, _count - at);
            V bound = Kim(at, limits);
            if (windows < V.Count) bound = FirstLanes(bound, windows);
            if (!V.AnyLess(bound, limits))
            {
                _kim += windows;
                continue;
            }

            Cascade(at, windows, bound, limit);
        }

        _candidates.Flush();
    }

    /// <summary>Aligns every window to its end.</summary>
    public void SearchExhaustively()
    {
        for (int at = 0; at < _count; at++)
        {
            Window(_stream.Values + _before, at, _window.Values);
            _candidates.Add(_first + at, _window.Values);
        }

        _candidates.Flush();
    }

    /// <summary>The next part of a pointer's memory, from a cache line on, with room for a vector behind it.</summary>
    private static T* Take(ref T* memory, int length)
    {
        T* part = memory;
        memory += (length + (2 * V.Count) - 1) / V.Count * V.Count;
        return part;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Normalized(T* samples, V centre, V scale, V shift) => V.MultiplyAdd(V.Load(samples) - centre, scale, shift);

    private readonly void Normalize(bool normalizes, T* stream, int end)
    {
        if (normalizes)
        {
            double* sums = Scratch.Get<double>(ScratchSlot.Bounds, SearchNormalization<T>.WorkLength(_query.Length));
            SearchNormalization<T>.Compute(stream, _first, end, _query.Length, sums, _centre, _scale, _shift);
        }
        else
        {
            new Span<T>(_centre, _count).Clear();
            new Span<T>(_scale, _count).Fill(Element.Of<T>(1));
            new Span<T>(_shift, _count).Clear();
        }

        // Lanes beyond the last window compute zeros, which nobody reads.
        new Span<T>(_centre + _count, V.Count).Clear();
        new Span<T>(_scale + _count, V.Count).Clear();
        new Span<T>(_shift + _count, V.Count).Clear();
    }

    /// <summary>Both ends, a cell at a time inwards, until no window is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V Kim(int at, V limits)
    {
        T* samples = _stream.Values + _before + at;
        V centre = V.Load(_centre + at), scale = V.Load(_scale + at), shift = V.Load(_shift + at);
        T* query = _bounded.Values;
        int last = _query.Length - 1;
        V x0 = Normalized(samples, centre, scale, shift), y0 = V.Broadcast(query[0]);
        V bound = TCost.First(x0, y0);
        if (last == 0) return bound;
        V xLast = Normalized(samples + last, centre, scale, shift), yLast = V.Broadcast(query[last]);
        bound += TCost.First(xLast, yLast);
        if (last + 1 < BoundTerms<TCost, T>.ShortestWithEnds || !V.AnyLess(bound, limits)) return bound;
        V x1 = Normalized(samples + 1, centre, scale, shift), y1 = V.Broadcast(query[1]);
        bound += BoundTerms<TCost, T>.KimSecond(x0, x1, y0, y1);
        V xBefore = Normalized(samples + last - 1, centre, scale, shift), yBefore = V.Broadcast(query[last - 1]);
        bound += BoundTerms<TCost, T>.KimSecond(xLast, xBefore, yLast, yBefore);
        if (!V.AnyLess(bound, limits)) return bound;
        bound += BoundTerms<TCost, T>.KimThird(x0, x1, Normalized(samples + 2, centre, scale, shift), y0, y1, V.Broadcast(query[2]));
        return bound + BoundTerms<TCost, T>.KimThird(
            xLast, xBefore, Normalized(samples + last - 2, centre, scale, shift), yLast, yBefore, V.Broadcast(query[last - 2]));
    }

    /// <summary>The bound in the first lanes, infinity in the others.</summary>
    private readonly V FirstLanes(V bound, int count)
    {
        V.Store(V.Constant(double.PositiveInfinity), _lanes);
        V.StorePartial(bound, _lanes, count);
        return V.Load(_lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Cascade(int at, int windows, V kim, T limit)
    {
        V limits = V.Broadcast(limit), infinity = V.Constant(double.PositiveInfinity), zero = V.Constant(0);
        int left = Left(kim, limits);
        _kim += windows - left;
        V bound = KeoghOfWindow(at, V.SelectLess(kim, limits, zero, infinity), limits);
        int after = Left(bound, limits);
        _keoghOfWindow += left - after;
        if (after == 0) return;
        bound = KeoghOfQuery(at, V.SelectLess(bound, limits, zero, infinity), limits);
        left = Left(bound, limits);
        _keoghOfQuery += after - left;
        if (left == 0) return;
        V.Store(bound, _lanes);
        double below = Element.ToDouble(limit);
        for (int lane = 0; lane < windows; lane++)
        {
            if (Element.ToDouble(_lanes[lane]) < below) Refine(at + lane);
        }
    }

    /// <summary>Lanes whose bound is below the limit.</summary>
    private static int Left(V bound, V limits) => (int)Element.ToDouble(V.Sum(V.SelectLess(bound, limits, V.Constant(1), V.Constant(0))));

    /// <summary>The bound of Keogh from the windows to the query's envelope, from its furthest samples on; what is infinite stays so.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly V KeoghOfWindow(int at, V bound, V limits)
    {
        T* samples = _stream.Values + _before + at;
        V centre = V.Load(_centre + at), scale = V.Load(_scale + at), shift = V.Load(_shift + at);
        T* lower = _bounded.Lower, upper = _bounded.Upper;
        int* order = _order;
        int length = _query.Length;
        for (int k = 0; k < length;)
        {
            for (int end = Math.Min(k + SamplesPerLook, length); k < end; k++)
            {
                int i = order[k];
                bound = BoundTerms<TCost, T>.AddKeogh(bound, Normalized(samples + i, centre, scale, shift), V.Broadcast(lower[i]), V.Broadcast(upper[i]));
            }

            if (!V.AnyLess(bound, limits)) break;
        }

        return bound;
    }

    /// <summary>The bound of Keogh from the query to the windows' envelopes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private V KeoghOfQuery(int at, V bound, V limits)
    {
        if (!_hasEnvelopes)
        {
            _hasEnvelopes = true;
            BoundEnvelopes<V, T>.Lower(_stream.Values, _extent, _query.Radius, _slide, _stream.Lower);
            BoundEnvelopes<V, T>.Upper(_stream.Values, _extent, _query.Radius, _slide, _stream.Upper);
        }

        T* lower = _stream.Lower + _before + at, upper = _stream.Upper + _before + at;
        V centre = V.Load(_centre + at), scale = V.Load(_scale + at), shift = V.Load(_shift + at);
        T* query = _bounded.Values;
        int* order = _order;
        int length = _query.Length;
        for (int k = 0; k < length;)
        {
            for (int end = Math.Min(k + SamplesPerLook, length); k < end; k++)
            {
                int i = order[k];
                bound = BoundTerms<TCost, T>.AddKeogh(
                    bound, V.Broadcast(query[i]), Normalized(lower + i, centre, scale, shift), Normalized(upper + i, centre, scale, shift));
            }

            if (!V.AnyLess(bound, limits)) break;
        }

        return bound;
    }

    /// <summary>One window through the tighter bounds, and among the candidates if it passes.</summary>
    private void Refine(int at)
    {
        double limit = Element.ToDouble(_candidates.Limit);
        int length = _query.Length, radius = _query.Radius;
        Window(_stream.Values + _before, at, _window.Values);
        if (Element.ToDouble(Bounds<V, T, TCost>.Improved(_window.Values, _bounded, length, radius, _work)) >= limit)
        {
            _improved++;
            return;
        }

        if (!_hasInnerEnvelopes)
        {
            _hasInnerEnvelopes = true;
            BoundEnvelopes<V, T>.Lower(_stream.Upper, _extent, radius, _slide, _stream.LowerOfUpper);
            BoundEnvelopes<V, T>.Upper(_stream.Lower, _extent, radius, _slide, _stream.UpperOfLower);
        }

        Window(_stream.Lower + _before, at, _window.Lower);
        Window(_stream.Upper + _before, at, _window.Upper);
        Window(_stream.LowerOfUpper + _before, at, _window.LowerOfUpper);
        Window(_stream.UpperOfLower + _before, at, _window.UpperOfLower);
        if (Element.ToDouble(Bounds<V, T, TCost>.Webb(_window, _bounded, length, radius, _work)) >= limit)
        {
            _webb++;
            return;
        }

        _candidates.Add(_first + at, _window.Values);
    }

    /// <summary>One window of a sequence, as it is compared.</summary>
    private readonly void Window(T* sequence, int at, T* result)
    {
        V centre = V.Broadcast(_centre[at]), scale = V.Broadcast(_scale[at]), shift = V.Broadcast(_shift[at]);
        for (int i = 0; i < _query.Length; i += V.Count) V.Store(Normalized(sequence + at + i, centre, scale, shift), result + i);
    }
}
