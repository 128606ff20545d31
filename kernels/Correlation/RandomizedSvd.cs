using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The largest singular values by a randomized range with power iterations (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1).</summary>
internal static class RandomizedSvd
{
    /// <summary>Columns beyond those that are wanted.</summary>
    private const int Oversampling = 16;

    /// <summary>Applications of a aᵀ: correlations decay slowly, and each squares the ratio of neighbours twice.</summary>
    private const int Powers = 6;

    /// <summary>a = U diag(Values) Vᵀ, of the largest <paramref name="count"/> values; the same bits every time.</summary>
    public static (DenseMatrix U, double[] Values, DenseMatrix V) Of(DenseAlgebra algebra, DenseMatrix a, int count)
    {
        int width = Math.Min(count + Oversampling, Math.Min(a.Rows, a.Columns));
        if (width == Math.Min(a.Rows, a.Columns)) return algebra.Svd(a, count);
        DenseMatrix basis = algebra.Range(a, width, Powers);
        (DenseMatrix u, double[] values, DenseMatrix v) = algebra.Svd(algebra.TransposedMultiply(basis, a), count);
        return (algebra.Multiply(basis, u), values, v);
    }
}
