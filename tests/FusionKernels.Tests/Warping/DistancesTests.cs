using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;
using Warp = FusionKernels.Kernels.Warping.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>All pairs on the host, at every width: every rule against its definition, for sets that fill the lanes in every way.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Hosts))]
[Parallelizable]
internal sealed class DistancesTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private static readonly int[] s_lengths = [1, 2, 3, 4, 5, 7, 8, 13, 17, 23, 31, 32, 33];

    private static readonly WarpingProblem[] s_problems =
    [
        new(),
        new() { Finish = WarpingFinish.Root },
        new() { Cost = PointCost.Absolute },
        new() { Cost = PointCost.Euclidean },
        new() { Cost = PointCost.Cosine },
        new() { Independent = true },
        new() { Recurrence = WarpingRecurrence.Symmetric2 },
        new() { Recurrence = WarpingRecurrence.Weighted, A = 0.05 },
        new() { Recurrence = WarpingRecurrence.Amerced, A = 0.25 },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.5, Cost = PointCost.Euclidean },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.5, Cost = PointCost.Absolute, SumsGapsSoFar = true },
        new() { Recurrence = WarpingRecurrence.CommonSubsequence, A = 0.5, Cost = PointCost.Euclidean, Finish = WarpingFinish.OneMinusPerShorter },
        new() { Recurrence = WarpingRecurrence.Edit, A = 0.5, Cost = PointCost.Euclidean, Finish = WarpingFinish.PerLonger },
        new() { Recurrence = WarpingRecurrence.MoveSplitMerge, A = 0.5, Cost = PointCost.Absolute, Independent = true },
        new() { Recurrence = WarpingRecurrence.TimeWarpEdit, A = 0.25, B = 0.5, Cost = PointCost.Euclidean },
        new() { Recurrence = WarpingRecurrence.Frechet, Cost = PointCost.Euclidean },
    ];

    /// <summary>Pairs that are computed side by side: two vectors.</summary>
    private int Lanes => 2 * Math.Max(1, Width(((HostEngine)engine.Shared).Width) / Element.SizeOf<T>());

    [Test]
    public void Every_rule_is_that_of_the_definition([ValueSource(nameof(s_problems))] WarpingProblem problem, [Values(1, 2, 3)] int channels) =>
        Check(problem, Set(5, channels, 1), Set(Lanes + 1, channels, 2));

    [Test]
    public void Lanes_may_be_filled_in_any_way([Values(-1, 0, 1)] int more, [Values(1, 4)] int channels) =>
        Check(new(), Set(Math.Max(1, Lanes + more), channels, 3), Set(Math.Max(1, (2 * Lanes) + more), channels, 4));

    [Test]
    public void Windows_leave_out_what_they_leave_out([ValueSource(nameof(s_problems))] WarpingProblem problem)
    {
        foreach (WarpingWindow window in new[] { WarpingWindow.Radius(0), WarpingWindow.Radius(3), WarpingWindow.Fraction(0.4), WarpingWindow.Slanted(2), WarpingWindow.Itakura(2) })
        {
            Check(problem with { Window = window }, Set(6, 1, 5), Set(Lanes + 1, 1, 6));
            Check(problem with { Window = window }, Set(6, 3, 5), Set(Lanes + 1, 3, 6));
        }
    }

    [Test]
    public void What_fits_no_lanes_goes_pair_by_pair()
    {
        double[][][] x = Set(4, 1, 7), y = Set(5, 1, 8);
        Check(new() { Recurrence = WarpingRecurrence.Pattern, Pattern = StepPattern.Symmetric1 }, x, y);
        Check(new() { Ends = WarpingEnds.OpenEnd }, x, y);
        Check(new() { Ends = WarpingEnds.Relaxed(2), Finish = WarpingFinish.Root, Independent = true }, Set(3, 2, 9), Set(4, 2, 10));
        Check(new() { Ends = WarpingEnds.Subsequence }, x, null);
    }

    [Test]
    public void A_set_against_itself_is_symmetric_to_the_bit([ValueSource(nameof(s_problems))] WarpingProblem problem)
    {
        double[][][] x = Set(Lanes + 3, 1, 11);
        Check(problem, x, null);
        T[,] once = Distances(problem, x, null), twice = Distances(problem, x, x);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(once, Is.EqualTo(twice));
            Assert.That(once, Is.EqualTo(Transposed(once)));
        }
    }

    [Test]
    public void Threads_and_order_change_no_bit([Values(1, 3)] int channels)
    {
        double[][][] x = Set(Lanes + 5, channels, 12);
        int[] order = [.. Enumerable.Range(0, x.Length).OrderBy(i => i * 7 % 11).ThenByDescending(i => i)];
        T[,] one = Distances(new(), x, null, threads: 1), all = Distances(new(), x, null), permuted = Distances(new(), [.. order.Select(i => x[i])], null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(all, Is.EqualTo(one));
            for (int i = 0; i < order.Length; i++)
            {
                for (int j = 0; j < order.Length; j++) Assert.That(permuted[i, j], Is.EqualTo(one[order[i], order[j]]));
            }
        }
    }

    [Test]
    public void A_pair_with_a_missing_sample_is_NaN_or_skips_it()
    {
        double[][][] x = Set(4, 2, 13), y = Set(Lanes + 4, 2, 14);
        x[1][0][1] = y[2][^1][0] = double.NaN;
        y[3][0][0] = double.PositiveInfinity;
        Check(new(), x, y);
        y[3][0][0] = double.NaN;
        Check(new() { SkipsMissing = true }, x, y);
        Check(new() { SkipsMissing = true, Cost = PointCost.Euclidean }, x, y);
    }

    [Test]
    public void Values_out_of_range_become_infinity_or_zero_but_never_NaN(
        [Values(WarpingRecurrence.Symmetric1, WarpingRecurrence.Symmetric2, WarpingRecurrence.Amerced, WarpingRecurrence.Frechet)] WarpingRecurrence recurrence)
    {
        double huge = typeof(T) == typeof(float) ? 1e38 : 1e307, tiny = double.CreateChecked(T.Epsilon) * 8;
        T[,] far = Distances(new() { Recurrence = recurrence }, [[[huge], [-huge]]], [[[-huge], [huge], [huge]]]);
        T[,] near = Distances(new() { Recurrence = recurrence }, [[[tiny], [-tiny]]], [[[-tiny], [tiny], [tiny]]]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(far[0, 0], Is.EqualTo(T.PositiveInfinity));
            Assert.That(near[0, 0], Is.EqualTo(T.Zero));
        }
    }

    [Test]
    public void One_against_many_is_many_against_one_transposed()
    {
        double[][][] one = Set(1, 1, 15), many = Set((2 * Lanes) + 3, 1, 16);
        Assert.That(Transposed(Distances(new() { Window = WarpingWindow.Radius(4) }, many, one)), Is.EqualTo(Distances(new() { Window = WarpingWindow.Radius(4) }, one, many)));
    }

    [Test]
    public void Results_may_lie_in_wider_rows_or_transposed()
    {
        SeriesPack<T> x = Pack(Set(3, 1, 17)), y = Pack(Set(4, 1, 18));
        T[] wide = new T[3 * 6], across = new T[12];
        Warp.Distances(engine.Shared, new(), x, y, new MatrixRef<T>(ref wide[0], 3, 4, 6), PairSeries.Settings);
        Warp.Distances(engine.Shared, new(), x, y, MatrixRef<T>.Of(across, 4, 3).Transposed, PairSeries.Settings);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 6; j++) Assert.That(wide[(i * 6) + j], Is.EqualTo(j < 4 ? across[(j * 3) + i] : T.Zero));
        }
    }

    [Test]
    public void Progress_ends_at_one_and_a_cancelled_call_throws()
    {
        SeriesPack<T> x = Pack(Set(Lanes + 1, 1, 19));
        T[] result = new T[x.Count * x.Count];
        LastValue progress = new();
        Warp.Distances(engine.Shared, new(), x, null, MatrixRef<T>.Of(result, x.Count, x.Count), new("Test", Progress: progress));
        RunSettings cancelled = new("Test", Cancellation: new CancellationToken(canceled: true));
        Assert.That(progress.Value, Is.EqualTo(1));
        Assert.That(() => Warp.Distances(engine.Shared, new(), x, null, MatrixRef<T>.Of(result, x.Count, x.Count), cancelled), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void The_plan_counts_the_cells_in_the_window()
    {
        WarpingPlan plan = new(new() { Window = WarpingWindow.Radius(1) }, [4, 4], [4, 4], isSymmetric: true, 1, Element.SizeOf<T>());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Pairs, Is.EqualTo(3));
            Assert.That(plan.TableCells, Is.EqualTo(48));
            Assert.That(plan.Cells, Is.EqualTo(30).Within(1e-9));
            Assert.That(plan.HostScratchBytes(2, SimdWidth.Bits256), Is.EqualTo(2 * plan.HostScratchBytes(1, SimdWidth.Bits256)));
        }
    }

    [Test]
    public void Shapes_that_do_not_fit_are_refused_in_words()
    {
        SeriesPack<T> x = Pack(Set(2, 1, 20)), y = Pack(Set(3, 2, 21));
        Assert.That(() => Warp.Distances(engine.Shared, new(), x, y, MatrixRef<T>.Of(new T[6], 2, 3), PairSeries.Settings), Throws.ArgumentException.With.Message.Contains("x have 1 channels, those of y 2"));
        Assert.That(() => Warp.Distances(engine.Shared, new(), x, null, MatrixRef<T>.Of(new T[6], 2, 3), PairSeries.Settings), Throws.ArgumentException.With.Message.Contains("the result is 2 x 3"));
    }

    private static int Width(SimdWidth width) => width == SimdWidth.Scalar ? 0 : 16 << (width - SimdWidth.Bits128);

    /// <summary>Series of many lengths, of values that are exact in any element.</summary>
    private static double[][][] Set(int count, int channels, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => PairSeries.Walk(s_lengths[((i * 5) + seed) % s_lengths.Length], channels, (seed * 1000) + i))];

    private static SeriesPack<T> Pack(double[][][] set)
    {
        SeriesPack<T> pack = new([.. set.Select(series => series.Length)], set[0][0].Length);
        int place = 0;
        foreach (double value in set.SelectMany(series => series).SelectMany(sample => sample)) pack.Values[place++] = Element.Of<T>(value);
        return pack;
    }

    private static T[,] Transposed(T[,] matrix)
    {
        T[,] result = new T[matrix.GetLength(1), matrix.GetLength(0)];
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < result.GetLength(1); j++) result[i, j] = matrix[j, i];
        }

        return result;
    }

    private T[,] Distances(WarpingProblem problem, double[][][] x, double[][][]? y, int threads = 0)
    {
        int columns = (y ?? x).Length;
        T[] values = new T[x.Length * columns];
        Warp.Distances(engine.Shared, problem, Pack(x), y is null ? null : Pack(y), MatrixRef<T>.Of(values, x.Length, columns), new("Test", threads));
        T[,] result = new T[x.Length, columns];
        for (int k = 0; k < values.Length; k++) result[k / columns, k % columns] = values[k];
        return result;
    }

    private void Check(WarpingProblem problem, double[][][] x, double[][][]? y)
    {
        T[,] computed = Distances(problem, x, y);
        double[][][] columns = y ?? x;
        using (Assert.EnterMultipleScope())
        {
            for (int i = 0; i < x.Length; i++)
            {
                for (int j = 0; j < columns.Length; j++)
                {
                    double expected = WarpingReference.Distance(problem, x[i], columns[j]), value = double.CreateChecked(computed[i, j]);
                    double tolerance = Tolerances.Warping<T>(x[i].Length + columns[j].Length, x[i][0].Length, problem.Finish == WarpingFinish.Root) * (1 + Math.Abs(expected));
                    bool isSame = double.IsFinite(expected) ? Math.Abs(value - expected) <= tolerance : value.Equals(expected);
                    if (!isSame) Assert.Fail($"{problem}: pair ({i}, {j}) of {x[i].Length} x {columns[j].Length} samples is {value}, not {expected}");
                }
            }
        }
    }

    private sealed class LastValue : IProgress<double>
    {
        public double Value { get; private set; }

        public void Report(double value) => Value = value;
    }
}
