using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Eigenvalues of a symmetric matrix, and their vectors.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Values">The largest eigenvalues, descending; of a batch items x values.</param>
/// <param name="Vectors">size x values, of a batch items x size x values: unit eigenvectors in columns, the entry of largest magnitude of each positive; null where none were wanted.</param>
/// <param name="Route">How they were found and why, in words.</param>
public sealed record SymmetricEigenResult<T>(Tensor<T> Values, Tensor<T>? Vectors, string Route)
    where T : unmanaged
{
    /// <summary>|A V - V diag(values)| / |A| in the Frobenius norm, in float64 on the host; of a batch the largest of its items.</summary>
    /// <param name="a">The matrix that was decomposed: size x size; a batch as it was given.</param>
    /// <exception cref="ArgumentException">The matrix is of another shape.</exception>
    /// <exception cref="InvalidOperationException">There are no vectors.</exception>
    public double Residual(Tensor<T> a) => FactorChecks.SpectralResidual(a, Vectors, Values, Vectors);

    /// <summary>The largest element of |VᵀV - I|, over all items of a batch; 0 where there are no vectors.</summary>
    public double Orthogonality() => Vectors is null ? 0 : FactorChecks.Orthogonality(Vectors);
}
