namespace FusionKernels;

/// <summary>How <see cref="CommonClock"/> puts series on one clock and learns from them.</summary>
public sealed record class CommonClockOptions : ExecutionOptions
{
    /// <summary>Steps of the common clock; null for the median length of the training series, at most 200.</summary>
    public int? Length { get; init; }

    /// <summary>Whether every view is warped to the first one that is present, by the path of their magnitudes. False by default.</summary>
    public bool Warp { get; init; }

    /// <summary>The kernel of the joint series. Global alignment by default.</summary>
    public SequenceKernel Kernel { get; init; } = SequenceKernel.GlobalAlignment;
}
