namespace FusionKernels;

/// <summary>What a node hears from its neighbours.</summary>
public enum GraphAggregation
{
    /// <summary>Their sum by the graph's weights: the mean, of a graph normalised by rows.</summary>
    Weighted,

    /// <summary>The largest of them, feature by feature.</summary>
    Maximum,
}
