using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Soft dynamic time warping against its definition, against published values, and its identities.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class SoftDtwTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double s_epsilon = Tolerances.Epsilon<T>();

    private static IEnumerable<(int Rows, int Columns, int Channels)> Shapes =>
        [(1, 1, 1), (1, 7, 1), (9, 1, 2), (2, 2, 1), (15, 16, 1), (17, 16, 1), (33, 20, 3), (64, 65, 1), (7, 130, 2)];

    [Test]
    public void Values_are_those_of_the_definition_for_every_shape_and_gamma()
    {
        foreach ((int rows, int columns, int channels) in Shapes)
        {
            double[][] x = SoftCases.Walk<T>(rows, channels, 1), y = SoftCases.Walk<T>(columns, channels, 2);
            double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y);
            foreach (double gamma in new[] { 1e-3, 0.1, 1, 30, 1e3 })
            {
                double expected = WarpingReference.AccumulateSoft(costs, gamma, WarpingWindow.None)[rows - 1, columns - 1];
                double actual = double.CreateChecked(SoftDtw.Value(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), Options(gamma)));
                Assert.That(actual, Is.EqualTo(expected).Within(SoftCases.Tolerance<T>(engine, rows + columns, channels, expected, gamma)), $"{rows} x {columns} x {channels}, gamma {gamma}");
            }
        }
    }

    [Test]
    public void Windows_leave_out_what_lies_outside()
    {
        foreach ((int rows, int columns, int radius) in new[] { (40, 40, 0), (40, 40, 3), (40, 31, 2), (31, 40, 9), (18, 70, 1), (5, 5, 100) })
        {
            double[][] x = SoftCases.Walk<T>(rows, 1, 1), y = SoftCases.Walk<T>(columns, 1, 2);
            WarpingWindow window = WarpingWindow.Radius(radius);
            double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y);
            SoftDtwOptions options = Options(0.5) with { Window = window };
            double expected = WarpingReference.AccumulateSoft(costs, 0.5, window)[rows - 1, columns - 1];
            string what = $"{rows} x {columns}, radius {radius}";
            Assert.That(double.CreateChecked(SoftDtw.Value(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), options)),
                Is.EqualTo(expected).Within(SoftCases.Tolerance<T>(engine, rows + columns, 1, expected, 0.5)), what);
            SoftCases.Near(SoftDtw.ExpectedAlignment(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), options),
                WarpingReference.ExpectedAlignment(costs, 0.5, window), 200 * (rows + columns) * s_epsilon, what);
        }
    }

    [Test]
    public void Expected_alignments_are_those_of_the_definition()
    {
        foreach ((int rows, int columns, int channels) in Shapes)
        {
            double[][] x = SoftCases.Walk<T>(rows, channels, 3), y = SoftCases.Walk<T>(columns, channels, 4);
            double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y);
            foreach (double gamma in new[] { 1e-3, 0.1, 1, 1e3 })
            {
                double scale = 1 + (Largest(costs) / gamma);
                SoftCases.Near(SoftDtw.ExpectedAlignment(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), Options(gamma)),
                    WarpingReference.ExpectedAlignment(costs, gamma, WarpingWindow.None), 8 * (rows + columns) * scale * s_epsilon, $"{rows} x {columns} x {channels}, gamma {gamma}");
            }
        }
    }

    [Test]
    public void Gradients_are_the_expected_differences()
    {
        foreach ((int rows, int columns, int channels) in Shapes)
        {
            double[][] x = SoftCases.Walk<T>(rows, channels, 5), y = SoftCases.Walk<T>(columns, channels, 6);
            Tensor<T> tensorX = SoftCases.Tensor<T>(x), tensorY = SoftCases.Tensor<T>(y);
            Tensor<T> expected = SoftDtw.ExpectedAlignment(tensorX, tensorY, Options(2));
            SoftDtwGradient<T> gradient = SoftDtw.ValueAndGradient(tensorX, tensorY, Options(2));
            RequireSame(gradient.Value, SoftDtw.Value(tensorX, tensorY, Options(2)), rows + columns, channels, 2);
            Assert.That(gradient.X.Lengths.ToArray(), Is.EqualTo(tensorX.Lengths.ToArray()));
            double[,] ofX = new double[rows, channels], ofY = new double[columns, channels];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    for (int c = 0; c < channels; c++)
                    {
                        double term = 2 * double.CreateChecked(expected[i, j]) * (x[i][c] - y[j][c]);
                        ofX[i, c] += term;
                        ofY[j, c] -= term;
                    }
                }
            }

            double tolerance = 64 * (rows + columns) * s_epsilon;
            SoftCases.Near(gradient.X, ofX, tolerance, $"x of {rows} x {columns} x {channels}");
            SoftCases.Near(gradient.Y, ofY, tolerance, $"y of {rows} x {columns} x {channels}");
        }
    }

    [Test]
    public void Gradients_and_value_of_long_series_do_not_depend_on_blocks()
    {
        // Long enough for several blocks of diagonals that are computed again.
        double[][] x = SoftCases.Walk<T>(700, 1, 7), y = SoftCases.Walk<T>(650, 1, 8);
        double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y);
        double[,] expected = WarpingReference.ExpectedAlignment(costs, 1, WarpingWindow.None);
        SoftCases.Near(SoftDtw.ExpectedAlignment(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), Options(1)), expected, 2e4 * s_epsilon, "700 x 650");
    }

    [Test]
    public void The_value_of_zeros_is_minus_gamma_times_the_logarithm_of_the_number_of_alignments()
    {
        (int Rows, int Columns, double Log)[] delannoy =
            [(1, 1, 0), (1, 9, 0), (2, 2, Math.Log(3)), (4, 6, Math.Log(231)), (6, 6, 7.428333194190806), (8, 9, 11.594920112522855), (600, 600, 1052.1303051074908)];
        foreach ((int rows, int columns, double log) in delannoy)
        {
            foreach (double gamma in new[] { 1e-3, 1, 1e3 })
            {
                double value = double.CreateChecked(SoftDtw.Value<T>(new T[rows], new T[columns], Options(gamma)));
                double tolerance = engine.Kind == DeviceKind.Host ? gamma * (rows + columns) * 4 * s_epsilon : SoftCases.Tolerance<T>(engine, rows + columns, 1, -gamma * log, gamma);
                Assert.That(value, Is.EqualTo(-gamma * log).Within(tolerance), $"{rows} x {columns}, gamma {gamma}");
            }
        }
    }

    [Test]
    public void Towards_gamma_0_the_value_is_that_of_dynamic_time_warping()
    {
        double[][] x = SoftCases.Walk<T>(50, 1, 1), y = SoftCases.Walk<T>(60, 1, 2);
        double[,] table = WarpingReference.Accumulate(WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y), StepPattern.Symmetric1, WarpingWindow.None, WarpingEnds.Closed);
        double value = double.CreateChecked(SoftDtw.Value(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), Options(1e-6)));
        Assert.That(value, Is.EqualTo(table[49, 59]).Within(1e-4 + (1e3 * s_epsilon * table[49, 59])));
    }

    [Test]
    public void Published_values_of_tslearn()
    {
        T[] x = Series(1, 2, 2, 3), y = Series(1, 2, 3, 4);
        (double Gamma, double Value)[] values = [(0.001, 1), (0.1, 0.999963683353543), (1, -0.8954437807217472), (10, -36.33433464495825), (100, -408.67324763923676), (1000, -4137.428001306961)];
        foreach ((double gamma, double value) in values)
        {
            Assert.That(double.CreateChecked(SoftDtw.Value<T>(x, y, Options(gamma))), Is.EqualTo(value).Within(40 * s_epsilon * (1 + gamma)), $"gamma {gamma}");
        }

        Assert.That(double.CreateChecked(SoftDtw.Divergence<T>(x, y, Options(1))), Is.EqualTo(1.3094156979643967).Within(100 * s_epsilon));
        Assert.That(double.CreateChecked(SoftDtw.Value<T>(Series(1, 2, 3), Series(3, 4, -3), Options(1))), Is.EqualTo(41.187627311413216).Within(1000 * s_epsilon));
        Tensor<T> a = Tensor.Create(Series(1, 2, 3), [3]), b = Tensor.Create(Series(3, 4, -3), [3]);
        SoftCases.Near(SoftDtw.ValueAndGradient(a, b, Options(1)).X, SoftCases.Column(-4.0001, -2.2852, 10.1643), 5e-5, "gradient");
        SoftDtwGradient<T> divergence = SoftDtw.DivergenceAndGradient(a, b, Options(1));
        Assert.That(double.CreateChecked(divergence.Value), Is.EqualTo(42.0586).Within(1e-4));
        SoftCases.Near(divergence.X, SoftCases.Column(-3.5249, -2.2852, 9.6891), 6e-5, "gradient of the divergence");
    }

    [Test]
    public void Published_alignments_of_tslearn()
    {
        Tensor<T> x = Tensor.Create(Series(1, 2, 2, 3), [4]), y = Tensor.Create(Series(1, 2, 3, 4), [4]);
        double[,] expected =
        {
            { 1.0, 0.18892981883628074, 0.0002838189948964931, 4.19122159773206e-11 },
            { 0.3403492513984858, 0.8170580349447054, 0.08878788470481466, 3.9471366215871154e-05 },
            { 0.050530726963384454, 0.7099505407487503, 0.5300388257412263, 0.006985941326933125 },
            { 0.00013701176214866436, 0.1313757245163768, 0.7303996214024622, 1.0 },
        };
        SoftCases.Near(SoftDtw.ExpectedAlignment(x, y, Options(1)), expected, 64 * s_epsilon, "all pairs");
        double[,] banded =
        {
            { 1, 0.20207022513561884, 0, 0 },
            { 0.29913831878997016, 0.8657817003179001, 0.10621767402599279, 0 },
            { 0, 0.6612803900928307, 0.6179413063470443, 0.0081647030265684 },
            { 0, 0, 0.6856684643727206, 1 },
        };
        SoftDtwOptions band = Options(1) with { Window = WarpingWindow.Radius(1) };
        SoftCases.Near(SoftDtw.ExpectedAlignment(x, y, band), banded, 64 * s_epsilon, "radius 1");
        Assert.That(double.CreateChecked(SoftDtw.Value(x, y, band)), Is.EqualTo(-0.7125647629898837).Within(40 * s_epsilon));
    }

    [Test]
    public void Exchanging_the_series_transposes_all()
    {
        Tensor<T> x = SoftCases.Tensor<T>(SoftCases.Walk<T>(70, 2, 1)), y = SoftCases.Tensor<T>(SoftCases.Walk<T>(41, 2, 2));
        RequireSame(SoftDtw.Value(y, x, Options(0.3)), SoftDtw.Value(x, y, Options(0.3)), 111, 2, 0.3);
        SoftDtwGradient<T> one = SoftDtw.ValueAndGradient(x, y, Options(0.3)), other = SoftDtw.ValueAndGradient(y, x, Options(0.3));
        SoftCases.Near(one.X, SoftCases.Array(other.Y), 1e3 * s_epsilon, "x");
        SoftCases.Near(one.Y, SoftCases.Array(other.X), 1e3 * s_epsilon, "y");
    }

    [Test]
    public void The_divergence_is_0_for_equal_series_and_above_for_others()
    {
        List<Tensor<T>> series = [.. Enumerable.Range(0, 12).Select(i => SoftCases.Tensor<T>(SoftCases.Walk<T>(5 + (7 * i), 2, i)))];
        foreach (double gamma in new[] { 0.01, 1, 100 })
        {
            Tensor<T> divergences = SoftDtw.Divergences(series, Options(gamma));
            for (int i = 0; i < series.Count; i++)
            {
                Assert.That(divergences[i, i], Is.EqualTo(T.Zero));
                Assert.That(SoftDtw.Divergence(series[i], series[i], Options(gamma)), Is.EqualTo(T.Zero));
                for (int j = 0; j < i; j++) Assert.That(double.CreateChecked(divergences[i, j]), Is.GreaterThan(0), $"{i}, {j}, gamma {gamma}");
            }
        }
    }

    [Test]
    public void Sets_agree_with_pairs_whatever_the_lengths_and_threads()
    {
        List<Tensor<T>> x = [.. Enumerable.Range(0, 20).Select(i => SoftCases.Tensor<T>(SoftCases.Walk<T>(1 + (i * 5 % 37), 1, i)))];
        List<Tensor<T>> y = [.. Enumerable.Range(0, 19).Select(i => SoftCases.Tensor<T>(SoftCases.Walk<T>(1 + (i * 11 % 41), 1, 50 + i)))];
        foreach (int threads in new[] { 1, 2 })
        {
            SoftDtwOptions options = Options(0.7) with { Threads = threads };
            Tensor<T> own = SoftDtw.Distances(x, options), both = SoftDtw.Distances(x, y, options);
            for (int i = 0; i < x.Count; i++)
            {
                // A set is centred as a whole, a pair on its own, so samples round differently.
                for (int j = 0; j < x.Count; j++)
                {
                    Assert.That(own[j, i], Is.EqualTo(own[i, j]));
                    Same(own[i, j], SoftDtw.Value(x[i], x[j], options), $"{i}, {j}");
                }

                for (int j = 0; j < y.Count; j++) Same(both[i, j], SoftDtw.Value(x[i], y[j], options), $"{i}, {j} of two sets");
            }
        }

        void Same(T actual, T expected, string what) => Assert.That(
            double.CreateChecked(actual), Is.EqualTo(double.CreateChecked(expected)).Within(SoftCases.Tolerance<T>(engine, 80, 1, double.CreateChecked(expected), 0.7)), what);
    }

    [Test]
    public void Batches_of_gradients_agree_with_single_ones()
    {
        List<Tensor<T>> x = [.. Enumerable.Range(0, 5).Select(i => SoftCases.Tensor<T>(SoftCases.Walk<T>(10 + i, 2, i)))];
        List<Tensor<T>> y = [.. Enumerable.Range(0, 5).Select(i => SoftCases.Tensor<T>(SoftCases.Walk<T>(20 - i, 2, 9 + i)))];
        IReadOnlyList<SoftDtwGradient<T>> batch = SoftDtw.ValuesAndGradients(x, y, Options(1));
        for (int i = 0; i < 5; i++)
        {
            SoftDtwGradient<T> one = SoftDtw.ValueAndGradient(x[i], y[i], Options(1));
            SoftCases.Near(batch[i].X, SoftCases.Array(one.X), 1e3 * s_epsilon, $"x {i}");
            SoftCases.Near(batch[i].Y, SoftCases.Array(one.Y), 1e3 * s_epsilon, $"y {i}");
        }
    }

    [Test]
    public void Offsets_cost_no_digits()
    {
        double[][] x = SoftCases.Walk<T>(60, 1, 1), y = SoftCases.Walk<T>(60, 1, 2);
        T expected = SoftDtw.Value(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), Options(0.1));
        foreach (double[] sample in x.Concat(y)) sample[0] += 1024;
        double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, SoftCases.Rounded<T>(x), SoftCases.Rounded<T>(y));
        double exact = WarpingReference.AccumulateSoft(costs, 0.1, WarpingWindow.None)[59, 59];
        double moved = double.CreateChecked(SoftDtw.Value(SoftCases.Tensor<T>(x), SoftCases.Tensor<T>(y), Options(0.1)));
        Assert.That(moved, Is.EqualTo(exact).Within(SoftCases.Tolerance<T>(engine, 120, 1, exact, 0.1)), $"without offset {expected}");
    }

    /// <summary>Two ways to one value: the same bits on the host; devices compute values and gradients by kernels of their own, and x along rows.</summary>
    private void RequireSame(T actual, T expected, int steps, int channels, double gamma)
    {
        double value = double.CreateChecked(expected);
        Assert.That(double.CreateChecked(actual), Is.EqualTo(value).Within(engine.Kind == DeviceKind.Host ? 0 : SoftCases.Tolerance<T>(engine, steps, channels, value, gamma)));
    }

    private static double Largest(double[,] values) => values.Cast<double>().Max();

    private static T[] Series(params double[] values) => [.. values.Select(T.CreateChecked)];

    private SoftDtwOptions Options(double gamma) => new() { Device = engine.Device, Gamma = gamma };
}
