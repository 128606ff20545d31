using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>What makes a view white: W of Wᵀ ((1 - c) S + (c + lambda) I) W = I, for the covariance S of the view, or the same of its correlations where columns are scaled.</summary>
/// <remarks>
/// By eigenvectors in columns of unit variance, so that neither the scale of a column nor a duplicate decides what is noise:
/// directions below a relative tolerance are left out, constant columns weigh 0.
/// </remarks>
/// <param name="Weights">columns x directions.</param>
/// <param name="Rank">The numerical rank of the view's correlations.</param>
/// <param name="Deviations">By column: the standard deviation; 0 where it is rounding.</param>
internal sealed record ViewWhitening(DenseMatrix Weights, int Rank, double[] Deviations)
{
    /// <summary>Directions that are left.</summary>
    public int Directions => Weights.Columns;

    /// <summary>Whitens.</summary>
    /// <param name="algebra">Who solves.</param>
    /// <param name="covariance">S, of degrees of freedom rows - 1.</param>
    /// <param name="magnitudes">Of every column, the mean: a deviation far below it is rounding.</param>
    /// <param name="ridge">lambda.</param>
    /// <param name="shrinkage">c.</param>
    /// <param name="isScaled">Whether ridge and shrinkage are of the correlations; of the covariances otherwise.</param>
    /// <param name="epsilon">A unit in the last place of 1 in the precision of the data.</param>
    public static ViewWhitening Of(
        in DenseAlgebra algebra, DenseMatrix covariance, ReadOnlySpan<double> magnitudes, double ridge, double shrinkage, bool isScaled, double epsilon)
    {
        int columns = covariance.Columns;
        double[] inverse = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            double deviation = Math.Sqrt(Math.Max(0, covariance[j, j]));
            inverse[j] = deviation > ViewRows.ConstantUnits * epsilon * Math.Abs(magnitudes[j]) ? 1 / deviation : 0;
        }

        int[] varying = [.. Enumerable.Range(0, columns).Where(j => inverse[j] > 0)];
        DenseMatrix correlation = new(varying.Length, varying.Length), regular = new(varying.Length, varying.Length);
        for (int a = 0; a < varying.Length; a++)
        {
            for (int b = 0; b < varying.Length; b++)
            {
                double value = a == b ? 1 : covariance[varying[a], varying[b]] * inverse[varying[a]] * inverse[varying[b]];
                correlation[a, b] = value;
                regular[a, b] = (1 - shrinkage) * value;
            }

            regular[a, a] += (ridge + shrinkage) * (isScaled ? 1 : inverse[varying[a]] * inverse[varying[a]]);
        }

        // Products of a column and its copy in the data's precision differ by the square of a rounding.
        double tolerance = Math.Max(columns * 32 * Epsilon.Float64, 64 * epsilon * epsilon);
        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(regular);
        int kept = Above(values, tolerance);
        int rank = ridge + shrinkage == 0 ? kept : Above(algebra.SymmetricEigen(correlation).Values, tolerance);
        DenseMatrix weights = new(columns, kept);
        for (int a = 0; a < varying.Length; a++)
        {
            for (int k = 0; k < kept; k++) weights[varying[a], k] = inverse[varying[a]] * vectors[a, k] / Math.Sqrt(values[k]);
        }

        return new(weights, rank, [.. inverse.Select(value => value > 0 ? 1 / value : 0)]);
    }

    private static int Above(double[] values, double tolerance) => values.Length == 0 ? 0 : values.Count(value => value > tolerance * values[0]);
}
