using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Lower bounds: below every distance, and what their authors' code gives.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Hosts))]
[Parallelizable]
public sealed class BoundsTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Two series and their bounds by the formulas of Rakthanmanon et al. 2012, Lemire 2009 and Webb and Petitjean 2021, by hand.</summary>
    private static readonly T[] s_x = Of([0, 1, 3, 2, 5, 1, 0, 2]), s_y = Of([2, 0, 1, 4, 4, 0, -1, 1]);

    private DtwOptions Options => new() { Device = engine.Device, Root = false };

    [TestCase(PointCost.SquaredEuclidean, 0, 6, 17, 17, 17, 17)]
    [TestCase(PointCost.SquaredEuclidean, 1, 6, 2, 2, 4, 7)]
    [TestCase(PointCost.SquaredEuclidean, 2, 6, 2, 1, 3, 7)]
    [TestCase(PointCost.SquaredEuclidean, 3, 6, 1, 1, 2, 7)]
    [TestCase(PointCost.Absolute, 0, 4, 11, 11, 11, 11)]
    [TestCase(PointCost.Absolute, 1, 4, 2, 2, 4, 5)]
    [TestCase(PointCost.Absolute, 2, 4, 2, 1, 3, 5)]
    [TestCase(PointCost.Absolute, 3, 4, 1, 1, 2, 5)]
    public void Bounds_are_those_of_the_formulas(PointCost cost, int radius, double kim, double keogh, double back, double improved, double webb)
    {
        DtwOptions options = Options with { Cost = cost, Window = WarpingWindow.Radius(radius) };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(double.CreateChecked(LowerBounds.Kim<T>(s_x, s_y, options)), Is.EqualTo(kim));
            Assert.That(double.CreateChecked(LowerBounds.Keogh<T>(s_x, s_y, options)), Is.EqualTo(keogh));
            Assert.That(double.CreateChecked(LowerBounds.Keogh<T>(s_y, s_x, options)), Is.EqualTo(back));
            Assert.That(double.CreateChecked(LowerBounds.Improved<T>(s_x, s_y, options)), Is.EqualTo(improved));
            Assert.That(double.CreateChecked(LowerBounds.Webb<T>(s_x, s_y, options)), Is.EqualTo(webb));
        }
    }

    [Test]
    public void No_bound_is_above_the_distance()
    {
        Random random = new(1);
        for (int trial = 0; trial < 1500; trial++)
        {
            int length = 1 + random.Next(trial % 10 == 0 ? 60 : 20);
            double[] x = Series(random, trial, length), y = Series(random, trial + 3, length);
            DtwOptions options = Options with
            {
                Cost = trial % 2 == 0 ? PointCost.SquaredEuclidean : PointCost.Absolute,
                Window = random.Next(8) == 0 ? WarpingWindow.None : WarpingWindow.Radius(random.Next(length)),
                Root = trial % 7 == 0,
            };
            double distance = SearchCases.Distance(options.Cost, x, y, options.Window, options.Root!.Value);
            T[] a = Of(x), b = Of(y);
            double keogh = double.CreateChecked(LowerBounds.Keogh<T>(a, b, options)), improved = double.CreateChecked(LowerBounds.Improved<T>(a, b, options));
            double most = distance * (1 + (8 * length * Tolerances.Epsilon<T>()));
            string what = $"trial {trial}: {length} samples, {options.Window}, {options.Cost}";
            Assert.That(double.CreateChecked(LowerBounds.Kim<T>(a, b, options)), Is.LessThanOrEqualTo(most), $"Kim, {what}");
            Assert.That(keogh, Is.LessThanOrEqualTo(most), $"Keogh, {what}");
            Assert.That(improved, Is.LessThanOrEqualTo(most), $"Improved, {what}");
            Assert.That(improved, Is.GreaterThanOrEqualTo(keogh * (1 - (8 * length * Tolerances.Epsilon<T>()))), $"Improved, {what}");
            Assert.That(double.CreateChecked(LowerBounds.Webb<T>(a, b, options)), Is.LessThanOrEqualTo(most), $"Webb, {what}");
        }
    }

    [Test]
    public void Without_a_window_to_speak_of_the_bound_of_Keogh_is_the_distance()
    {
        DtwOptions options = Options with { Window = WarpingWindow.Radius(0), Root = null };
        double distance = SearchCases.Distance(PointCost.SquaredEuclidean, [.. s_x.Select(double.CreateChecked)], [.. s_y.Select(double.CreateChecked)], options.Window, root: true);
        Assert.That(double.CreateChecked(LowerBounds.Keogh<T>(s_x, s_y, options)), Is.EqualTo(distance).Within(8 * Tolerances.Epsilon<T>()));
    }

    [Test]
    public void Where_bounds_do_not_hold_they_are_refused_in_words()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => LowerBounds.Kim<T>(s_x, s_y.AsSpan(1), Options), Throws.ArgumentException.With.Message.Contains("8 samples"));
            Assert.That(() => LowerBounds.Kim<T>([], [], Options), Throws.ArgumentException.With.Message.Contains("0 samples"));
            Assert.That(() => LowerBounds.Keogh<T>(s_x, s_y, Options with { Step = StepPattern.Symmetric2 }), Throws.ArgumentException.With.Message.Contains("Symmetric1"));
            Assert.That(() => LowerBounds.Webb<T>(s_x, s_y, Options with { Missing = MissingSamples.Skip }), Throws.ArgumentException.With.Message.Contains("leave Missing unset"));
            Assert.That(() => LowerBounds.Webb<T>(s_x, s_y, Options with { Cost = PointCost.Cosine }), Throws.ArgumentException.With.Message.Contains("Cosine"));
            Assert.That(() => LowerBounds.Improved<T>(s_x, [.. s_y[..7], T.PositiveInfinity], Options), Throws.ArgumentException.With.Message.Contains("7"));
        }
    }

    [Test]
    public void Bounds_of_all_pairs_are_those_of_each()
    {
        Random random = new(3);
        T[][] queries = [.. Enumerable.Range(0, 5).Select(i => Of(Series(random, i, 37)))], windows = [.. Enumerable.Range(0, 11).Select(i => Of(Series(random, i + 2, 37)))];
        Tensor<T> x = Tensor.Create([.. queries.SelectMany(one => one)], [5, 37]), y = Tensor.Create([.. windows.SelectMany(one => one)], [11, 37, 1]);
        DtwOptions options = Options with { Window = WarpingWindow.Radius(4), Threads = 2 };
        Tensor<T>[] all = [LowerBounds.Kim(x, y, options), LowerBounds.Keogh(x, y, options), LowerBounds.Improved(x, y, options), LowerBounds.Webb(x, y, options)];
        foreach (Tensor<T> bounds in all) Assert.That(bounds.Lengths.ToArray(), Is.EqualTo((nint[])[5, 11]));
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 11; j++)
            {
                T[] one =
                [
                    LowerBounds.Kim<T>(queries[i], windows[j], options), LowerBounds.Keogh<T>(queries[i], windows[j], options),
                    LowerBounds.Improved<T>(queries[i], windows[j], options), LowerBounds.Webb<T>(queries[i], windows[j], options),
                ];
                Assert.That(all.Select(bounds => bounds[i, j]), Is.EqualTo(one), $"{i}, {j}");
            }
        }

        Assert.That(all[1].ToArray(), Is.Not.EqualTo(LowerBounds.Keogh(y, x, options).ToArray()));
        Assert.That(() => LowerBounds.Webb(x, Tensor.CreateFromShape<T>([2, 36])), Throws.ArgumentException.With.Message.Contains("37 samples").And.Message.Contains("36"));
        Assert.That(() => LowerBounds.Keogh(x, Tensor.CreateFromShape<T>([2, 37, 2])), Throws.ArgumentException.With.Message.Contains("2 channels"));
        Assert.That(() => LowerBounds.Kim(x, Tensor.CreateFromShape<T>([0, 37])), Throws.ArgumentException.With.Message.Contains("0 x 37"));
    }

    private static T[] Of(double[] values) => [.. values.Select(value => T.CreateChecked(value))];

    /// <summary>Random, walking, negative, constant and stepped series, exact in float32.</summary>
    private static double[] Series(Random random, int kind, int length)
    {
        double[] series = new double[length];
        double place = random.Next(-3, 4);
        for (int i = 0; i < length; i++)
        {
            place += random.Next(-2, 3);
            series[i] = (kind % 6) switch
            {
                0 => random.Next(-64, 65) / 16.0,
                1 => place,
                2 => -5 - random.Next(64) / 8.0,
                3 => -7,
                4 => 5 + random.Next(2),
                _ => Math.Round(10 * Math.Sin(i)) / 8,
            };
        }

        return series;
    }
}
