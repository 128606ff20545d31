namespace FusionKernels;

/// <summary>How series of several channels are aligned.</summary>
public enum ChannelAlignment
{
    /// <summary>One alignment of the samples as vectors: the default.</summary>
    Dependent,

    /// <summary>An alignment for each channel; their end values are added, then the root is taken.</summary>
    Independent,
}
