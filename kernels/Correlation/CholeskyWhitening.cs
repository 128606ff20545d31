using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>F = L⁻ᵀ of S = L Lᵀ: for covariances of full rank.</summary>
internal sealed class CholeskyWhitening : Whitening
{
    /// <summary>Most steps of the power methods: an estimate within some percent, which is all a choice of route needs.</summary>
    private const int Steps = 20;

    /// <summary>Relative growth from step to step below which an estimate is near enough.</summary>
    private const double Growth = 1e-3;

    private readonly DenseMatrix _lower;

    private CholeskyWhitening(DenseMatrix lower, double condition) => (_lower, Condition) = (lower, condition);

    /// <inheritdoc/>
    public override int Rank => _lower.Rows;

    /// <inheritdoc/>
    public override double Condition { get; }

    /// <summary>Factors covariances; null where they are not positive definite.</summary>
    public static CholeskyWhitening? TryFactor(DenseAlgebra algebra, DenseMatrix covariance)
    {
        DenseMatrix lower;
        try
        {
            lower = algebra.Cholesky(covariance);
        }
        catch (NumericalException)
        {
            return null;
        }

        double largest = Extreme(algebra, covariance.Rows, v => algebra.Multiply(covariance, v));
        double inverse = Extreme(algebra, covariance.Rows, v => algebra.SolveLowerTransposed(lower, algebra.SolveLower(lower, v)));
        return new(lower, Math.Max(1, largest * inverse));
    }

    /// <inheritdoc/>
    public override DenseMatrix Apply(DenseAlgebra algebra, DenseMatrix c) => algebra.SolveLower(_lower, c);

    /// <inheritdoc/>
    public override DenseMatrix Weights(DenseAlgebra algebra, DenseMatrix u) => algebra.SolveLowerTransposed(_lower, u);

    /// <summary>The largest eigenvalue of a positive definite map, from below, by the power method from a fixed start.</summary>
    private static double Extreme(DenseAlgebra algebra, int size, Func<DenseMatrix, DenseMatrix> map)
    {
        DenseMatrix v = new(size, 1);
        // Uneven, so that no eigenvector of a structured matrix is orthogonal to it.
        for (int i = 0; i < size; i++) v[i, 0] = 1 + (0.5 * Math.Sin(i + 1));
        double value = 0;
        for (int step = 0; step < Steps; step++)
        {
            double length = Math.Sqrt(algebra.TransposedMultiply(v, v)[0, 0]);
            if (!(length > 0) || !double.IsFinite(length)) return double.PositiveInfinity;
            foreach (ref double entry in v.Elements.AsSpan()) entry /= length;
            v = map(v);
            double before = value;
            value = Math.Sqrt(algebra.TransposedMultiply(v, v)[0, 0]);
            if (value - before < Growth * value) return value;
        }

        return value;
    }
}
