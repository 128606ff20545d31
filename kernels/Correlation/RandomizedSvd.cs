using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The largest singular values by a randomized range with power iterations (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1).</summary>
internal static class RandomizedSvd
{
    /// <summary>Columns beyond those that are wanted.</summary>
    private const int Oversampling = 16;

    /// <summary>Applications of a aᵀ: correlations decay slowly, and each squares the ratio of neighbours twice.</summary>
    private const int Powers = 6;

    /// <summary>Fᵀ c G = U diag(Values) Vᵀ, of the largest <paramref name="count"/> values, for the whitenings F and G of both sides; the same bits every time.</summary>
    /// <remarks>The product is never formed: blocks of a few columns pass through both triangles, 8 operations each per element of c and column.</remarks>
    public static (DenseMatrix U, double[] Values, DenseMatrix V) Of(DenseAlgebra algebra, Whitening left, DenseMatrix c, Whitening right, int count)
    {
        int least = Math.Min(left.Rank, right.Rank), width = Math.Min(count + Oversampling, least);
        DenseMatrix basis = algebra.Qr(Forward(Gaussian(right.Rank, width))).Q;
        for (int power = 0; width < least && power < Powers; power++)
        {
            basis = algebra.Qr(Forward(algebra.Qr(Back(basis)).Q)).Q;
        }

        (DenseMatrix v, double[] values, DenseMatrix u) = algebra.Svd(Back(basis), count);
        return (algebra.Multiply(basis, u), values, v);

        DenseMatrix Forward(DenseMatrix block) => left.Apply(algebra, algebra.Multiply(c, right.Weights(algebra, block)));
        DenseMatrix Back(DenseMatrix block) => right.Apply(algebra, algebra.TransposedMultiply(c, left.Weights(algebra, block)));
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
