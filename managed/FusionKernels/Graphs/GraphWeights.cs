namespace FusionKernels;

/// <summary>What an edge between neighbours weighs.</summary>
public enum GraphWeights
{
    /// <summary>exp(-d² / (s(i) s(j))) of the distance d, s being each node's distance to a near neighbour: local scaling (Zelnik-Manor and Perona 2004).</summary>
    LocalScaling,

    /// <summary>1.</summary>
    One,

    /// <summary>The kernel's value, which must then be 0 or more for what reads weights as similarities.</summary>
    Similarity,
}
