using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Orthonormal columns that span most of a matrix's range: A is about Q Qᵀ A.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Basis">Q: rows x columns found.</param>
/// <param name="ErrorBound">The spectral norm of A - Q Qᵀ A is at most this, but for one time in 10^10 (Halko, Martinsson and Tropp 2011, section 4.3); usually about 8 times too large. 0 or more.</param>
/// <param name="Reached">Whether the bound is within the tolerance; true where none was asked for.</param>
/// <param name="Route">How it was found, in words.</param>
public sealed record RangeFinderResult<T>(Tensor<T> Basis, double ErrorBound, bool Reached, string Route)
    where T : unmanaged
{
    /// <summary>|A - Q Qᵀ A| / |A| in the Frobenius norm, in float64 on the host.</summary>
    /// <param name="a">The matrix that was searched.</param>
    /// <exception cref="ArgumentException">It is not of the basis' rows.</exception>
    public double Residual(Tensor<T> a)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (a.Rank != 2 || a.Lengths[0] != Basis.Lengths[0]) throw new ArgumentException($"'{nameof(a)}' is {Shape.Of(a.Lengths)}; a matrix of {Basis.Lengths[0]} rows was searched", nameof(a));
        DenseMatrix matrix = FactorChecks.Dense(a), basis = FactorChecks.Dense(Basis);
        DenseAlgebra algebra = FactorChecks.Algebra("RangeFinderResult.Residual");
        return DecompositionInput.RelativeDifference(matrix, algebra.Multiply(basis, algebra.TransposedMultiply(basis, matrix)));
    }

    /// <summary>The largest element of |QᵀQ - I|, in float64 on the host.</summary>
    public double Orthogonality() => FactorChecks.Orthogonality(Basis);
}
