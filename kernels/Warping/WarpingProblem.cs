namespace FusionKernels.Kernels.Warping;

/// <summary>What is computed for every pair of series, whatever their lengths. Immutable.</summary>
internal sealed record WarpingProblem
{
    /// <summary>How a cell follows from its neighbours.</summary>
    public WarpingRecurrence Recurrence { get; init; } = WarpingRecurrence.Symmetric1;

    /// <summary>What it costs to match two samples.</summary>
    public PointCost Cost { get; init; } = PointCost.SquaredEuclidean;

    /// <summary>The parameter of the recurrence: penalty, steepness, gap value, tolerance, cost of a split, stiffness or smoothing; 0 where it has none.
    /// A tolerance of <see cref="WarpingRecurrence.Edit"/> that is NaN is a quarter of the pair's larger standard deviation.</summary>
    public double A { get; init; }

    /// <summary>The second parameter: the penalty of time warp edit distance; 0 for others.</summary>
    public double B { get; init; }

    /// <summary>Whether the border of <see cref="WarpingRecurrence.Gap"/> is what the samples left out so far cost, instead of all samples of the series.</summary>
    public bool SumsGapsSoFar { get; init; }

    /// <summary>Which pairs may be matched.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>What may be left out at the ends.</summary>
    public WarpingEnds Ends { get; init; }

    /// <summary>The steps, where <see cref="Recurrence"/> is <see cref="WarpingRecurrence.Pattern"/>.</summary>
    public StepPattern? Pattern { get; init; }

    /// <summary>What becomes of the end value.</summary>
    public WarpingFinish Finish { get; init; }

    /// <summary>Whether each channel is aligned on its own and the end values are added, instead of one alignment of vectors.</summary>
    public bool Independent { get; init; }

    /// <summary>Whether exchanging the series never changes the distance, so that all pairs of a set are half as many.</summary>
    public bool IsSymmetric => Window.IsSymmetric
        && Ends.BeginX == Ends.BeginY && Ends.EndX == Ends.EndY
        && (Recurrence != WarpingRecurrence.Pattern || Pattern!.IsSymmetric);

    /// <summary>Whether a missing sample (NaN) costs nothing, channel by channel.</summary>
    public bool SkipsMissing { get; init; }

    /// <summary>Whether a pair fits a lane: every path goes from corner to corner by the rule's three steps, within one range of columns for each row.</summary>
    public bool FitsLanes => Ends.IsClosed && !Window.HasHoles && Recurrence is not (WarpingRecurrence.Pattern or WarpingRecurrence.Soft or WarpingRecurrence.GlobalAlignment);
}
