using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of edit distance on real sequences.</summary>
public sealed record class EdrOptions : ElasticOptions
{
    /// <summary>Samples nearer than this are the same, 0 or more; null (the default) for a quarter of the larger of the two series' standard deviations, over all channels.</summary>
    public double? Tolerance { get; init; }

    private protected override WarpingProblem Measure(int channels) => new()
    {
        Recurrence = WarpingRecurrence.Edit,
        Cost = Euclidean(channels),
        A = Tolerance is { } tolerance ? NonNegative(tolerance, nameof(Tolerance)) : double.NaN,
        Finish = WarpingFinish.PerLonger,
    };
}
