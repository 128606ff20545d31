using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Accumulated costs and paths of the elastic measures: tables by the definition, and paths of which every step pays what the measure says.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
public sealed class ElasticPathTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly ElasticOptions[] s_measures =
    [
        new MsmOptions { Cost = 0.2 }, new TweOptions { Stiffness = 0.05, Penalty = 0.1 }, new ErpOptions { Gap = 0.1 }, new LcssOptions { Tolerance = 0.2 }, new EdrOptions { Tolerance = 0.2 },
        new WdtwOptions { Steepness = 0.3 }, new WdtwOptions { OfDerivatives = true }, new AdtwOptions { Penalty = 0.1 }, new DdtwOptions(), new FrechetOptions(),
    ];

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-5 : 1e-12;

    [TestCaseSource(nameof(s_measures))]
    public void Tables_are_those_of_the_definition(ElasticOptions measure)
    {
        foreach ((int rows, int columns) in new[] { (3, 3), (17, 9), (40, 33) })
        {
            (double[][] x, double[][] y) = (WarpingSeries.Random<T>(new(rows), rows), WarpingSeries.Random<T>(new(columns + 100), columns));
            foreach (WarpingWindow window in new[] { WarpingWindow.None, WarpingWindow.Radius(4) })
            {
                ElasticOptions options = measure with { Device = engine.Device, Window = window };
                double[,] expected = Table(options, x, y), table = SoftCases.Array(ElasticDistance.CostMatrix(WarpingSeries.Tensor<T>(x), WarpingSeries.Tensor<T>(y), options));
                Assert.That((table.GetLength(0), table.GetLength(1)), Is.EqualTo((expected.GetLength(0), expected.GetLength(1))));
                for (int i = 0; i < table.GetLength(0); i++)
                {
                    for (int j = 0; j < table.GetLength(1); j++)
                    {
                        bool isSame = double.IsInfinity(expected[i, j]) ? table[i, j].Equals(expected[i, j]) : Math.Abs(table[i, j] - expected[i, j]) <= Tolerance * (1 + Math.Abs(expected[i, j]));
                        Assert.That(isSame, $"{options}, ({i}, {j}) is {table[i, j]}, not {expected[i, j]}");
                    }
                }
            }
        }
    }

    [TestCaseSource(nameof(s_measures))]
    public void Every_step_of_a_path_pays_what_the_measure_says(ElasticOptions measure)
    {
        foreach ((int rows, int columns) in new[] { (3, 4), (17, 9), (9, 17), (40, 33) })
        {
            (double[][] x, double[][] y) = (WarpingSeries.Random<T>(new(rows), rows), WarpingSeries.Random<T>(new(columns + 100), columns));
            foreach (WarpingWindow window in new[] { WarpingWindow.None, WarpingWindow.Radius(4) })
            {
                ElasticOptions options = measure with { Device = engine.Device, Window = window };
                DtwAlignment<T> fit = ElasticDistance.Align(WarpingSeries.Tensor<T>(x), WarpingSeries.Tensor<T>(y), options);
                Assert.That(fit.Distance, Is.EqualTo(ElasticDistance.Between(WarpingSeries.Tensor<T>(x), WarpingSeries.Tensor<T>(y), options)), $"{options}");
                Assert.That(fit.NormalizedDistance, Is.Null);
                double[,] table = Table(options, x, y);
                int first = options.FirstSample;
                (int X, int Y)[] path = [.. fit.Path.Select(match => (match.X - first, match.Y - first))];
                Assert.That(path[^1], Is.EqualTo((table.GetLength(0) - 1, table.GetLength(1) - 1)), $"{options}");
                Assert.That(path[0].X == 0 || path[0].Y == 0, $"{options} begins at {path[0]}");
                for (int k = 1; k < path.Length; k++)
                {
                    double before = table[path[k - 1].X, path[k - 1].Y], here = table[path[k].X, path[k].Y];
                    Assert.That(After(options, before, path[k - 1], path[k], x, y), Is.EqualTo(here).Within(Tolerance * (1 + Math.Abs(here))), $"{options}, step {k} to {path[k]}");
                }
            }
        }
    }

    [Test]
    public void Shapes_have_the_path_along_which_their_samples_differ()
    {
        (double[][] x, double[][] y) = (WarpingSeries.Random<T>(new(1), 20, 2), WarpingSeries.Random<T>(new(2), 25, 2));
        ShapeDtwOptions options = new() { Device = engine.Device, Reach = 2 };
        DtwAlignment<T> fit = ElasticDistance.Align(WarpingSeries.Tensor<T>(x), WarpingSeries.Tensor<T>(y), options);
        double sum = fit.Path.Sum(match => WarpingReference.PointCostOf(PointCost.SquaredEuclidean, x[match.X], y[match.Y]));
        Assert.That(double.CreateChecked(fit.Distance), Is.EqualTo(sum).Within(Tolerance * (1 + sum)));
        Assert.That(fit.Distance, Is.EqualTo(ElasticDistance.ShapeDtw(WarpingSeries.Tensor<T>(x), WarpingSeries.Tensor<T>(y), options)));
        Assert.That(ElasticDistance.CostMatrix(WarpingSeries.Tensor<T>(x), WarpingSeries.Tensor<T>(y), options).Lengths.ToArray(), Is.EqualTo(new nint[] { 20, 25 }));
    }

    [Test]
    public void What_has_no_one_path_is_refused_in_words()
    {
        Tensor<T> x = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 6, 2)), longer = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 60, 2)), broken = WarpingSeries.Tensor<T>(WarpingSeries.Random<T>(new(1), 6, 2));
        broken[2, 1] = T.NaN;
        Assert.That(() => ElasticDistance.Align(x, x, new MsmOptions()), Throws.ArgumentException.With.Message.Contains("2 channels that are aligned independently have no common path"));
        Assert.That(() => ElasticDistance.CostMatrix(x, x, new MsmOptions()), Throws.ArgumentException.With.Message.Contains("no common accumulated costs"));
        Assert.That(() => ElasticDistance.Align(x, broken, new ErpOptions { Missing = MissingSamples.Propagate }), Throws.ArgumentException.With.Message.Contains("not finite"));
        Assert.That(() => ElasticDistance.Align(x, broken, new ErpOptions()), Throws.ArgumentException.With.Message.Contains("y, sample 2, channel 1, is NaN"));
        Assert.That(() => ElasticDistance.Align(x, longer, new AdtwOptions { Window = LibraryWindows.RSakoeChiba(1) }), Throws.InvalidOperationException.With.Message.Contains("no path"));
    }

    private static double[,] Table(ElasticOptions options, double[][] x, double[][] y) => WarpingReference.Table(options.Problem(x[0].Length), Aligned(options, x), Aligned(options, y));

    /// <summary>What of a series is aligned: slopes by the formula of Keogh and Pazzani, or samples.</summary>
    private static double[][] Aligned(ElasticOptions options, double[][] series) => options.FirstSample == 0
        ? series
        : [.. Enumerable.Range(1, series.Length - 2).Select(i => new[] { (series[i][0] - series[i - 1][0] + ((series[i + 1][0] - series[i - 1][0]) / 2)) / 2 })];

    /// <summary>The cell that a step leads to, by the measure's own words.</summary>
    private static double After(ElasticOptions options, double before, (int X, int Y) from, (int X, int Y) to, double[][] seriesX, double[][] seriesY)
    {
        (double[][] x, double[][] y) = (Aligned(options, seriesX), Aligned(options, seriesY));
        (int i, int j) = to;
        bool isDown = i > from.X, isMatch = isDown && j > from.Y;
        double a = x[i][0], b = y[j][0], difference = Math.Abs(a - b), beforeA = i > 0 ? x[i - 1][0] : 0, beforeB = j > 0 ? y[j - 1][0] : 0;
        return options switch
        {
            MsmOptions msm => before + (isMatch ? difference : isDown ? Split(a, beforeA, b, msm.Cost) : Split(b, beforeB, a, msm.Cost)),
            TweOptions twe => before + (isMatch
                ? difference + Math.Abs(beforeA - beforeB) + (2 * twe.Stiffness * Math.Abs(i - j))
                : Math.Abs(isDown ? a - beforeA : b - beforeB) + twe.Stiffness + twe.Penalty),
            ErpOptions erp => before + (isMatch ? difference : Math.Abs((isDown ? a : b) - erp.Gap)),
            LcssOptions lcss => before - (isMatch && difference <= lcss.Tolerance ? 1 : 0),
            EdrOptions edr => before + (isMatch && difference < edr.Tolerance ? 0 : 1),
            WdtwOptions wdtw => before + (difference * difference / (1 + Math.Exp(-wdtw.Steepness * (Math.Abs(i - j) - (Math.Max(x.Length, y.Length) / 2.0))))),
            AdtwOptions adtw => before + (difference * difference) + (isMatch ? 0 : adtw.Penalty),
            DdtwOptions => before + (difference * difference),
            FrechetOptions => Math.Max(before, difference),
            _ => throw new ArgumentOutOfRangeException(nameof(options)),
        };
    }

    /// <summary>Stefan, Athitsos and Das 2013, eq. 3.</summary>
    private static double Split(double sample, double before, double other, double cost) => (before <= sample && sample <= other) || (before >= sample && sample >= other)
        ? cost
        : cost + Math.Min(Math.Abs(sample - before), Math.Abs(sample - other));
}
