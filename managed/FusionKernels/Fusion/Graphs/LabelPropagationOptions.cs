namespace FusionKernels;

/// <summary>How labels are spread. The device must be a host, or unset.</summary>
public sealed record LabelPropagationOptions : ExecutionOptions
{
    /// <summary>How labels spread.</summary>
    public LabelPropagationMethod Method { get; init; }

    /// <summary>Of <see cref="LabelPropagationMethod.Consistency"/>: what a node takes from its neighbours, the rest from its own label; above 0, below 1.</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>What each of several graphs weighs.</summary>
    public GraphWeighting Weighting { get; init; } = GraphWeighting.Sparse;

    /// <summary>Of <see cref="GraphWeighting.Sparse"/>: the penalty, in units of the graphs' mean roughness, above 0; a small one keeps the smoothest graph alone, a large one weighs all alike.</summary>
    public double WeightPenalty { get; init; } = 0.3;

    /// <summary>Rounds of scores and weights, at most.</summary>
    public int MaximumRounds { get; init; } = 50;

    /// <summary>The relative residual of the solves, and the largest change of a weight with which rounds end.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Iterations of a solve by conjugate gradients, at most.</summary>
    public int MaximumIterations { get; init; } = 2000;
}
