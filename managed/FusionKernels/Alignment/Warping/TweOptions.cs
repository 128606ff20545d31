using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of time warp edit distance.</summary>
public sealed record class TweOptions : ElasticOptions
{
    /// <summary>What a step of time costs (nu), 0 or more; 0.001 by default.</summary>
    public double Stiffness { get; init; } = 0.001;

    /// <summary>What leaving out a sample costs beside its distance from the one before (lambda), 0 or more; 1 by default.</summary>
    public double Penalty { get; init; } = 1;

    private protected override WarpingProblem Measure(int channels) => new()
    {
        Recurrence = WarpingRecurrence.TimeWarpEdit,
        Cost = Euclidean(channels),
        A = NonNegative(Stiffness, nameof(Stiffness)),
        B = NonNegative(Penalty, nameof(Penalty)),
    };
}
