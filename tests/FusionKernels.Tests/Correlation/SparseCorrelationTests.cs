using System.Numerics.Tensors;
using FusionKernels.Kernels.Correlation;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>The penalised matrix decomposition: its limits, its optimality conditions, and what it finds.</summary>
[TestFixture]
internal sealed class SparseCorrelationTests
{
    [Test]
    public void Without_a_penalty_it_is_the_singular_value_decomposition_of_the_correlations()
    {
        Matrix<double>[] views = CorrelatedViews.Matrices(50, [6, 4], 1);
        Matrix<double> z = Standardised(views[0]).TransposeThisAndMultiply(Standardised(views[1])) / 49;
        double[] expected = [.. z.Svd().S.Take(3)];
        SparseCanonicalCorrelation model = Fit(views, new() { Components = 3, PenaltyX = SparsePenalty.Lasso(1), PenaltyY = SparsePenalty.Lasso(1), MaxIterations = 5000 });
        Assert.That(model.Converged, Is.All.True);
        Assert.That(model.SingularValues, Is.EqualTo(expected).AsCollection.Within(1e-8));
    }

    [TestCase(40, 12, 9)]
    [TestCase(15, 120, 90)] // wide: Z is applied, not stored
    public void Weights_meet_their_bounds_and_noise_of_any_scale_does_not_win(int rows, int columnsX, int columnsY)
    {
        Random random = new(2);
        Matrix<double> x = Matrix<double>.Build.Dense(rows, columnsX, (_, _) => 1e4 * CorrelatedViews.Normal(random));
        Matrix<double> y = Matrix<double>.Build.Dense(rows, columnsY, (_, _) => 1e-4 * CorrelatedViews.Normal(random));
        for (int i = 0; i < rows; i++)
        {
            double shared = CorrelatedViews.Normal(random);
            for (int j = 2; j < 5; j++) (x[i, j], y[i, j - 1]) = (shared + (0.1 * CorrelatedViews.Normal(random)), 3 - shared + (0.1 * CorrelatedViews.Normal(random)));
        }

        SparseCanonicalCorrelation model = Fit([x, y], new() { PenaltyX = SparsePenalty.Lasso(1.5 / Math.Sqrt(columnsX)), PenaltyY = SparsePenalty.Lasso(1.5 / Math.Sqrt(columnsY)) });
        Vector<double> u = CorrelatedViews.ToMatrix(model.WeightsX).Column(0), v = CorrelatedViews.ToMatrix(model.WeightsY).Column(0);
        Assert.That(model.Converged[0], Is.True);
        Assert.That((u.L2Norm(), v.L2Norm()), Is.EqualTo((1.0, 1.0)).Within(1e-12));
        Assert.That(u.L1Norm(), Is.EqualTo(1.5).Within(1e-8));
        Assert.That(u.SubVector(2, 3).PointwisePower(2).Sum(), Is.GreaterThan(0.99));
        Assert.That(v.SubVector(1, 3).PointwisePower(2).Sum(), Is.GreaterThan(0.99));
        Assert.That(u.Count(weight => weight == 0), Is.GreaterThan(columnsX - 6));
        Assert.That(model.Correlations[0], Is.GreaterThan(0.97));
        (Tensor<double> left, Tensor<double> right) = model.Transform(CorrelatedViews.Of<double>(x), CorrelatedViews.Of<double>(y));
        Vector<double> s = CorrelatedViews.ToMatrix(left).Column(0), t = CorrelatedViews.ToMatrix(right).Column(0);
        Assert.That(s * s / (rows - 1), Is.EqualTo(1).Within(1e-10));
        Assert.That(s * t / (rows - 1), Is.EqualTo(model.Correlations[0]).Within(1e-10));
        Assert.That(u[u.AbsoluteMaximumIndex()], Is.Positive);
    }

    [Test]
    public void The_fused_penalty_finds_a_run_of_neighbours()
    {
        Random random = new(3);
        Matrix<double> x = Matrix<double>.Build.Dense(60, 40, (_, _) => CorrelatedViews.Normal(random)), y = Matrix<double>.Build.Dense(60, 5, (_, _) => CorrelatedViews.Normal(random));
        for (int i = 0; i < 60; i++)
        {
            double shared = CorrelatedViews.Normal(random);
            for (int j = 10; j < 20; j++) x[i, j] += shared;
            y[i, 0] = shared;
        }

        SparseCanonicalCorrelation model = Fit([x, y], new() { PenaltyX = SparsePenalty.FusedLasso(0.2, 0.3), PenaltyY = SparsePenalty.Lasso(0.5) });
        double[] u = CorrelatedViews.ToMatrix(model.WeightsX).Column(0).ToArray();
        Assert.That(u[10..20].Distinct().Count(), Is.LessThan(4), "few levels");
        Assert.That(u[..9].Concat(u[21..]), Is.All.Zero);
        Assert.That(u[10..20], Is.All.Positive);
    }

    [Test]
    public void Total_variation_meets_its_optimality_conditions([Values(1, 2, 7, 100)] int length, [Values(0.0, 0.3, 2.0, 1000.0)] double lambda)
    {
        Random random = new(4);
        double[] a = [.. Enumerable.Range(0, length).Select(_ => CorrelatedViews.Normal(random))], u = TotalVariation.Denoise(a, lambda);
        double dual = 0;
        for (int j = 0; j < length - 1; j++)
        {
            // The cumulative residual stays within the tube, and touches its wall wherever u jumps, on the side to which it jumps.
            dual += a[j] - u[j];
            Assert.That(Math.Abs(dual), Is.LessThanOrEqualTo(lambda + 1e-10));
            double jump = u[j + 1] - u[j];
            if (Math.Abs(jump) > 1e-9) Assert.That(dual, Is.EqualTo(-lambda * Math.Sign(jump)).Within(1e-10), $"{j}");
        }

        Assert.That(u.Sum(), Is.EqualTo(a.Sum()).Within(1e-10));
    }

    [Test]
    public void A_fit_that_has_not_converged_says_so_and_bits_repeat()
    {
        Matrix<double>[] views = CorrelatedViews.Matrices(50, [30, 20], 5);
        Assert.That(Fit(views, new() { MaxIterations = 1, Tolerance = 0 }).Converged[0], Is.False);
        using ComputeDevice device = ComputeDevice.Over(new HostEngine(4, SimdWidth.Scalar));
        SparseCanonicalCorrelation one = Fit(views, new() { Device = device, Threads = 1, Components = 2 }), four = Fit(views, new() { Device = device, Threads = 4, Components = 2 });
        GramAssert.SameBits(four.WeightsX, one.WeightsX, "4 threads");
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Matrix<double>[] views = CorrelatedViews.Matrices(10, [3, 2], 6);
        Assert.That(() => Fit([views[0], views[1].RemoveRow(0)]), Throws.ArgumentException.With.Message.Contains("x has 10 rows, y has 9"));
        Assert.That(() => Fit([views[0], views[1] * 0]), Throws.ArgumentException.With.Message.Contains("y has no column that varies"));
        Assert.That(() => Fit(views, new() { Components = 3 }), Throws.ArgumentException.With.Message.Contains("3 components are more than the 2 columns"));
        Assert.That(() => Fit(views, new() { PenaltyX = SparsePenalty.FusedLasso(100, 0) }), Throws.ArgumentException.With.Message.Contains("no weight is left"));
        Assert.That(() => SparsePenalty.Lasso(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => SparsePenalty.FusedLasso(-1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        views[0][2, 1] = double.NaN;
        Assert.That(() => Fit(views), Throws.ArgumentException.With.Message.StartsWith("x[2, 1] is not a finite number"));
    }

    private static SparseCanonicalCorrelation Fit(Matrix<double>[] views, SparseCanonicalCorrelationOptions? options = null) =>
        SparseCanonicalCorrelation.Fit(CorrelatedViews.Of<double>(views[0]), CorrelatedViews.Of<double>(views[1]), options);

    private static Matrix<double> Standardised(Matrix<double> matrix)
    {
        Matrix<double> centred = CorrelatedViews.Centred(matrix);
        Vector<double> deviations = Vector<double>.Build.DenseOfEnumerable(centred.EnumerateColumns().Select(column => column.L2Norm() / Math.Sqrt(matrix.RowCount - 1)));
        return centred * Matrix<double>.Build.DenseOfDiagonalVector(1 / deviations);
    }
}
