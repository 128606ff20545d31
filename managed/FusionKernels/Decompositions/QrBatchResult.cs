using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A = Q R of many matrices.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Q">items x rows x min(rows, columns), columns orthonormal.</param>
/// <param name="R">items x min(rows, columns) x columns, upper triangular, diagonals 0 or more.</param>
/// <param name="Route">How they were computed, in words.</param>
public sealed record QrBatchResult<T>(Tensor<T> Q, Tensor<T> R, string Route)
    where T : unmanaged
{
    /// <summary>|A - Q R| / |A| in the Frobenius norm, the largest over the items, in float64 on the host.</summary>
    /// <param name="batch">The matrices that were factored: items x rows x columns.</param>
    /// <exception cref="ArgumentException">They are not of the factors' shape.</exception>
    public double Residual(Tensor<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return FactorChecks.FactorResidual(batch, Q, R);
    }

    /// <summary>The largest element of |QᵀQ - I| over the items, in float64 on the host.</summary>
    public double Orthogonality() => FactorChecks.Orthogonality(Q);
}
