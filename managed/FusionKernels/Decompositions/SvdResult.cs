using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A = U diag(Values) Vᵀ.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="U">rows x values, or rows x rows: orthonormal columns, the entry of largest magnitude of each positive; null where no vectors were wanted.</param>
/// <param name="Values">The largest singular values, descending.</param>
/// <param name="V">columns x values, or columns x columns; null where no vectors were wanted.</param>
/// <param name="Route">How they were found and why, in words.</param>
public sealed record SvdResult<T>(Tensor<T>? U, Tensor<T> Values, Tensor<T>? V, string Route)
    where T : unmanaged
{
    /// <summary>|A V - U diag(values)| / |A| in the Frobenius norm, in float64 on the host; of a batch the largest of its items.</summary>
    /// <param name="a">The matrix that was decomposed: rows x columns; a batch as it was given.</param>
    /// <exception cref="ArgumentException">The matrix is of another shape.</exception>
    /// <exception cref="InvalidOperationException">There are no vectors.</exception>
    public double Residual(Tensor<T> a) => FactorChecks.SpectralResidual(a, U, Values, V);

    /// <summary>The largest element of |UᵀU - I| and of |VᵀV - I|, over all items of a batch; 0 where there are no vectors.</summary>
    public double Orthogonality() => U is null || V is null ? 0 : Math.Max(FactorChecks.Orthogonality(U), FactorChecks.Orthogonality(V));
}
