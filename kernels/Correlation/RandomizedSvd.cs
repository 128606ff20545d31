using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>The largest singular values by a randomized block Krylov range (Musco and Musco 2015, algorithm 2), begun again from what it found until the residual is small.</summary>
internal static class RandomizedSvd
{
    /// <summary>Columns of a block beyond those that are wanted.</summary>
    private const int Oversampling = 16;

    /// <summary>Blocks of a range: correlations decay slowly, and the polynomials of a Krylov range tell them apart where powers do not.</summary>
    private const int Blocks = 7;

    /// <summary>Ranges that are tried.</summary>
    private const int Ranges = 8;

    /// <summary>Residual over the largest value at which values have twelve digits.</summary>
    private const double Enough = 1e-6;

    /// <summary>
    /// Fᵀ c G = U diag(Values) Vᵀ, of the largest <paramref name="count"/> values, for the whitenings F and G of both sides; the
    /// same bits every time; null where it does not converge.
    /// </summary>
    /// <remarks>The product is never formed: blocks of a few columns pass through both triangles.</remarks>
    public static (DenseMatrix U, double[] Values, DenseMatrix V)? Of(DenseAlgebra algebra, Whitening left, DenseMatrix c, Whitening right, int count)
    {
        int least = Math.Min(left.Rank, right.Rank), width = Math.Min(count + Oversampling, least);
        DenseMatrix start = algebra.Qr(Forward(Gaussian(right.Rank, width))).Q;
        for (int range = 0; range < Ranges; range++)
        {
            DenseMatrix basis = Range(start);
            (DenseMatrix v, double[] values, DenseMatrix inner) = algebra.Svd(Back(basis), width);
            DenseMatrix u = algebra.Multiply(basis, inner), image = Forward(v);
            double residual = 0;
            for (int k = 0; k < count; k++)
            {
                double sum = 0;
                for (int i = 0; i < u.Rows; i++) sum += Math.Pow(image[i, k] - (values[k] * u[i, k]), 2);
                residual = Math.Max(residual, Math.Sqrt(sum));
            }

            if (residual <= Enough * values[0]) return (u.FirstColumns(count), values[..count], v.FirstColumns(count));
            start = u;
        }

        return null;

        DenseMatrix Forward(DenseMatrix block) => left.Apply(algebra, algebra.Multiply(c, right.Weights(algebra, block)));
        DenseMatrix Back(DenseMatrix block) => right.Apply(algebra, algebra.TransposedMultiply(c, left.Weights(algebra, block)));
        DenseMatrix Range(DenseMatrix block)
        {
            int blocks = Math.Clamp(least / width, 1, Blocks);
            DenseMatrix all = new(block.Rows, blocks * width);
            for (int at = 0; at < blocks; at++)
            {
                if (at > 0) block = algebra.Qr(Forward(Back(block))).Q;
                for (int i = 0; i < all.Rows; i++) block.Row(i).CopyTo(all.Row(i)[(at * width)..]);
            }

            return algebra.Qr(all).Q;
        }
    }

    private static DenseMatrix Gaussian(int rows, int columns)
    {
        DenseMatrix result = new(rows, columns);
        GaussianSketch.Fill<double>(RangeSearch.Seed, 0, columns, result.Elements);
        return result;
    }
}
