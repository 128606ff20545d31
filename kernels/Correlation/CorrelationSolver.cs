using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Solves linear correlations of two views from what was made of their rows.</summary>
/// <param name="algebra">Who computes.</param>
/// <param name="problem">What is asked for.</param>
internal sealed class CorrelationSolver(DenseAlgebra algebra, CorrelationProblem problem)
{
    /// <summary>Directions up to a share of which the largest are found by themselves.</summary>
    private const int FewShare = 4;

    /// <summary>From moments of two views.</summary>
    /// <param name="moments">The moments; two rows at least.</param>
    /// <param name="plan">The route so far.</param>
    /// <param name="hasRows">Whether the caller can take the route over rows instead.</param>
    /// <returns>The solution, or null and a plan that asks for rows.</returns>
    public CorrelationSolution? FromMoments(Moments moments, ref CorrelationPlan plan, bool hasRows)
    {
        double[][] deviations = [Deviations(moments, 0), Deviations(moments, 1)];
        DenseMatrix[] covariances = [Scaled(moments, 0, 0, deviations), Scaled(moments, 1, 1, deviations)];
        DenseMatrix cross = Scaled(moments, 0, 1, deviations);
        Whitening?[] whitenings = [Factored(covariances[0], deviations[0], moments.Precision), Factored(covariances[1], deviations[1], moments.Precision)];
        if (!problem.IsRegularised)
        {
            plan = plan.Measured(ConditionOf(whitenings[0]), ConditionOf(whitenings[1]), moments.Precision, problem.Route == CorrelationRoute.Auto, hasRows);
            if (plan.Route == CorrelationRoute.Qr) return null;
        }

        Whitening x = whitenings[0] ?? Spectral(covariances[0], 0, moments), y = whitenings[1] ?? Spectral(covariances[1], 1, moments);
        (DenseMatrix u, double[] values, DenseMatrix v) = Spectrum(x, cross, y, moments.Precision, ref plan);
        int kept = Components(x.Rank, y.Rank, moments.Count);
        DenseMatrix[] weights = [x.Weights(algebra, u.FirstColumns(kept)), y.Weights(algebra, v.FirstColumns(kept))];
        DenseMatrix[] own = [algebra.Multiply(covariances[0], weights[0]), algebra.Multiply(covariances[1], weights[1])];
        DenseMatrix[] other = [algebra.Multiply(cross, weights[1]), algebra.TransposedMultiply(cross, weights[0])];
        return Finish(values, weights, own, other, [moments.MeanOf(0), moments.MeanOf(1)], deviations, x, y, plan, moments.Count);
    }

    /// <summary>All correlations (by the randomized route the wanted ones), and the directions of those that are kept at least.</summary>
    /// <remarks>
    /// Where few are kept of float32 rows, the others are roots of eigenvalues of the products of columns, right to 2e-8 of the
    /// largest: below what such rows bear.
    /// </remarks>
    private (DenseMatrix U, double[] Values, DenseMatrix V) Spectrum(Whitening x, DenseMatrix cross, Whitening y, double precision, ref CorrelationPlan plan)
    {
        if (plan.Route == CorrelationRoute.Randomized)
        {
            int few = Math.Min(problem.Components ?? int.MaxValue, Math.Min(x.Rank, y.Rank));
            if (RandomizedSvd.Of(algebra, x, cross, y, few) is { } found) return found;
            plan = new(CorrelationRoute.HalfProduct, $"the randomized range of {few} components did not converge");
        }

        DenseMatrix whitened = y.Apply(algebra, x.Apply(algebra, cross).Transposed()).Transposed();
        int all = Math.Min(whitened.Rows, whitened.Columns), wanted = Math.Min(problem.Components ?? all, all);
        if (precision == Epsilon.Float64 || wanted > all / FewShare) return algebra.Svd(whitened);
        (DenseMatrix u, double[] top, DenseMatrix v) = algebra.Svd(whitened, wanted);
        double[] squares = algebra.SymmetricEigenvalues(algebra.MultiplySelf(whitened.Rows < whitened.Columns ? whitened.Transposed() : whitened));
        double[] values = [.. squares.Select(square => Math.Sqrt(Math.Max(0, square)))];
        top.CopyTo(values, 0);
        for (int i = top.Length; i < values.Length; i++) values[i] = Math.Min(values[i], values[i - 1]);
        return (u, values, v);
    }

    /// <summary>From rows that were centred (and scaled, where the problem says so) and then compressed: products of columns are what they were.</summary>
    public CorrelationSolution FromRows(CompressedRows rows, CorrelationPlan plan)
    {
        (SpectralWhitening x, DenseMatrix left) = Principal(rows.Views[0], 0, rows);
        (SpectralWhitening y, DenseMatrix right) = Principal(rows.Views[1], 1, rows);
        (DenseMatrix u, double[] values, DenseMatrix v) = algebra.Svd(algebra.TransposedMultiply(left, right));
        int kept = Components(x.Rank, y.Rank, rows.Count);
        DenseMatrix[] weights = [x.Weights(algebra, u.FirstColumns(kept)), y.Weights(algebra, v.FirstColumns(kept))];
        DenseMatrix[] variates = [algebra.Multiply(rows.Views[0], weights[0]), algebra.Multiply(rows.Views[1], weights[1])];
        DenseMatrix[] own = [Covariance(rows.Views[0], variates[0], rows.Count), Covariance(rows.Views[1], variates[1], rows.Count)];
        DenseMatrix[] other = [Covariance(rows.Views[0], variates[1], rows.Count), Covariance(rows.Views[1], variates[0], rows.Count)];
        return Finish(values, weights, own, other, rows.Means, rows.Deviations, x, y, plan, rows.Count);
    }

    /// <summary>
    /// Maps from columns to orthonormal coordinates of each view (over sqrt(rows - 1)), the canonical variates first and then a
    /// complement: columns x rank.
    /// </summary>
    public DenseMatrix[] Coordinates(Moments moments)
    {
        double[][] deviations = [Deviations(moments, 0), Deviations(moments, 1)];
        SpectralWhitening x = Spectral(Scaled(moments, 0, 0, deviations), 0, moments), y = Spectral(Scaled(moments, 1, 1, deviations), 1, moments);
        DenseMatrix whitened = y.Apply(algebra, x.Apply(algebra, Scaled(moments, 0, 1, deviations)).Transposed()).Transposed();
        (DenseMatrix u, _, DenseMatrix v) = algebra.Svd(whitened);
        DenseMatrix[] maps = [x.Weights(algebra, Completed(u)), y.Weights(algebra, Completed(v))];
        double unit = 1 / Math.Sqrt(moments.Count - 1);
        for (int view = 0; view < 2; view++)
        {
            for (int i = 0; i < maps[view].Rows; i++)
            {
                foreach (ref double value in maps[view].Row(i)) value *= unit * Factor(deviations[view][i]);
            }
        }

        return maps;
    }

    /// <summary>Orthonormal columns, and a basis of what they leave out behind them.</summary>
    private DenseMatrix Completed(DenseMatrix basis)
    {
        int missing = basis.Rows - basis.Columns;
        if (missing == 0) return basis;
        DenseMatrix complement = DenseMatrix.Identity(basis.Rows), projection = algebra.MultiplyTransposed(basis, basis);
        for (int i = 0; i < complement.Elements.Length; i++) complement.Elements[i] -= projection.Elements[i];
        DenseMatrix vectors = algebra.SymmetricEigen(complement, missing).Vectors, result = new(basis.Rows, basis.Rows);
        for (int i = 0; i < basis.Rows; i++)
        {
            basis.Row(i).CopyTo(result.Row(i));
            vectors.Row(i).CopyTo(result.Row(i)[basis.Columns..]);
        }

        return result;
    }

    /// <summary>Standard deviations of a view's columns; 0 where what varies is rounding.</summary>
    public static double[] Deviations(Moments moments, int view)
    {
        int offset = moments.Offset(view);
        double[] result = new double[moments.Widths[view]];
        // A float32 column that is constant leaves the rounding of its mean, whose square keeps about six digits of nothing.
        double noise = Math.Max(8 * Epsilon.Float64, moments.Precision / 128);
        for (int i = 0; i < result.Length; i++)
        {
            double deviation = Math.Sqrt(Math.Max(0, moments.Scatter[offset + i, offset + i]) / (moments.Count - 1));
            result[i] = deviation > noise * Math.Abs(moments.Mean[offset + i]) ? deviation : 0;
        }

        return result;
    }

    private double Factor(double deviation) => deviation == 0 ? 0 : problem.Scale ? 1 / deviation : 1;

    /// <summary>Covariances of two views, over standard deviations where the problem says so; 0 for columns that do not vary.</summary>
    public DenseMatrix Scaled(Moments moments, int left, int right, double[][] deviations)
    {
        DenseMatrix result = moments.Covariance(left, right);
        for (int i = 0; i < result.Rows; i++)
        {
            double factor = Factor(deviations[left][i]);
            for (int j = 0; j < result.Columns; j++) result[i, j] *= factor * Factor(deviations[right][j]);
        }

        return result;
    }

    /// <summary>By Cholesky, where no ridge hides the rank, every column varies and the condition leaves digits; else null.</summary>
    private CholeskyWhitening? Factored(DenseMatrix covariance, double[] deviations, double precision)
    {
        if (problem.IsRegularised || problem.RankTolerance is not null || deviations.Contains(0)) return null;
        return CholeskyWhitening.TryFactor(algebra, covariance) is { } factored && factored.Condition <= CorrelationPlan.MostCondition(precision) ? factored : null;
    }

    private static double ConditionOf(Whitening? whitening) => whitening?.Condition ?? double.PositiveInfinity;

    private SpectralWhitening Spectral(DenseMatrix covariance, int view, Moments moments)
    {
        double tolerance = problem.RankTolerance ?? Math.Sqrt(Math.Max(64, covariance.Rows) * moments.Precision);
        return SpectralWhitening.Of(algebra, covariance, tolerance, moments.Count, problem.Regularisation(view), problem.Operation, NameOf(view));
    }

    /// <summary>Principal directions of compressed rows, and their coordinates times the factors: rows x rank, over sqrt(rows - 1).</summary>
    private (SpectralWhitening Whitening, DenseMatrix Coordinates) Principal(DenseMatrix view, int number, CompressedRows rows)
    {
        (DenseMatrix u, double[] values, DenseMatrix v) = algebra.Svd(view);
        double tolerance = problem.RankTolerance ?? Math.Max(64, view.Columns) * rows.Precision;
        int rank = SpectralWhitening.RankOf(values, tolerance, rows.Count, problem.Operation, NameOf(number));
        double[] variances = [.. values.Take(rank).Select(value => value * value / (rows.Count - 1))];
        SpectralWhitening whitening = new(v.FirstColumns(rank), variances, problem.Regularisation(number));
        DenseMatrix coordinates = u.FirstColumns(rank);
        for (int i = 0; i < coordinates.Rows; i++)
        {
            for (int j = 0; j < rank; j++) coordinates[i, j] *= whitening.Factors[j] * Math.Sqrt(variances[j]);
        }

        return (whitening, coordinates);
    }

    private DenseMatrix Covariance(DenseMatrix view, DenseMatrix variates, long count)
    {
        DenseMatrix result = algebra.TransposedMultiply(view, variates);
        foreach (ref double value in result.Elements.AsSpan()) value /= count - 1;
        return result;
    }

    private string NameOf(int view) => view == 0 ? problem.NameX : problem.NameY;

    private int Components(int rankX, int rankY, long rows)
    {
        int rank = Math.Min(rankX, rankY);
        if (problem.Components is not { } wanted) return rank;
        if (wanted <= rank) return wanted;
        throw new ArgumentException(
            $"{wanted} components were asked for; '{problem.NameX}' has the numerical rank {rankX} and '{problem.NameY}' {rankY} over {rows} rows: ask for at most {rank}");
    }

    /// <summary>Brings variates to unit variance and their signs to the rule, and everything to the units of the columns.</summary>
    private CorrelationSolution Finish(
        double[] values,
        DenseMatrix[] weights,
        DenseMatrix[] own,
        DenseMatrix[] cross,
        double[][] means,
        double[][] deviations,
        Whitening x,
        Whitening y,
        CorrelationPlan plan,
        long rows)
    {
        for (int k = 0; k < weights[0].Columns; k++)
        {
            double toX = UnitVariance(weights[0], own[0], k), toY = UnitVariance(weights[1], own[1], k);
            toX *= Sign(weights[0], k);
            // The second view follows the first: r is 0 or more.
            if (toX < 0) toY = -toY;
            ScaleColumn(weights[0], k, toX);
            ScaleColumn(own[0], k, toX);
            ScaleColumn(cross[1], k, toX);
            ScaleColumn(weights[1], k, toY);
            ScaleColumn(own[1], k, toY);
            ScaleColumn(cross[0], k, toY);
        }

        for (int view = 0; view < 2; view++)
        {
            for (int i = 0; i < deviations[view].Length; i++)
            {
                double factor = Factor(deviations[view][i]), unit = factor == 0 ? 0 : 1 / factor;
                foreach (ref double value in weights[view].Row(i)) value *= factor;
                foreach (ref double value in own[view].Row(i)) value *= unit;
                foreach (ref double value in cross[view].Row(i)) value *= unit;
            }
        }

        return new()
        {
            Correlations = [.. values.Select(value => Math.Min(1, value))],
            Weights = weights,
            Own = own,
            Cross = cross,
            Means = means,
            Deviations = deviations,
            Ranks = [x.Rank, y.Rank],
            Conditions = [x.Condition, y.Condition],
            Plan = plan,
            Rows = rows,
        };
    }

    private static double UnitVariance(DenseMatrix weights, DenseMatrix own, int component)
    {
        double variance = 0;
        for (int i = 0; i < weights.Rows; i++) variance += weights[i, component] * own[i, component];
        return variance > 0 ? 1 / Math.Sqrt(variance) : 1;
    }

    /// <summary>The sign of the weight of largest magnitude; of equal ones, that of the first.</summary>
    private static double Sign(DenseMatrix weights, int component)
    {
        // Ties that differ by rounding alone are ties.
        const double tie = 1 + 1e-9;
        double largest = 0;
        for (int i = 0; i < weights.Rows; i++)
        {
            if (Math.Abs(weights[i, component]) > Math.Abs(largest) * tie) largest = weights[i, component];
        }

        return largest < 0 ? -1 : 1;
    }

    private static void ScaleColumn(DenseMatrix matrix, int column, double factor)
    {
        for (int i = 0; i < matrix.Rows; i++) matrix[i, column] *= factor;
    }
}
