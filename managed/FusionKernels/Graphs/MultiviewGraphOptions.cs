using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>How one graph is made of the neighbours by several Gram matrices.</summary>
public sealed record MultiviewGraphOptions : ExecutionOptions
{
    /// <summary>When two nodes are joined.</summary>
    public GraphSymmetry Symmetry { get; init; } = GraphSymmetry.Union;

    /// <summary>What an edge weighs.</summary>
    public GraphWeights Weights { get; init; } = GraphWeights.LocalScaling;

    /// <summary>The neighbour whose distance scales a node's, 1 or more; 7 as published.</summary>
    public int ScalingNeighbour { get; init; } = 7;

    /// <summary>By view: the weight of its Gram matrix, 0 or more, some above 0; null for equal ones.</summary>
    public IReadOnlyList<double>? ViewWeights { get; init; }

    /// <summary>rows x views: which are there; null for all. What stands in an absent row changes nothing; a row of no view is a node without edges.</summary>
    public Tensor<bool>? Presence { get; init; }
}
