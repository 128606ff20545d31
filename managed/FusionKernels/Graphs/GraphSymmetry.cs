namespace FusionKernels;

/// <summary>When two nodes are joined, of which one or both count the other among their nearest.</summary>
public enum GraphSymmetry
{
    /// <summary>When either does: no node with a neighbour is left alone. The default.</summary>
    Union,

    /// <summary>When both do: fewer edges across clusters, and perhaps nodes without any.</summary>
    Mutual,

    /// <summary>The edges of a node are to its own nearest: a directed graph.</summary>
    Directed,
}
