namespace FusionKernels;

/// <summary>What to do with samples that are NaN or infinite.</summary>
public enum MissingSamples
{
    /// <summary>An <see cref="ArgumentException"/> that names the first one's series, time and channel: the default.</summary>
    Reject,

    /// <summary>The distance of a series that holds one is NaN, and so is all else that is computed from it; it is nobody's neighbour, and no match of a search.</summary>
    Propagate,

    /// <summary>NaN is a missing value and costs nothing, channel by channel, and <see cref="ExecutionReport.SkippedValues"/> tells how many there were; infinities are still rejected.</summary>
    Skip,
}
