using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>What the elastic measures have in common: where they run, and which samples they may match.</summary>
public abstract record class ElasticOptions : ExecutionOptions
{
    private protected ElasticOptions()
    {
    }

    /// <summary>Which samples may be matched; all by default. <see cref="LibraryWindows.Aeon"/> is the band that published values of these measures were computed with.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>What to do with samples that are NaN or infinite: <see cref="MissingSamples.Reject"/> (the default) or <see cref="MissingSamples.Propagate"/>.</summary>
    public MissingSamples Missing { get; init; }

    /// <summary>Euclidean point costs, in the form that computes fastest.</summary>
    private protected static PointCost Euclidean(int channels) => channels == 1 ? PointCost.Absolute : PointCost.Euclidean;

    /// <summary>A parameter of 0 or more, or what is wrong with it.</summary>
    private protected static double NonNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it is a finite number of 0 or more"));

    /// <summary>The problem that these options state for series of that many channels.</summary>
    /// <exception cref="ArgumentException">Options contradict each other, or a number is out of its range.</exception>
    internal WarpingProblem Problem(int channels)
    {
        ArgumentNullException.ThrowIfNull(Window);
        if (Missing == MissingSamples.Skip) throw new ArgumentException($"{nameof(MissingSamples)}.{nameof(MissingSamples.Skip)} has no meaning for this measure: fill the missing samples, or use {nameof(MissingSamples.Propagate)}");
        return Measure(channels) with { Window = Window };
    }

    /// <summary>The sample of a series that the first step of <see cref="Transform"/> stands for.</summary>
    internal virtual int FirstSample => 0;

    /// <summary>The series that the problem is stated for.</summary>
    internal virtual SeriesPack<T> Transform<T>(SeriesPack<T> series)
        where T : unmanaged => series;

    /// <summary>The measure without its window.</summary>
    private protected abstract WarpingProblem Measure(int channels);
}
