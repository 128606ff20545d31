using System.Numerics;

namespace FusionKernels;

/// <summary>How conjugate gradients run.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public record class ConjugateGradientsOptions<T> : ExecutionOptions
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The relative residual at which a right-hand side has converged; 1e-6 by default, above 0 and below 1.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Iterations at most; 1000 by default.</summary>
    public int MaximumIterations { get; init; } = 1000;

    /// <summary>A factor of the same rows and kernel, whose K + ridge I is inverted at every step: fewer iterations where the spectrum falls off; null (the default) for none.</summary>
    public IncompleteCholeskyFactor<T>? Preconditioner { get; init; }
}
