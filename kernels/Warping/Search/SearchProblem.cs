namespace FusionKernels.Kernels.Warping.Search;

/// <summary>What a search of a query in a stream looks for. Immutable.</summary>
internal sealed record SearchProblem
{
    /// <summary>What it costs to match two samples; not <see cref="PointCost.Cosine"/>, for no bound holds for it.</summary>
    public PointCost Cost { get; init; } = PointCost.SquaredEuclidean;

    /// <summary>Which samples of query and window may be matched; ranges of columns, without holes.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>What becomes of the end value.</summary>
    public WarpingFinish Finish { get; init; }

    /// <summary>Whether query and windows have mean 0 and standard deviation 1 before they are compared.</summary>
    public bool ZNormalizes { get; init; }

    /// <summary>Matches wanted.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How far apart the first samples of two matches are at least.</summary>
    public int Exclusion { get; init; } = 1;

    /// <summary>Whether a missing sample (NaN) costs nothing, channel by channel; elsewhere a window that holds one is no candidate.</summary>
    public bool SkipsMissing { get; init; }

    /// <summary>Whether every window is aligned to the end: the brute force with which tests compare.</summary>
    public bool IsExhaustive { get; init; }
}
