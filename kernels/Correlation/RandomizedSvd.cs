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
        DenseMatrix basis = algebra.Qr(algebra.Multiply(a, Gaussian(a.Columns, width))).Q;
        for (int power = 0; power < Powers; power++)
        {
            DenseMatrix other = algebra.Qr(algebra.TransposedMultiply(a, basis)).Q;
            basis = algebra.Qr(algebra.Multiply(a, other)).Q;
        }

        (DenseMatrix u, double[] values, DenseMatrix v) = algebra.Svd(algebra.TransposedMultiply(basis, a), count);
        return (algebra.Multiply(basis, u), values, v);
    }

    private static DenseMatrix Gaussian(int rows, int columns)
    {
        Random random = new(17);
        DenseMatrix result = new(rows, columns);
        foreach (ref double value in result.Elements.AsSpan())
        {
            // Box and Muller: 1 - u is never 0.
            value = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        return result;
    }
}
