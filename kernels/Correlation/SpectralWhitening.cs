using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>F = V diag(factors) over the principal directions of a view that count: for any rank and any ridge.</summary>
/// <param name="vectors">The directions, columns x rank.</param>
/// <param name="variances">Their variances, in descending order, before any ridge.</param>
/// <param name="regularisation">What variances become: keep * variance + add.</param>
internal sealed class SpectralWhitening(DenseMatrix vectors, double[] variances, (double Keep, double Add) regularisation) : Whitening
{
    private readonly double[] _factors = [.. variances.Select(variance => 1 / Math.Sqrt((regularisation.Keep * variance) + regularisation.Add))];

    /// <inheritdoc/>
    public override int Rank => _factors.Length;

    /// <inheritdoc/>
    public override double Condition { get; } = ((regularisation.Keep * variances[0]) + regularisation.Add) / ((regularisation.Keep * variances[^1]) + regularisation.Add);

    /// <summary>What a coordinate along each direction is multiplied by.</summary>
    public IReadOnlyList<double> Factors => _factors;

    /// <summary>From covariances: eigenvectors whose standard deviation is above a share of the largest.</summary>
    /// <exception cref="NumericalException">No direction has any variance.</exception>
    public static SpectralWhitening Of(
        DenseAlgebra algebra, DenseMatrix covariance, double tolerance, long rows, (double Keep, double Add) regularisation, string operation, string name)
    {
        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(covariance);
        int rank = RankOf(values, tolerance * tolerance, rows, operation, name);
        return new(vectors.FirstColumns(rank), values[..rank], regularisation);
    }

    /// <summary>How many of descending values are above a share of the first, and no more than rows - 1.</summary>
    public static int RankOf(double[] values, double share, long rows, string operation, string name)
    {
        if (values.Length == 0 || !(values[0] > 0)) throw new NumericalException(operation, $"view '{name}'", "no column varies: there is nothing to correlate");
        int rank = values.Count(value => value > values[0] * share);
        return (int)Math.Min(rank, rows - 1);
    }

    /// <inheritdoc/>
    public override DenseMatrix Apply(DenseAlgebra algebra, DenseMatrix c)
    {
        DenseMatrix result = algebra.TransposedMultiply(vectors, c);
        for (int i = 0; i < result.Rows; i++)
        {
            foreach (ref double value in result.Row(i)) value *= _factors[i];
        }

        return result;
    }

    /// <inheritdoc/>
    public override DenseMatrix Weights(DenseAlgebra algebra, DenseMatrix u)
    {
        DenseMatrix scaled = u.Copy();
        for (int i = 0; i < scaled.Rows; i++)
        {
            foreach (ref double value in scaled.Row(i)) value *= _factors[i];
        }

        return algebra.Multiply(vectors, scaled);
    }
}
