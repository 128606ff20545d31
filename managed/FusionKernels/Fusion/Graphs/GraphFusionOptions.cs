namespace FusionKernels;

/// <summary>How views are fused by a graph of their rows.</summary>
public sealed record GraphFusionOptions : ExecutionOptions
{
    /// <summary>How the graph is made.</summary>
    public GraphFusionMethod Method { get; init; }

    /// <summary>Neighbours of a row, 1 or more; where fewer other rows are there, all of them.</summary>
    public int Neighbours { get; init; } = 10;

    /// <summary>What a row takes from its neighbours, the rest from its own label or target; above 0, below 1. Lower than where few rows have labels.</summary>
    public double Alpha { get; init; } = 0.5;
}
