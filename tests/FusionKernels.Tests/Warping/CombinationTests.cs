using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Costs, windows, steps, ends, penalties, channels and gaps as chance combines them: every public form of the distance by the definition.</summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.HostsAndSlowDevices))]
[Parallelizable]
public sealed class CombinationTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Draws = 12;

    private static readonly StepPattern[] s_steps =
    [
        StepPattern.Symmetric1, StepPattern.Symmetric1, StepPattern.Symmetric1, StepPattern.Symmetric2, StepPattern.Asymmetric, StepPattern.ByName("symmetricP05"),
        StepPattern.ByName("rj4c"), StepPattern.Mori2006, new("gaps", [new(1, 1, [new(0, 0, 1)]), new(2, 1, [new(0, 0, 1.5)]), new(1, 3, [new(0, 0, 1.5)])]),
    ];

    [Test]
    public void Distances_tables_and_paths_are_those_of_the_definition([Range(1, 6)] int seed)
    {
        Random random = new(seed);
        for (int draw = 0; draw < Draws; draw++)
        {
            int channels = 1 + random.Next(3);
            DtwOptions options = Draw(random, channels);
            double[][][] x = Set(random, 1 + random.Next(4), channels, options), y = Set(random, 1 + random.Next(6), channels, options);
            string what = $"draw {draw}: {options.Cost}, {options.Step}, {options.Window}, {options.Ends}, penalty {options.Penalty}, {channels} channels, {options.Channels}, {options.Missing}, root {options.TakesRoot}";
            Check(options, x, y, what);
        }
    }

    private static DtwOptions Draw(Random random, int channels)
    {
        StepPattern step = s_steps[random.Next(s_steps.Length)];
        PointCost cost = (PointCost)random.Next(channels > 1 ? 4 : 3);
        bool isCosine = cost == PointCost.Cosine;
        return new()
        {
            Cost = cost,
            Root = random.Next(3) switch { 0 => true, 1 => false, _ => null },
            Step = step,
            Window = random.Next(7) switch
            {
                0 => WarpingWindow.Radius(random.Next(8)),
                1 => WarpingWindow.Fraction(random.NextDouble()),
                2 => WarpingWindow.Slanted(random.Next(1, 8)),
                3 => WarpingWindow.Itakura(1 + (2 * random.NextDouble())),
                _ => WarpingWindow.None,
            },
            Ends = random.Next(6) switch
            {
                0 => WarpingEnds.OpenBegin,
                1 => WarpingEnds.OpenEnd,
                2 => WarpingEnds.Subsequence,
                3 => new(random.Next(3), random.Next(40), random.Next(40), random.Next(3)),
                _ => WarpingEnds.Closed,
            },
            Penalty = step == StepPattern.Symmetric1 && random.Next(2) == 0 ? random.Next(1, 9) / 4.0 : 0,
            Channels = !isCosine && random.Next(3) == 0 ? ChannelAlignment.Independent : ChannelAlignment.Dependent,
            Missing = !isCosine && random.Next(4) == 0 ? MissingSamples.Skip : MissingSamples.Reject,
        };
    }

    /// <summary>Series of any lengths, of multiples of 1/4 that are exact in any element, with gaps where options skip them.</summary>
    private static double[][][] Set(Random random, int count, int channels, DtwOptions options)
    {
        double[][][] set = [.. Enumerable.Range(0, count).Select(_ => PairSeries.Walk(1 + random.Next(60), channels, random.Next()))];
        if (options.Missing != MissingSamples.Skip) return set;
        foreach (double[] sample in set.SelectMany(series => series))
        {
            if (random.Next(6) == 0) sample[random.Next(channels)] = double.NaN;
        }

        return set;
    }

    private void Check(DtwOptions options, double[][][] x, double[][][] y, string what)
    {
        DtwOptions here = options with { Device = engine.Device };
        WarpingProblem problem = options.Problem();
        Tensor<T>[] rows = [.. x.Select(WarpingSeries.Tensor<T>)], columns = [.. y.Select(WarpingSeries.Tensor<T>)];
        Tensor<T> all = Dtw.Distances(rows, columns, here), own = Dtw.Distances(columns, here);
        DtwNeighbours<T> nearest = Dtw.Neighbours(rows, columns, 1, here);
        for (int i = 0; i < x.Length; i++)
        {
            double least = double.PositiveInfinity;
            for (int j = 0; j < y.Length; j++)
            {
                double expected = WarpingReference.Distance(problem, x[i], y[j]);
                least = Math.Min(least, expected);
                Near(all[i, j], expected, x[i].Length + y[j].Length, options.TakesRoot, $"{what}, pair ({i}, {j}) of {x[i].Length} x {y[j].Length}");
            }

            Near(nearest.Distances[i, 0], least, x[i].Length + y.Max(series => series.Length), options.TakesRoot, $"{what}, neighbour of {i}");
            Assert.That(nearest.Indices[i, 0], double.IsInfinity(least) ? Is.EqualTo(-1) : Is.InRange(0, y.Length - 1), $"{what}, neighbour of {i}");
        }

        for (int i = 0; i < y.Length; i++)
        {
            for (int j = 0; j < y.Length; j++) Near(own[i, j], WarpingReference.Distance(problem, y[i], y[j]), y[i].Length + y[j].Length, options.TakesRoot, $"{what}, ({i}, {j}) of one set");
        }

        CheckPair(here, problem, x[0], y[0], what);
    }

    /// <summary>Distance, table and path of one pair.</summary>
    private static void CheckPair(DtwOptions options, WarpingProblem problem, double[][] x, double[][] y, string what)
    {
        Tensor<T> one = WarpingSeries.Tensor<T>(x), other = WarpingSeries.Tensor<T>(y);
        (int rows, int columns, int channels) = (x.Length, y.Length, x[0].Length);
        double expected = WarpingReference.Distance(problem, x, y);
        Near(Dtw.Distance(one, other, options), expected, rows + columns, options.TakesRoot, what);
        if (options.Channels == ChannelAlignment.Independent && channels > 1)
        {
            Assert.That(() => Dtw.Align(one, other, options), Throws.ArgumentException.With.Message.Contains("a path each"), what);
            return;
        }

        double[,] table = WarpingReference.Table(problem, x, y);
        Tensor<T> computed = Dtw.CostMatrix(one, other, options);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) Near(computed[i, j], table[i, j], rows + columns, isRoot: false, $"{what}, cell ({i}, {j})");
        }

        if (double.IsInfinity(expected))
        {
            Assert.That(() => Dtw.Align(one, other, options), Throws.InvalidOperationException.With.Message.Contains("no path"), what);
            return;
        }

        DtwAlignment<T> fit = Dtw.Align(one, other, options);
        (int row, int column) = fit.Path[^1];
        (int firstRow, int firstColumn) = fit.Path[0];
        Near(fit.Distance, expected, rows + columns, options.TakesRoot, what);
        Near(fit.Distance, options.TakesRoot ? Math.Sqrt(table[row, column]) : table[row, column], rows + columns, options.TakesRoot, $"{what}, end of the path");
        Assert.That((row == rows - 1 && columns - 1 - column <= options.Ends.EndY) || (column == columns - 1 && rows - 1 - row <= options.Ends.EndX), $"{what}, ends at {fit.Path[^1]}");
        Assert.That((firstRow == 0 && firstColumn <= options.Ends.BeginY) || (firstColumn == 0 && firstRow <= options.Ends.BeginX), $"{what}, begins at {fit.Path[0]}");
        for (int k = 1; k < fit.Path.Count; k++)
        {
            (int down, int right) = (fit.Path[k].X - fit.Path[k - 1].X, fit.Path[k].Y - fit.Path[k - 1].Y);
            Assert.That(down >= 0 && right >= 0 && down + right > 0, $"{what}, step {k}");
        }
    }

    private static void Near(T actual, double expected, int steps, bool isRoot, string what)
    {
        // A root near 0 is as far off as the root of what rounding leaves of its sum: the sums are what agrees.
        double value = double.CreateChecked(actual), sum = isRoot ? value * value : value, expectedSum = isRoot ? expected * expected : expected;
        bool isNear = double.IsFinite(expected) ? Math.Abs(sum - expectedSum) <= Tolerances.Warping<T>(steps, 3, isRoot: false) * (1 + Math.Abs(expectedSum)) : value.Equals(expected);
        if (!isNear) Assert.Fail($"{what}: {value}, not {expected}");
    }
}
