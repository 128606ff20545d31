namespace FusionKernels;

/// <summary>How Gram matrices are factored, and where; the device is that of the kernel's values, what follows is solved on the host in float64.</summary>
public record class KernelFactorOptions : ExecutionOptions
{
    /// <summary>The route; <see cref="KernelApproximation.Dense"/> by default.</summary>
    public KernelApproximation Approximation { get; init; }

    /// <summary>Columns of a low-rank factor, at most: pivots, rows drawn, or features (an even number); 100 by default.</summary>
    public int Rank { get; init; } = 100;

    /// <summary>Where incomplete Cholesky stops: what is left of the trace, as a share of it; 1e-10 by default.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Seed of what is drawn by Nystrom's method and of random features; 0 by default.</summary>
    public int Seed { get; init; }
}
