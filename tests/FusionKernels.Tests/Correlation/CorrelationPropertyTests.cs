using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>What must hold whatever the data: invariances, degenerate views, predictions.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public sealed class CorrelationPropertyTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static bool IsSingle => typeof(T) == typeof(float);

    [Test]
    public void Order_shift_and_scale_of_columns_change_no_correlation([Values(1e6, -1e6)] double shift, [Values(1e-6, 1, 1e6)] double scale)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(150, 5, 4, 3);
        IReadOnlyList<double> expected = Fit(x, y).Correlations;
        double[,] moved = CorrelationData.Changed(CorrelationData.Columns(x, 3, 1, 4, 0, 2), (_, j, value) => scale * (j + 1) * (value + (j % 2 == 0 ? shift : 0)));
        // float32 holds 1e6 + value to 0.06: seven digits less those of the shift are left of the value.
        double within = IsSingle ? 0.02 : 1e-7;
        CanonicalCorrelation model = Fit(moved, CorrelationData.Columns(y, 2, 0, 3, 1));
        Assert.That(model.Correlations, Is.EqualTo(expected).AsCollection.Within(within));
        Assert.That(model.Rank, Is.EqualTo(4));
    }

    [Test]
    public void Identical_views_correlate_perfectly([Values] CorrelationRoute route)
    {
        (double[,] x, _) = CorrelationData.Views(80, 6, 2, 7);
        CanonicalCorrelation model = Fit(x, x, new() { Route = route });
        Assert.That(model.Correlations, Is.All.EqualTo(1).Within(Tolerances.Correlation<T>(12)));
        Assert.That(model.Correlations, Has.Count.EqualTo(6));
        Assert.That(model.Correlations, Is.All.LessThanOrEqualTo(1));
        CorrelationData.Near(model.TransformX(CorrelationData.Tensor<T>(x)), model.TransformY(CorrelationData.Tensor<T>(x)), 1e-3);
    }

    [Test]
    public void One_column_gives_the_R_squared_of_least_squares()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(90, 6, 1, 11);
        double r = Fit(x, y).Correlations.Single();
        Assert.That(r * r, Is.EqualTo(CorrelationOracle.RSquared(x, y)).Within(Tolerances.Correlation<T>(7)));
    }

    [Test]
    public void Duplicate_and_constant_columns_lower_the_rank_alone([Values] CorrelationRoute route)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(120, 4, 3, 5);
        double[,] doubled = CorrelationData.Changed(CorrelationData.Columns(x, 0, 1, 2, 3, 1, 0), (_, j, value) => j == 5 ? 1234.567 : value);
        CanonicalCorrelation model = Fit(doubled, y, new() { Route = route });
        Assert.That(model.Correlations, Is.EqualTo(CorrelationOracle.Correlations(x, y)).AsCollection.Within(IsSingle ? 1e-3 : 1e-9));
        Assert.That(model.XRank, Is.EqualTo(4));
        Finite(model);
        Assert.That(model.XWeights[5, 0], Is.Zero);
        Assert.That(model.XLoadings[5, 0], Is.Zero);
    }

    [Test]
    public void Few_components_are_those_of_all_of_them()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(900, 70, 60, 13);
        CanonicalCorrelation all = Fit(x, y), few = Fit(x, y, new() { Components = 4 }), random = Fit(x, y, new() { Components = 4, Route = CorrelationRoute.Randomized });
        double within = IsSingle ? 1e-6 : 1e-12;
        Assert.That(few.Correlations, Is.EqualTo(all.Correlations).AsCollection.Within(within));
        Assert.That(few.Significance!.Wilks[3].F, Is.EqualTo(all.Significance!.Wilks[3].F).Within(1e-5 * all.Significance.Wilks[3].F));
        Assert.That(random.Correlations, Is.EqualTo(all.Correlations.Take(4)).AsCollection.Within(1e-6));
        Assert.That(random.SignificanceNote, Does.Contain("randomized"));
        Assert.That(random.Significance, Is.Null);
        for (int i = 0; i < 70; i++)
        {
            Assert.That(few.XWeights[i, 0], Is.EqualTo(all.XWeights[i, 0]).Within(1e-5));
            Assert.That(random.XWeights[i, 0], Is.EqualTo(all.XWeights[i, 0]).Within(1e-4));
        }
    }

    [TestCase(2, 1, 1)]
    [TestCase(2, 3, 2)]
    [TestCase(3, 1, 4)]
    [TestCase(5, 7, 9)]
    [TestCase(10, 40, 3)]
    [TestCase(12, 6, 6)]
    [TestCase(6, 3, 2)]
    [TestCase(13, 6, 6)]
    public void Few_rows_give_a_rank_and_never_NaN(int rows, int p, int q)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(rows, p, q, 9);
        foreach (CorrelationRoute route in Enum.GetValues<CorrelationRoute>())
        {
            CanonicalCorrelation model = Fit(x, y, new() { Route = route });
            Assert.That(model.Rank, Is.EqualTo(Math.Min(rows - 1, Math.Min(p, q))), $"{route}");
            Finite(model);
            if (rows <= model.XRank + model.YRank) Assert.That(model.SignificanceNote, Does.Contain("ridge").Or.Contain("randomized"));
            CanonicalCorrelation ridged = Fit(x, y, new() { Route = route, Ridge = 0.1 });
            Finite(ridged);
            Assert.That(ridged.Correlations[0], Is.InRange(0, model.Correlations[0] + 1e-3));
        }
    }

    [Test]
    public void Nearly_dependent_columns_are_left_to_QR_and_keep_their_digits()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(200, 4, 3, 21);
        double small = IsSingle ? 1e-3 : 1e-6;
        double[,] near = CorrelationData.Changed(x, (i, j, value) => j == 3 ? x[i, 0] + (small * value) : value);
        near = CorrelationData.Changed(near, (_, _, value) => double.CreateChecked(T.CreateChecked(value)));
        CanonicalCorrelation model = Fit(near, y);
        Assert.That(model.Route, Is.EqualTo(CorrelationRoute.Qr), model.RouteReason);
        Assert.That(model.Correlations, Is.EqualTo(CorrelationOracle.Correlations(near, y)).AsCollection.Within(IsSingle ? 1e-5 : 1e-8));
    }

    [Test]
    public void Predictions_and_inverses_are_least_squares()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(130, 5, 4, 2, noise: 0.3);
        CanonicalCorrelation model = Fit(x, y);
        double within = IsSingle ? 2e-3 : 1e-9;
        // All variates of the narrower view span it: the inverse is the view itself.
        CorrelationData.Near(model.InverseY(model.TransformY(CorrelationData.Tensor<T>(y))), CorrelationData.Tensor<T>(y), within);
        double[,] residual = CorrelationData.Changed(GramAssert.Array(model.PredictY(CorrelationData.Tensor<T>(x))), (i, j, value) => y[i, j] - value);
        for (int j = 0; j < 4; j++)
        {
            double[] left = Column(residual, j), right = Column(y, j);
            double explained = 1 - (Variance(left) / Variance(right));
            Assert.That(explained, Is.EqualTo(CorrelationOracle.RSquared(x, CorrelationData.Columns(y, j))).Within(within));
            Assert.That(model.YCommunality[j], Is.EqualTo(1).Within(within));
        }

        CanonicalCorrelation few = Fit(x, y, new() { Components = 2 });
        Assert.That(few.Correlations, Has.Count.EqualTo(4), "tests use all correlations");
        Assert.That(few.Significance!.Wilks[0].Value, Is.EqualTo(model.Significance!.Wilks[0].Value));
        Assert.That(few.TransformX(CorrelationData.Tensor<T>(x)).Lengths[1], Is.EqualTo((nint)2));
        Finite(few);
    }

    [Test]
    public void The_first_view_is_predicted_and_rebuilt_as_the_second_is()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(130, 4, 6, 12, noise: 0.3);
        CanonicalCorrelation model = Fit(x, y);
        double within = IsSingle ? 2e-3 : 1e-9;
        CorrelationData.Near(model.InverseX(model.TransformX(CorrelationData.Tensor<T>(x))), CorrelationData.Tensor<T>(x), within);

        // All four variates of y that correlate at all: their prediction is that of least squares on y.
        double[,] residual = CorrelationData.Changed(GramAssert.Array(model.PredictX(CorrelationData.Tensor<T>(y))), (i, j, value) => x[i, j] - value);
        for (int j = 0; j < 4; j++)
        {
            double explained = 1 - (Variance(Column(residual, j)) / Variance(Column(x, j)));
            Assert.That(explained, Is.EqualTo(CorrelationOracle.RSquared(y, CorrelationData.Columns(x, j))).Within(within));
        }

        // Of fewer variates than columns, what is rebuilt has the same variates and no more variance than the view.
        CanonicalCorrelation few = Fit(x, y, new() { Components = 2 });
        Tensor<T> u = few.TransformX(CorrelationData.Tensor<T>(x)), rebuilt = few.InverseX(u);
        CorrelationData.Near(few.TransformX(rebuilt), u, within);
        for (int j = 0; j < 4; j++) Assert.That(Variance(CorrelationData.Column(rebuilt, j)), Is.EqualTo(few.XCommunality[j] * Variance(Column(x, j))).Within(within * Variance(Column(x, j))));
    }

    [TestCase(0.4, 0.0)]
    [TestCase(0.0, 0.7)]
    [TestCase(0.2, 3.0)]
    public void Each_view_has_a_ridge_of_its_own(double ridgeX, double ridgeY)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(90, 4, 3, 14);
        x = CorrelationData.Changed(x, (_, j, value) => value * (j + 0.5));
        double within = IsSingle ? 1e-4 : 1e-10;
        foreach (bool isScaled in (bool[])[true, false])
        {
            double[] expected = CorrelationOracle.Ridged(x, y, ridgeX, ridgeY, isScaled);
            CanonicalCorrelation own = Fit(x, y, new() { RidgeX = ridgeX, RidgeY = ridgeY, Scale = isScaled }), other = Fit(x, y, new() { Ridge = ridgeX, RidgeY = ridgeY, Scale = isScaled });
            Assert.That(own.Correlations, Is.EqualTo(expected).AsCollection.Within(within), $"scaled: {isScaled}");
            Assert.That(other.Correlations, Is.EqualTo(expected).AsCollection.Within(within), "the ridge of both, but for the second view");
        }
    }

    [Test]
    public void The_largest_weight_of_the_first_view_is_positive_in_the_units_of_the_fit()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(150, 6, 5, 17);
        x = CorrelationData.Changed(x, (_, j, value) => value * Math.Pow(10, j - 3));
        CanonicalCorrelation scaled = Fit(x, y), plain = Fit(x, y, new() { Scale = false });
        int apart = 0;
        for (int k = 0; k < 5; k++)
        {
            double[] raw = CorrelationData.Column(plain.XWeights, k), standardized = [.. CorrelationData.Column(scaled.XWeights, k).Select((weight, i) => weight * scaled.XDeviation[i])];
            Assert.That(raw.MaxBy(Math.Abs), Is.Positive, $"unscaled, component {k}");
            Assert.That(standardized.MaxBy(Math.Abs), Is.Positive, $"scaled, component {k}");
            if (raw.Zip(standardized, (a, b) => a * b).Sum() < 0) apart++;
            Assert.That(CorrelationData.Pearson(CorrelationData.Column(scaled.TransformX(CorrelationData.Tensor<T>(x)), k), CorrelationData.Column(scaled.TransformY(CorrelationData.Tensor<T>(y)), k)), Is.Positive, "the second view follows");
        }

        Assert.That(apart, Is.Positive, "columns whose units decide");
    }

    [Test]
    public void Class_dummies_give_discriminant_analysis()
    {
        Random random = new(8);
        double[,] noise = CorrelationData.Normal(random, 90, 4), dummies = new double[90, 3];
        double[,] x = CorrelationData.Changed(noise, (i, j, value) => value + (j == i % 3 ? 1.5 : 0));
        for (int i = 0; i < 90; i++) dummies[i, i % 3] = 1;
        CanonicalCorrelation model = Fit(x, dummies);
        Assert.That(model.Rank, Is.EqualTo(2), "dummies of three classes add up to 1");
        // The squared correlations are the eigenvalues of between-class scatter against the total (Fisher).
        double[] eigenvalues = CorrelationOracle.Discriminants(x, [.. Enumerable.Range(0, 90).Select(i => i % 3)], 3);
        for (int k = 0; k < 2; k++) Assert.That(model.Correlations[k] * model.Correlations[k], Is.EqualTo(eigenvalues[k]).Within(IsSingle ? 1e-3 : 1e-10));
    }

    [Test]
    public void Bits_do_not_depend_on_threads_or_strides()
    {
        (double[,] x, double[,] y) = CorrelationData.Views(5000, 9, 6, 1);
        Tensor<T> a = CorrelationData.Tensor<T>(x), b = CorrelationData.Tensor<T>(y);
        CanonicalCorrelation one = CanonicalCorrelation.Fit(a, b, new() { Threads = 1 }), all = CanonicalCorrelation.Fit(a, b);
        GramAssert.SameBits(one.XWeights, all.XWeights, "threads");
        Tensor<T> transposed = Tensor.PermuteDimensions<T>(Tensor.PermuteDimensions<T>(a, [1, 0]), [1, 0]);
        GramAssert.SameBits(CanonicalCorrelation.Fit(transposed, b).XWeights, all.XWeights, "strides");
    }

    private static CanonicalCorrelation Fit(double[,] x, double[,] y, CanonicalCorrelationOptions? options = null) =>
        CanonicalCorrelation.Fit(CorrelationData.Tensor<T>(x), CorrelationData.Tensor<T>(y), options);

    private static void Finite(CanonicalCorrelation model)
    {
        foreach (Tensor<double> matrix in (Tensor<double>[])[model.XWeights, model.YWeights, model.XLoadings, model.YLoadings, model.XCrossLoadings, model.YCrossLoadings])
        {
            Assert.That(GramAssert.Elements(matrix), Is.All.Matches<double>(double.IsFinite));
        }

        Assert.That(model.Correlations, Is.All.InRange(0, 1));
        Assert.That(model.Correlations, Is.Ordered.Descending);
        Assert.That(double.IsFinite(model.XCondition + model.YCondition));
        Assert.That(model.XRedundancy.Concat(model.YRedundancy).Concat(model.XCommunality).Concat(model.YCommunality), Is.All.Matches<double>(value => double.IsFinite(value) && value >= 0));
        if (model.Significance is not { } tests) return;

        // A correlation of 1 makes statistics infinite, never undefined.
        foreach (CorrelationTest test in tests.Wilks.Concat([tests.Pillai, tests.HotellingLawley, tests.Roy])) Assert.That((double[])[test.Value, test.F, test.Df1, test.Df2, test.P], Has.None.NaN, test.ToString());
        foreach (ChiSquareTest test in tests.Bartlett.Concat(tests.Lawley)) Assert.That((double[])[test.ChiSquare, test.Df, test.P], Has.None.NaN, test.ToString());
    }

    private static double[] Column(double[,] values, int column) => [.. Enumerable.Range(0, values.GetLength(0)).Select(i => values[i, column])];

    private static double Variance(double[] values) => values.Average() is var mean ? values.Sum(value => (value - mean) * (value - mean)) : 0;
}
