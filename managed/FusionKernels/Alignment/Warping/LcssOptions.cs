using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of the longest common subsequence.</summary>
public sealed record class LcssOptions : ElasticOptions
{
    /// <summary>The largest distance at which two samples are the same, 0 or more; 1 by default.</summary>
    public double Tolerance { get; init; } = 1;

    private protected override WarpingProblem Measure(int channels) => new()
    {
        Recurrence = WarpingRecurrence.CommonSubsequence,
        Cost = Euclidean(channels),
        A = NonNegative(Tolerance, nameof(Tolerance)),
        Finish = WarpingFinish.OneMinusPerShorter,
    };
}
