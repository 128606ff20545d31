using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>What dynamic time warping computes, and how and where.</summary>
public partial record class DtwOptions : ExecutionOptions
{
    /// <summary>What it costs to match two samples; the squared Euclidean distance by default.</summary>
    public PointCost Cost { get; init; } = PointCost.SquaredEuclidean;

    /// <summary>Whether the distance is the square root of the sum of costs; null (the default) for yes where costs are squared, and no otherwise.</summary>
    public bool? Root { get; init; }

    /// <summary>Which samples may be matched; all by default.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>The steps of which an alignment is made; <see cref="StepPattern.Symmetric1"/> by default.</summary>
    public StepPattern Step { get; init; } = StepPattern.Symmetric1;

    /// <summary>What may be left out at the ends; nothing by default.</summary>
    public WarpingEnds Ends { get; init; }

    /// <summary>What every step off the diagonal costs beside the samples (amerced warping), 0 or more; 0 by default.</summary>
    public double Penalty { get; init; }

    /// <summary>How series of several channels are aligned; as vectors by default.</summary>
    public ChannelAlignment Channels { get; init; }

    /// <summary>What to do with samples that are NaN or infinite; an error by default.</summary>
    public MissingSamples Missing { get; init; }

    /// <summary>Whether the end value is its square root.</summary>
    internal bool TakesRoot => Root ?? Cost == PointCost.SquaredEuclidean;

    /// <summary>The problem that these options state.</summary>
    /// <param name="isForPath">Whether a path is asked for, which depends on the order of the steps as well; sums do not, and a rule of three neighbours computes them fastest.</param>
    /// <exception cref="ArgumentException">Options contradict each other, or a number is out of its range.</exception>
    internal WarpingProblem Problem(bool isForPath = true)
    {
        ArgumentNullException.ThrowIfNull(Window);
        ArgumentNullException.ThrowIfNull(Step);
        if (!Enum.IsDefined(Cost)) throw new ArgumentException($"{nameof(Cost)}: {(int)Cost} is no point cost");
        if (!(Penalty >= 0) || double.IsInfinity(Penalty)) throw new ArgumentException(FormattableString.Invariant($"{nameof(Penalty)} is {Penalty}; it is a finite number of 0 or more"));
        if (Penalty > 0 && Step != StepPattern.Symmetric1)
        {
            throw new ArgumentException($"a {nameof(Penalty)} goes with {nameof(StepPattern)}.{nameof(StepPattern.Symmetric1)}; give the steps of '{Step}' weights of their own instead");
        }

        if (Ends.BeginX < 0 || Ends.EndX < 0 || Ends.BeginY < 0 || Ends.EndY < 0) throw new ArgumentException($"{nameof(Ends)} {Ends}: no end can be left open by a negative number of samples");
        if (Channels == ChannelAlignment.Independent && Cost == PointCost.Cosine) throw new ArgumentException("the cosine cost compares vectors, so channels cannot be aligned one by one; use Dependent");
        if (Missing == MissingSamples.Skip && Cost == PointCost.Cosine) throw new ArgumentException($"the cosine cost is that of whole vectors, of which no channel can be skipped; fill what is missing, or take another {nameof(Cost)}");
        return new()
        {
            Recurrence = Penalty > 0 ? WarpingRecurrence.Amerced
                : Means(StepPattern.Symmetric1) ? WarpingRecurrence.Symmetric1
                : Means(StepPattern.Symmetric2) ? WarpingRecurrence.Symmetric2
                : WarpingRecurrence.Pattern,
            Pattern = Step,
            Cost = Cost,
            A = Penalty,
            Window = Window,
            Ends = Ends,
            Finish = TakesRoot ? WarpingFinish.Root : WarpingFinish.None,
            Independent = Channels == ChannelAlignment.Independent,
            SkipsMissing = Missing == MissingSamples.Skip,
        };

        bool Means(StepPattern pattern) => ReferenceEquals(Step, pattern) || (!isForPath && Step.HasStepsOf(pattern));
    }
}
