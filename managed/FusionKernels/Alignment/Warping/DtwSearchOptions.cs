using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;

namespace FusionKernels;

/// <summary>What a similarity search looks for, and how and where.</summary>
public record class DtwSearchOptions : ExecutionOptions
{
    /// <summary>Matches wanted, 1 or more; 1 by default. There may be fewer.</summary>
    public int Count { get; init; } = 1;

    /// <summary>How far apart the first samples of two matches are at least; null (the default) for half the query's length. 1 lets neighbouring windows match.</summary>
    public int? Exclusion { get; init; }

    /// <summary>Whether query and windows have mean 0 and standard deviation 1 (of the population), channel by channel, before they are compared; yes by default. A constant window becomes zeros.</summary>
    public bool ZNormalize { get; init; } = true;

    /// <summary>Which samples of query and window may be matched, a band; all by default. 5 % of the length is usual, and many times as fast.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>What it costs to match two samples; the squared Euclidean distance by default. Not <see cref="PointCost.Cosine"/>.</summary>
    public PointCost Cost { get; init; } = PointCost.SquaredEuclidean;

    /// <summary>Whether the distance is the square root of the sum of costs; null (the default) for yes where costs are squared, and no otherwise.</summary>
    public bool? Root { get; init; }

    /// <summary>
    /// What to do with samples that are NaN or infinite; an error by default. Where they propagate, a window that holds one is no match;
    /// skipped ones cost nothing, and means and deviations are those of the others.
    /// </summary>
    public MissingSamples Missing { get; init; }

    /// <summary>Whether every window is aligned, without bounds: what tests compare with.</summary>
    internal bool IsExhaustive { get; init; }

    /// <summary>The problem that these options state for queries of a length.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal SearchProblem Problem(int length)
    {
        ArgumentNullException.ThrowIfNull(Window);
        if (!Enum.IsDefined(Cost) || Cost == PointCost.Cosine) throw new ArgumentException($"{nameof(Cost)}: a search compares samples by SquaredEuclidean, Absolute or Euclidean, not by {Cost}");
        if (Count < 1) throw new ArgumentException($"{nameof(Count)} is {Count}; ask for 1 match or more");
        if (Exclusion < 0) throw new ArgumentException($"{nameof(Exclusion)} is {Exclusion}; it is a number of samples, 0 or more");
        return new()
        {
            Cost = Cost,
            Window = Window,
            Finish = Root ?? Cost == PointCost.SquaredEuclidean ? WarpingFinish.Root : WarpingFinish.None,
            ZNormalizes = ZNormalize,
            Count = Count,
            Exclusion = Math.Max(1, Exclusion ?? length / 2),
            SkipsMissing = Missing == MissingSamples.Skip,
            IsExhaustive = IsExhaustive,
        };
    }
}
