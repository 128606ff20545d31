using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of move-split-merge.</summary>
public sealed record class MsmOptions : ElasticOptions
{
    /// <summary>What a split or a merge costs, 0 or more; 1 by default.</summary>
    public double Cost { get; init; } = 1;

    private protected override WarpingProblem Measure(int channels) => new()
    {
        Recurrence = WarpingRecurrence.MoveSplitMerge,
        Cost = PointCost.Absolute,
        A = NonNegative(Cost, nameof(Cost)),
        Independent = channels > 1,
    };
}
