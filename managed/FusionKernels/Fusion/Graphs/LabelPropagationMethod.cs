namespace FusionKernels;

/// <summary>How labels spread over a graph.</summary>
public enum LabelPropagationMethod
{
    /// <summary>Local and global consistency: F = (1 - alpha) (I - alpha S)^-1 Y with S = D^-1/2 W D^-1/2; given labels may be outvoted (Zhou et al. 2004). The default.</summary>
    Consistency,

    /// <summary>Harmonic functions: each node has the mean of its neighbours, given labels stay as they are (Zhu, Ghahramani and Lafferty 2003).</summary>
    Harmonic,
}
