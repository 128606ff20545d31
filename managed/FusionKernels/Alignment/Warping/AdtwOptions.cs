using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of amerced dynamic time warping.</summary>
public sealed record class AdtwOptions : ElasticOptions
{
    /// <summary>What every step off the diagonal costs (omega), 0 or more; 1 by default.</summary>
    public double Penalty { get; init; } = 1;

    private protected override WarpingProblem Measure(int channels) => new() { Recurrence = WarpingRecurrence.Amerced, A = NonNegative(Penalty, nameof(Penalty)) };
}
