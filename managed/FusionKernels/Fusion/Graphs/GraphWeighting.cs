namespace FusionKernels;

/// <summary>What each of several graphs weighs; weights are 0 or more and add up to 1.</summary>
/// <remarks>The roughness of a graph is tr(Fᵀ L F) / |F|² of the scores F, over the nodes that it has edges of: 0 where joined nodes have equal scores.</remarks>
public enum GraphWeighting
{
    /// <summary>The least sum of weight times roughness, and a penalty on the sum of squared weights, scores and weights in turn: rough graphs get 0 (Karasuyama and Mamitsuka 2013). The default.</summary>
    Sparse,

    /// <summary>1 / (2 root of roughness), scores and weights in turn: auto-weighted multiple graphs (Nie, Li and Li 2016, equation 8).</summary>
    Smoothness,

    /// <summary>The same for all.</summary>
    Uniform,
}
