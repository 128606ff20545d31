using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Parameters of edit distance with real penalty.</summary>
public sealed record class ErpOptions : ElasticOptions
{
    /// <summary>What a sample that is left out is compared with, in every channel; 0 by default.</summary>
    public double Gap { get; init; }

    /// <summary>What samples left out at the begin cost; <see cref="ErpBorder.Total"/> by default.</summary>
    public ErpBorder Border { get; init; }

    private protected override WarpingProblem Measure(int channels) => double.IsFinite(Gap)
        ? new() { Recurrence = WarpingRecurrence.Gap, Cost = Euclidean(channels), A = Gap, SumsGapsSoFar = Border == ErpBorder.Cumulative }
        : throw new ArgumentException(FormattableString.Invariant($"{nameof(Gap)} is {Gap}; it is a finite number"));
}
