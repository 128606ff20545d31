using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Every elastic measure on every engine, against the definition in double.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
public sealed class MeasureTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] s_lengths = [3, 4, 5, 8, 13, 16, 17, 31, 40];

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-5 : 1e-12;

    [Test]
    public void Published_answers_come_out()
    {
        foreach ((ElasticOptions options, double[] answers) in ElasticAnswers.Table)
        {
            for (int i = 0; i < answers.Length; i++)
            {
                (string name, double[][] x, double[][] y) = ElasticAnswers.Pairs[i];
                T distance = ElasticDistance.Between(WarpingSeries.Tensor<T>(x), WarpingSeries.Tensor<T>(y), On(options));
                AssertNear(distance, answers[i], $"{options} of {name}");
            }
        }
    }

    [Test]
    public void All_pairs_of_any_lengths_are_the_definition()
    {
        foreach (int channels in (int[])[1, 3])
        {
            Random random = new(channels);
            double[][][] series = Array.ConvertAll(s_lengths, length => WarpingSeries.Random<T>(random, length, channels));
            Tensor<T>[] tensors = Array.ConvertAll(series, WarpingSeries.Tensor<T>);
            foreach (ElasticOptions options in Measures())
            {
                Tensor<T> distances = ElasticDistance.Between(tensors, null, On(options));
                for (int i = 0; i < series.Length; i++)
                {
                    for (int j = 0; j < series.Length; j++)
                    {
                        AssertNear(distances[i, j], WarpingSeries.Expected(options, series[i], series[j]), $"{options}, lengths {series[i].Length} and {series[j].Length}, {channels} channels");
                    }
                }
            }
        }
    }

    // Docstrings and expected_distance_results.py of aeon.
    [Test]
    public void Shapes_are_aligned_as_aeon_aligns_them()
    {
        double[][] answers = [[1000, 7065, 2, 5, 5, 564], [768, 6820, 2, 5, 5, 564], [769, 7065, 2, 5, 5, 564], [774, 7065, 2, 5, 5, 564]];
        int[] reaches = [15, 0, 1, 2];
        for (int k = 0; k < reaches.Length; k++)
        {
            ShapeDtwOptions options = On(new ShapeDtwOptions { Reach = reaches[k] });
            for (int i = 0; i < ElasticAnswers.Pairs.Length; i++)
            {
                (string name, double[][] x, double[][] y) = ElasticAnswers.Pairs[i];
                Tensor<T> one = WarpingSeries.Tensor<T>(x), other = WarpingSeries.Tensor<T>(y);
                AssertNear(ElasticDistance.ShapeDtw(one, other, options), answers[k][i], $"{options} of {name}");
                AssertNear(ElasticDistance.ShapeDtw([one], [other], options)[0, 0], answers[k][i], $"{options} of {name}");
            }
        }

        Tensor<T> first = WarpingSeries.Tensor<T>(ElasticAnswers.Steps(ElasticAnswers.First)), second = WarpingSeries.Tensor<T>(ElasticAnswers.Steps(ElasticAnswers.Second));
        AssertNear(ElasticDistance.ShapeDtw(first, second, On(new ShapeDtwOptions())), 0.5552136800871651, "random numbers");
    }

    [Test]
    public void Shapes_with_no_path_are_infinitely_far_apart_and_broken_ones_nowhere()
    {
        Tensor<T> x = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 5)), y = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(2), 9));
        ShapeDtwOptions narrow = On(new ShapeDtwOptions { Reach = 2, Window = LibraryWindows.RSakoeChiba(1) });
        Assert.That(T.IsPositiveInfinity(ElasticDistance.ShapeDtw(x, y, narrow)));
        y[4, 0] = T.NaN;
        Tensor<T> distances = ElasticDistance.ShapeDtw([x, y], options: On(new ShapeDtwOptions { Missing = MissingSamples.Propagate }));
        Assert.That(distances[0, 0], Is.EqualTo(T.Zero));
        Assert.That(T.IsNaN(distances[0, 1]) && T.IsNaN(distances[1, 0]) && T.IsNaN(distances[1, 1]));
        Assert.That(() => ElasticDistance.ShapeDtw(x, x, On(new ShapeDtwOptions { Reach = -1 })), Throws.ArgumentException.With.Message.Contains("Reach"));
    }

    [Test]
    public void Swapped_series_are_as_far_apart()
    {
        Random random = new(4);
        Tensor<T>[] x = [.. Enumerable.Range(0, 5).Select(i => WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(random, 9 + i, 2)))];
        Tensor<T>[] y = [.. Enumerable.Range(0, 7).Select(i => WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(random, 14 - i, 2)))];
        foreach (ElasticOptions options in Measures())
        {
            if (!options.Window.IsSymmetric) continue;
            Tensor<T> there = ElasticDistance.Between(x, y, On(options)), back = ElasticDistance.Between(y, x, On(options));
            for (int i = 0; i < x.Length; i++)
            {
                for (int j = 0; j < y.Length; j++) AssertNear(there[i, j], double.CreateChecked(back[j, i]), $"{options} at {i}, {j}");
            }
        }
    }

    [Test]
    public void A_series_is_at_distance_0_from_itself()
    {
        Tensor<T> x = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(8), 21, 2));
        foreach (ElasticOptions options in Measures().Where(options => options is not EdrOptions { Tolerance: 0 }))
        {
            Assert.That(ElasticDistance.Between(x, x, On(options)), Is.EqualTo(T.Zero), $"{options}");
        }
    }

    [Test]
    public void Named_calls_are_the_measures_of_their_options()
    {
        Random random = new(9);
        Tensor<T> x = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(random, 12)), y = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(random, 15));
        T[] a = new T[12], b = new T[15];
        x.FlattenTo(a);
        y.FlattenTo(b);
        Check(ElasticDistance.Erp(x, y, On(new ErpOptions())), ElasticDistance.Erp<T>(a, b, On(new ErpOptions())), ElasticDistance.Erp([x], [y], On(new ErpOptions())), new ErpOptions());
        Check(ElasticDistance.Lcss(x, y, On(new LcssOptions())), ElasticDistance.Lcss<T>(a, b, On(new LcssOptions())), ElasticDistance.Lcss([x], [y], On(new LcssOptions())), new LcssOptions());
        Check(ElasticDistance.Edr(x, y, On(new EdrOptions())), ElasticDistance.Edr<T>(a, b, On(new EdrOptions())), ElasticDistance.Edr([x], [y], On(new EdrOptions())), new EdrOptions());
        Check(ElasticDistance.Msm(x, y, On(new MsmOptions())), ElasticDistance.Msm<T>(a, b, On(new MsmOptions())), ElasticDistance.Msm([x], [y], On(new MsmOptions())), new MsmOptions());
        Check(ElasticDistance.Twe(x, y, On(new TweOptions())), ElasticDistance.Twe<T>(a, b, On(new TweOptions())), ElasticDistance.Twe([x], [y], On(new TweOptions())), new TweOptions());
        Check(ElasticDistance.Wdtw(x, y, On(new WdtwOptions())), ElasticDistance.Wdtw<T>(a, b, On(new WdtwOptions())), ElasticDistance.Wdtw([x], [y], On(new WdtwOptions())), new WdtwOptions());
        Check(ElasticDistance.Adtw(x, y, On(new AdtwOptions())), ElasticDistance.Adtw<T>(a, b, On(new AdtwOptions())), ElasticDistance.Adtw([x], [y], On(new AdtwOptions())), new AdtwOptions());
        Check(ElasticDistance.Ddtw(x, y, On(new DdtwOptions())), ElasticDistance.Ddtw<T>(a, b, On(new DdtwOptions())), ElasticDistance.Ddtw([x], [y], On(new DdtwOptions())), new DdtwOptions());
        Check(ElasticDistance.Frechet(x, y, On(new FrechetOptions())), ElasticDistance.Frechet<T>(a, b, On(new FrechetOptions())), ElasticDistance.Frechet([x], [y], On(new FrechetOptions())), new FrechetOptions());

        void Check(T pair, T spans, Tensor<T> all, ElasticOptions options)
        {
            AssertNear(pair, WarpingSeries.Expected(options, WarpingSeries.Steps(x), WarpingSeries.Steps(y)), $"{options}");
            Assert.That(spans, Is.EqualTo(pair), $"{options}");
            AssertNear(all[0, 0], double.CreateChecked(pair), $"{options}");
        }
    }

    [Test]
    public void Samples_that_are_not_finite_spread_where_asked_and_are_named_where_not()
    {
        Tensor<T> fine = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 6)), broken = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(2), 7));
        broken[3, 0] = T.NaN;
        foreach (ElasticOptions options in Measures())
        {
            Tensor<T> distances = ElasticDistance.Between([fine, broken, fine], null, On(options) with { Missing = MissingSamples.Propagate });
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++) Assert.That(T.IsNaN(distances[i, j]), Is.EqualTo(i == 1 || j == 1), $"{options} at {i}, {j}");
            }

            Assert.That(T.IsNaN(ElasticDistance.Between(fine, broken, On(options) with { Missing = MissingSamples.Propagate })), $"{options}");
            Assert.That(() => ElasticDistance.Between([fine, broken], null, On(options)), Throws.ArgumentException.With.Message.Contains("x[1], sample 3"));
            Assert.That(() => ElasticDistance.Between(fine, fine, On(options) with { Missing = MissingSamples.Skip }), Throws.ArgumentException.With.Message.Contains("Skip"));
        }
    }

    [Test]
    public void Bad_parameters_are_errors_that_name_them()
    {
        Tensor<T> x = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 6)), two = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 2)), wide = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 6, 2));
        foreach ((ElasticOptions options, string name) in ((ElasticOptions, string)[])
            [
                (new ErpOptions { Gap = double.NaN }, "Gap"), (new LcssOptions { Tolerance = -1 }, "Tolerance"), (new EdrOptions { Tolerance = -1 }, "Tolerance"),
                (new MsmOptions { Cost = -1 }, "Cost"), (new TweOptions { Stiffness = double.PositiveInfinity }, "Stiffness"), (new TweOptions { Penalty = -1 }, "Penalty"),
                (new WdtwOptions { Steepness = -0.1 }, "Steepness"), (new AdtwOptions { Penalty = double.NaN }, "Penalty"),
            ])
        {
            Assert.That(() => ElasticDistance.Between(x, x, On(options)), Throws.ArgumentException.With.Message.Contains(name), $"{options}");
        }

        Assert.That(() => ElasticDistance.Ddtw(x, two, On(new DdtwOptions())), Throws.ArgumentException.With.Message.Contains("at least 3"));
        Assert.That(() => ElasticDistance.Msm(x, wide, On(new MsmOptions())), Throws.ArgumentException.With.Message.Contains("channels"));
    }

    private static IEnumerable<ElasticOptions> Measures()
    {
        ElasticOptions[] measures =
        [
            new ErpOptions { Gap = 0.1 }, new ErpOptions { Border = ErpBorder.Cumulative }, new LcssOptions { Tolerance = 0.2 }, new EdrOptions(), new EdrOptions { Tolerance = 0.3 },
            new MsmOptions { Cost = 0.2 }, new TweOptions(), new TweOptions { Stiffness = 0.05, Penalty = 0.1 }, new FrechetOptions(),
            new WdtwOptions(), new WdtwOptions { Steepness = 0.3, OfDerivatives = true }, new AdtwOptions { Penalty = 0.1 }, new DdtwOptions(),
        ];
        WarpingWindow[] windows = [WarpingWindow.None, WarpingWindow.Radius(2), LibraryWindows.Aeon(0.2), WarpingWindow.Itakura(2), WarpingWindow.Slanted(3)];
        return measures.SelectMany(measure => windows.Select(window => measure with { Window = window }));
    }

    private TOptions On<TOptions>(TOptions options)
        where TOptions : ElasticOptions => options with { Device = engine.Device };

    private static void AssertNear(T actual, double expected, string what)
    {
        if (double.IsPositiveInfinity(expected)) Assert.That(T.IsPositiveInfinity(actual), what);
        else Assert.That(double.CreateChecked(actual), Is.EqualTo(expected).Within(Tolerance * Math.Max(1, Math.Abs(expected))), what);
    }
}
