using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>The device kernels of warping against the definition: rules, costs, windows, ends, patterns, shapes.</summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.Real))]
[Parallelizable]
public sealed class DeviceWarpingTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Around one, two and four strips of 16 columns, and primes.
    private static readonly int[] s_rows = [1, 2, 13, 16, 33, 64];
    private static readonly int[] s_columns = [1, 3, 15, 16, 17, 31, 32, 33, 65, 7];

    [Test]
    public void Every_rule_and_cost_agrees_on_one_channel_and_on_three([Values(1, 3)] int channels)
    {
        double[][][] x = Set(s_rows, channels, 1), y = Set(s_columns, channels, 2);
        foreach (WarpingProblem problem in channels == 1 ? [.. DeviceWarpingCases.Rules, .. DeviceWarpingCases.OneChannelRules] : DeviceWarpingCases.Rules) Agree(problem, x, y);
    }

    [Test]
    public void Every_window_agrees_with_every_rule()
    {
        double[][][] x = Set(s_rows, 1, 3), y = Set(s_columns, 1, 4);
        foreach (WarpingProblem rule in OneOfEach())
        {
            foreach (WarpingWindow window in DeviceWarpingCases.Windows) Agree(rule with { Window = window }, x, y);
        }
    }

    [Test]
    public void Every_end_agrees_with_every_rule_that_has_ends()
    {
        double[][][] x = Set(s_rows, 1, 5), y = Set(s_columns, 1, 6);
        foreach (WarpingProblem rule in OneOfEach().Where(rule => rule.Recurrence is not (WarpingRecurrence.Gap or WarpingRecurrence.MoveSplitMerge or WarpingRecurrence.TimeWarpEdit)))
        {
            foreach (WarpingEnds ends in DeviceWarpingCases.Ends)
            {
                Agree(rule with { Ends = ends }, x, y);
                Agree(rule with { Ends = ends, Window = WarpingWindow.Radius(5) }, x, y);
            }
        }
    }

    [Test]
    public void Every_step_pattern_agrees_within_windows_and_with_open_ends()
    {
        double[][][] x = Set(s_rows, 2, 7), y = Set(s_columns, 2, 8);
        foreach (StepPattern pattern in DeviceWarpingCases.Patterns)
        {
            WarpingProblem problem = new() { Recurrence = WarpingRecurrence.Pattern, Pattern = pattern };
            Agree(problem, x, y);
            Agree(problem with { Window = WarpingWindow.Radius(4), Cost = PointCost.Euclidean }, x, y);
            Agree(problem with { Ends = WarpingEnds.Subsequence, Window = WarpingWindow.Slanted(9) }, x, y);
            Agree(problem with { Ends = new(1, 2, 3, 4), Cost = PointCost.Absolute, Independent = true }, x, y);
        }
    }

    [Test]
    public void A_window_with_holes_agrees_with_every_rule()
    {
        Random random = new(9);
        bool[,] mask = new bool[21, 70];
        for (int i = 0; i < 21; i++)
        {
            for (int j = 0; j < 70; j++) mask[i, j] = random.NextDouble() < 0.8 || j == 3 * i;
        }

        double[][][] x = Set([21, 21], 1, 10), y = Set([70, 70, 70], 1, 11);
        foreach (WarpingProblem rule in OneOfEach()) Agree(rule with { Window = WarpingWindow.Custom(mask) }, x, y);
        Agree(new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.ByName("symmetricP05"), Window = WarpingWindow.Custom(mask) }, x, y);
    }

    [Test]
    public void Independent_channels_are_added_up()
    {
        double[][][] x = Set(s_rows, 3, 12), y = Set(s_columns, 3, 13);
        foreach (WarpingProblem rule in OneOfEach()) Agree(rule with { Independent = true }, x, y);
    }

    [Test]
    public void Missing_samples_cost_nothing_where_they_may()
    {
        double[][][] x = Set([5, 17, 40], 2, 14), y = Set([18, 33], 2, 15);
        x[1][3][0] = x[1][4][1] = y[0][5][0] = y[0][5][1] = double.NaN;
        foreach (PointCost cost in (PointCost[])[PointCost.SquaredEuclidean, PointCost.Absolute, PointCost.Euclidean])
        {
            WarpingProblem problem = new() { Cost = cost, SkipsMissing = true };
            Agree(problem, x, y);
            Agree(problem with { Independent = true }, x, y);
            Agree(problem with { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.Asymmetric }, x, y);
        }
    }

    [Test]
    public void Sums_beyond_the_range_are_infinite_whether_samples_may_be_missing_or_not()
    {
        double huge = typeof(T) == typeof(float) ? float.MaxValue / 4 : double.MaxValue / 4;
        double[][][] x = [[[huge], [huge]]], y = [[[-huge], [1]]];
        foreach (bool skips in (bool[])[false, true])
        {
            StridedMatrix<T> result = new(new double[1, 1]);
            Kernels.Warping.Warping.Distances(
                engine.Shared, new WarpingProblem { SkipsMissing = skips }, DeviceWarpingAssert.Pack<T>(x), DeviceWarpingAssert.Pack<T>(y), result.Ref, DeviceWarpingAssert.Settings);
            Assert.That(T.IsPositiveInfinity(result[0, 0]));
        }
    }

    [Test]
    public void A_set_against_itself_is_symmetric_to_the_last_bit_in_any_layout([Values] OperandLayout layout)
    {
        double[][][] x = Set([17, 3, 40, 1, 16, 33, 17], 1, 16);
        Agree(new() { Finish = WarpingFinish.Root }, x, null, layout);
        Agree(new() { Recurrence = WarpingRecurrence.Gap, A = 0.1, Cost = PointCost.Euclidean, Window = WarpingWindow.Radius(4) }, x, null, layout);
        Agree(new() { Cost = PointCost.Cosine }, x, null, layout);
        Agree(new() { Ends = WarpingEnds.OpenEnd }, x, null, layout);
        Agree(new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.Asymmetric }, x, null, layout);
        StridedMatrix<T> result = new(new double[7, 7], layout);
        Kernels.Warping.Warping.Distances<T>(engine.Shared, new(), DeviceWarpingAssert.Pack<T>(x), null, result.Ref, DeviceWarpingAssert.Settings);
        for (int i = 0; i < 7; i++)
        {
            Assert.That(result[i, i], Is.EqualTo(T.Zero));
            for (int j = 0; j < 7; j++) Assert.That(result[i, j], Is.EqualTo(result[j, i]));
        }
    }

    [Test]
    public void A_pair_has_the_same_bits_whatever_stands_beside_it()
    {
        double[][][] x = Set([250, 31, 100, 7, 300, 64], 1, 17);
        WarpingProblem problem = new() { Window = WarpingWindow.Fraction(0.3) };
        StridedMatrix<T> all = new(new double[6, 6]);
        Kernels.Warping.Warping.Distances(engine.Shared, problem, DeviceWarpingAssert.Pack<T>(x), DeviceWarpingAssert.Pack<T>(x), all.Ref, DeviceWarpingAssert.Settings);
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                StridedMatrix<T> one = new(new double[1, 1]);
                Kernels.Warping.Warping.Distances(engine.Shared, problem, DeviceWarpingAssert.Pack<T>([x[i]]), DeviceWarpingAssert.Pack<T>([x[j]]), one.Ref, DeviceWarpingAssert.Settings);
                Assert.That(one[0, 0], Is.EqualTo(all[i, j]), $"{i}, {j}");
            }
        }
    }

    private static double[][][] Set(int[] lengths, int channels, int seed) => DeviceWarpingAssert.Series(lengths, channels, seed);

    private static IEnumerable<WarpingProblem> OneOfEach() =>
        [.. DeviceWarpingCases.Rules.Concat(DeviceWarpingCases.OneChannelRules).Where(rule => rule.Cost != PointCost.Cosine).DistinctBy(rule => (rule.Recurrence, rule.Cost == PointCost.SquaredEuclidean))];

    private void Agree(WarpingProblem problem, double[][][] x, double[][][]? y, OperandLayout layout = OperandLayout.RowMajor) =>
        DeviceWarpingAssert.Agree<T>(engine.Shared, problem, x, y, layout);
}
