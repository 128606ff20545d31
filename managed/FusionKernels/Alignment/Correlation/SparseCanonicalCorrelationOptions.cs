namespace FusionKernels;

/// <summary>How <see cref="SparseCanonicalCorrelation"/> is fitted.</summary>
public sealed record class SparseCanonicalCorrelationOptions : ExecutionOptions
{
    /// <summary>Components; 1 by default.</summary>
    public int Components { get; init; } = 1;

    /// <summary>The penalty of x; a lasso of 0.3 by default.</summary>
    public SparsePenalty PenaltyX { get; init; } = SparsePenalty.Lasso();

    /// <summary>The penalty of y; a lasso of 0.3 by default.</summary>
    public SparsePenalty PenaltyY { get; init; } = SparsePenalty.Lasso();

    /// <summary>Steps of a component at most; 500 by default.</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>A component has converged where the weights of y move by less in one step, in the L1 norm; 1e-8 by default.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Seed of the start; 0 by default.</summary>
    public int Seed { get; init; }
}
