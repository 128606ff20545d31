using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Eigenvalues of a symmetric pair, A x = value B x, and their vectors.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Values">The largest eigenvalues, descending; of a batch items x values.</param>
/// <param name="Vectors">size x values, of a batch items x size x values: vectors in columns with xᵀ B x = 1, orthogonal to each other in that product, the entry of largest magnitude of each positive; null where none were wanted.</param>
/// <param name="Route">How they were found and why, in words.</param>
public sealed record GeneralizedEigenResult<T>(Tensor<T> Values, Tensor<T>? Vectors, string Route)
    where T : unmanaged
{
    /// <summary>|A X - B X diag(values)| / (|A| |X|) in the Frobenius norm, in float64 on the host; of a batch the largest of its items.</summary>
    /// <param name="a">The first matrix of the pair: size x size; a batch as it was given.</param>
    /// <param name="b">The second one.</param>
    /// <exception cref="ArgumentException">A matrix is of another shape.</exception>
    /// <exception cref="InvalidOperationException">There are no vectors.</exception>
    public double Residual(Tensor<T> a, Tensor<T> b) => FactorChecks.PairResidual(a, b, Values, Vectors);

    /// <summary>The largest element of |Xᵀ B X - I|, over all items of a batch; 0 where there are no vectors.</summary>
    /// <param name="b">The second matrix of the pair: size x size.</param>
    /// <exception cref="ArgumentException">It is of another shape.</exception>
    public double Orthogonality(Tensor<T> b) => Vectors is null ? 0 : FactorChecks.Orthogonality(Vectors, b);
}
