namespace FusionKernels.Kernels.Warping.Search;

/// <summary>
/// The best matches so far, shared by the threads of a search. What it returns at the end depends on the candidates alone, in
/// whichever order they came: the nearest first, of equally near ones the first, none within the exclusion zone of one before it.
/// </summary>
/// <remarks>
/// A match chosen before can keep out at most one of several candidates that lie 2 exclusion - 1 or more apart. So the greatest
/// value of <c>count</c> such candidates bounds all matches from above; that is the limit, and it only falls. Without an exclusion
/// zone memory is that of the matches; with one, of all candidates below the limit.
/// </remarks>
/// <param name="count">Matches wanted, 1 or more.</param>
/// <param name="exclusion">How far apart the positions of two matches are at least.</param>
internal sealed class SearchBest(int count, int exclusion)
{
    private readonly Lock _lock = new();

    /// <summary>In order; <see cref="Separation"/> apart, and so many that their last one bounds the matches.</summary>
    private readonly List<SearchMatch> _anchors = [];

    /// <summary>All candidates that may be matches; unused where the anchors are those.</summary>
    private readonly List<SearchMatch> _candidates = [];

    private double _limit = double.PositiveInfinity;
    private int _candidatesAfterTrim;

    private int Separation => Math.Max(1, (2 * exclusion) - 1);

    private bool HasExclusion => count > 1 && exclusion > 1;

    /// <summary>No match has a greater end value; infinity while any may.</summary>
    public double Limit => Volatile.Read(ref _limit);

    /// <summary>Takes a candidate; one at an infinite distance is none.</summary>
    public void Offer(SearchMatch candidate)
    {
        if (!double.IsFinite(candidate.EndValue)) return;
        lock (_lock)
        {
            if (HasExclusion) _candidates.Add(candidate);
            Anchor(candidate);
            if (_candidates.Count > (2 * _candidatesAfterTrim) + 4096) Trim();
        }
    }

    /// <summary>The matches, in order.</summary>
    public SearchMatch[] ToArray()
    {
        if (!HasExclusion) return [.. _anchors];
        _candidates.Sort();
        List<SearchMatch> matches = [];
        foreach (SearchMatch candidate in _candidates)
        {
            if (matches.Count == count) break;
            if (matches.TrueForAll(match => Math.Abs((long)match.Position - candidate.Position) >= exclusion)) matches.Add(candidate);
        }

        return [.. matches];
    }

    private void Anchor(SearchMatch candidate)
    {
        int near = count == 1 ? 0 : Separation;
        foreach (SearchMatch anchor in _anchors)
        {
            if (Math.Abs((long)anchor.Position - candidate.Position) < near && anchor.CompareTo(candidate) < 0) return;
        }

        _anchors.RemoveAll(anchor => Math.Abs((long)anchor.Position - candidate.Position) < near);
        int place = _anchors.BinarySearch(candidate);
        _anchors.Insert(place < 0 ? ~place : place, candidate);
        if (_anchors.Count > count) _anchors.RemoveAt(count);
        if (_anchors.Count == count) Volatile.Write(ref _limit, Math.Min(_limit, _anchors.Max(anchor => anchor.EndValue)));
    }

    /// <summary>Drops the candidates above the limit, with room for a root that joins values.</summary>
    private void Trim()
    {
        double limit = _limit * (1 + 1e-5);
        _candidates.RemoveAll(candidate => candidate.EndValue > limit);
        _candidatesAfterTrim = _candidates.Count;
    }
}
