namespace FusionKernels;

/// <summary>How similarity networks are fused. Devices compute distances and neighbours; the diffusion runs on the host.</summary>
public sealed record NetworkFusionOptions : ExecutionOptions
{
    /// <summary>Neighbours along which a network is diffused, the node itself among them; 2 or more. 20, as published; at most the nodes.</summary>
    public int Neighbours { get; init; } = 20;

    /// <summary>Iterations, 0 or more; 20, as published.</summary>
    public int Iterations { get; init; } = 20;

    /// <summary>Width of the affinities that are made of distances, above 0; 0.5, published for 0.3 to 0.8.</summary>
    public double Width { get; init; } = 0.5;

    /// <summary>rows x views: which are there; null for all. What stands in an absent row changes nothing.</summary>
    public System.Numerics.Tensors.Tensor<bool>? Presence { get; init; }
}
