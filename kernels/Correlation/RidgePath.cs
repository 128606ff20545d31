using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Many ridges on the same two views: principal directions once, then one SVD of a scaled matrix per ridge.</summary>
/// <param name="algebra">Who computes.</param>
/// <param name="problem">What is asked for; its ridges are not read.</param>
internal sealed class RidgePath(DenseAlgebra algebra, CorrelationProblem problem)
{
    /// <summary>The mean correlation of the components over held-out rows, for each ridge.</summary>
    public double[] Scores(Moments training, Moments held, IReadOnlyList<double> ridges)
    {
        double[][] deviations = [CorrelationSolver.Deviations(training, 0), CorrelationSolver.Deviations(training, 1)];
        CorrelationSolver solver = new(algebra, problem);
        (double[] Variances, DenseMatrix Vectors) x = Principal(solver, training, 0, deviations), y = Principal(solver, training, 1, deviations);
        DenseMatrix cross = Rotated(solver.Scaled(training, 0, 1, deviations), x.Vectors, y.Vectors);
        DenseMatrix heldX = Rotated(solver.Scaled(held, 0, 0, deviations), x.Vectors, x.Vectors);
        DenseMatrix heldY = Rotated(solver.Scaled(held, 1, 1, deviations), y.Vectors, y.Vectors);
        DenseMatrix heldCross = Rotated(solver.Scaled(held, 0, 1, deviations), x.Vectors, y.Vectors);
        int kept = Math.Min(problem.Components ?? int.MaxValue, Math.Min(x.Variances.Length, y.Variances.Length));
        double[] scores = new double[ridges.Count];
        for (int i = 0; i < scores.Length; i++)
        {
            double[] factorsX = Factors(x.Variances, ridges[i]), factorsY = Factors(y.Variances, ridges[i]);
            DenseMatrix whitened = new(cross.Rows, cross.Columns);
            for (int r = 0; r < cross.Rows; r++)
            {
                for (int c = 0; c < cross.Columns; c++) whitened[r, c] = factorsX[r] * cross[r, c] * factorsY[c];
            }

            (DenseMatrix u, _, DenseMatrix v) = algebra.Svd(whitened, kept);
            ScaleRows(u, factorsX);
            ScaleRows(v, factorsY);
            scores[i] = MeanCorrelation(u, v, heldX, heldY, heldCross);
        }

        return scores;
    }

    private (double[] Variances, DenseMatrix Vectors) Principal(CorrelationSolver solver, Moments training, int view, double[][] deviations)
    {
        DenseMatrix covariance = solver.Scaled(training, view, view, deviations);
        (double[] values, DenseMatrix vectors) = algebra.SymmetricEigen(covariance);
        double tolerance = problem.RankTolerance ?? Math.Sqrt(Math.Max(64, covariance.Rows) * training.Precision);
        int rank = SpectralWhitening.RankOf(values, tolerance * tolerance, training.Count, problem.Operation, view == 0 ? problem.NameX : problem.NameY);
        return (values[..rank], vectors.FirstColumns(rank));
    }

    private DenseMatrix Rotated(DenseMatrix covariance, DenseMatrix left, DenseMatrix right) =>
        algebra.Multiply(algebra.TransposedMultiply(left, covariance), right);

    private double[] Factors(double[] variances, double ridge) =>
        [.. variances.Select(variance => 1 / Math.Sqrt(((1 - problem.Shrinkage) * variance) + problem.Shrinkage + ridge))];

    private static void ScaleRows(DenseMatrix matrix, double[] factors)
    {
        for (int i = 0; i < factors.Length; i++)
        {
            foreach (ref double value in matrix.Row(i)) value *= factors[i];
        }
    }

    private double MeanCorrelation(DenseMatrix u, DenseMatrix v, DenseMatrix xx, DenseMatrix yy, DenseMatrix xy)
    {
        DenseMatrix ownX = algebra.Multiply(xx, u), ownY = algebra.Multiply(yy, v), both = algebra.Multiply(xy, v);
        double sum = 0;
        for (int k = 0; k < u.Columns; k++)
        {
            double varianceX = Dot(u, ownX, k), varianceY = Dot(v, ownY, k);
            // A variate that does not vary over the held-out rows predicts nothing there.
            if (varianceX > 0 && varianceY > 0) sum += Dot(u, both, k) / Math.Sqrt(varianceX * varianceY);
        }

        return sum / u.Columns;
    }

    private static double Dot(DenseMatrix a, DenseMatrix b, int column)
    {
        double sum = 0;
        for (int i = 0; i < a.Rows; i++) sum += a[i, column] * b[i, column];
        return sum;
    }
}
