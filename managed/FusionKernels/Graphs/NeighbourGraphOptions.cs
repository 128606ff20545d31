namespace FusionKernels;

/// <summary>How a graph is made of nearest neighbours.</summary>
public sealed record NeighbourGraphOptions : ExecutionOptions
{
    /// <summary>When two nodes are joined.</summary>
    public GraphSymmetry Symmetry { get; init; } = GraphSymmetry.Union;

    /// <summary>What an edge weighs.</summary>
    public GraphWeights Weights { get; init; } = GraphWeights.LocalScaling;

    /// <summary>The neighbour whose distance scales a node's, 1 or more; 7 as published, or the last neighbour where there are fewer.</summary>
    public int ScalingNeighbour { get; init; } = 7;

    /// <summary>By row: whether it is there; null for all. An absent row is a node without edges, whatever is stored in it.</summary>
    public IReadOnlyList<bool>? Presence { get; init; }
}
