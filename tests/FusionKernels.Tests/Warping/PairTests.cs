using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;
using Warp = FusionKernels.Kernels.Warping.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>One pair on the host, at every width: its value and its table against the definition.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Hosts))]
[Parallelizable]
internal sealed class PairTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly WarpingProblem[] s_problems =
    [
        new(),
        new() { Finish = WarpingFinish.Root },
        new() { Cost = PointCost.Absolute },
        new() { Cost = PointCost.Euclidean },
        new() { Cost = PointCost.Cosine },
        new() { Recurrence = WarpingRecurrence.Symmetric2 },
        new() { Recurrence = WarpingRecurrence.Weighted, A = 0.05 },
        new() { Recurrence = WarpingRecurrence.Amerced, A = 0.25 },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.5, Cost = PointCost.Euclidean },
        new() { Recurrence = WarpingRecurrence.Gap, A = 0.5, Cost = PointCost.Absolute, SumsGapsSoFar = true },
        new() { Recurrence = WarpingRecurrence.CommonSubsequence, A = 0.5, Cost = PointCost.Euclidean, Finish = WarpingFinish.OneMinusPerShorter },
        new() { Recurrence = WarpingRecurrence.Edit, A = 0.5, Cost = PointCost.Euclidean, Finish = WarpingFinish.PerLonger },
        new() { Recurrence = WarpingRecurrence.MoveSplitMerge, A = 0.5, Cost = PointCost.Absolute },
        new() { Recurrence = WarpingRecurrence.TimeWarpEdit, A = 0.25, B = 0.5, Cost = PointCost.Absolute },
        new() { Recurrence = WarpingRecurrence.Frechet, Cost = PointCost.Euclidean },
    ];

    private static double Tolerance => typeof(T) == typeof(float) ? 2e-5 : 1e-12;

    [Test]
    public void Values_and_tables_are_those_of_the_definition([ValueSource(nameof(s_problems))] WarpingProblem problem, [Values(1, 3)] int channels)
    {
        if (channels > 1 && problem.Recurrence is WarpingRecurrence.MoveSplitMerge or WarpingRecurrence.TimeWarpEdit) return;
        foreach ((int rows, int columns) in PairSeries.Shapes) Check(problem, rows, columns, channels);
    }

    [Test]
    public void Windows_leave_out_what_they_leave_out([ValueSource(nameof(s_problems))] WarpingProblem problem)
    {
        foreach ((int rows, int columns) in PairSeries.FewShapes)
        {
            foreach (WarpingWindow window in PairSeries.Windows(rows, columns)) Check(problem with { Window = window }, rows, columns, 1);
        }
    }

    [Test]
    public void Open_ends_let_paths_begin_and_end_where_they_reach(
        [Values(WarpingRecurrence.Symmetric1, WarpingRecurrence.Symmetric2, WarpingRecurrence.Frechet)] WarpingRecurrence recurrence, [Values] bool windowed)
    {
        foreach ((int rows, int columns) in PairSeries.FewShapes)
        {
            foreach (WarpingEnds ends in PairSeries.Ends)
            {
                Check(new() { Recurrence = recurrence, Ends = ends, Window = windowed ? WarpingWindow.Radius(7) : WarpingWindow.None }, rows, columns, 1);
            }
        }
    }

    [Test]
    public void Independent_channels_add_up()
    {
        double[][] x = PairSeries.Walk(90, 3, 1), y = PairSeries.Walk(70, 3, 2);
        WarpingProblem problem = new() { Independent = true, Finish = WarpingFinish.Root };
        Assert.That(Distance(problem, x, y), Is.EqualTo(WarpingReference.Distance(problem, x, y)).Within(Tolerance).Percent);
        Assert.That(
            () => Warp.Align(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(y), 0, PairSeries.Settings),
            Throws.ArgumentException.With.Message.Contains("3 channels that are aligned independently have no common path"));
    }

    [Test]
    public void Missing_samples_cost_nothing([Values(1, 2)] int channels)
    {
        double[][] x = PairSeries.Walk(80, channels, 1), y = PairSeries.Walk(75, channels, 2);
        x[3][0] = x[40][channels - 1] = y[0][0] = y[74][channels - 1] = double.NaN;
        WarpingProblem problem = new() { SkipsMissing = true };
        Assert.That(Distance(problem, x, y), Is.EqualTo(WarpingReference.Distance(problem, x, y)).Within(Tolerance).Percent);
    }

    [Test]
    public void Given_costs_may_lie_anyhow(
        [Values(WarpingRecurrence.Symmetric1, WarpingRecurrence.Symmetric2, WarpingRecurrence.Weighted, WarpingRecurrence.CommonSubsequence)] WarpingRecurrence recurrence,
        [Values] bool windowed)
    {
        WarpingProblem problem = new() { Recurrence = recurrence, A = 0.25, Window = windowed ? WarpingWindow.Radius(6) : WarpingWindow.None };
        foreach ((int rows, int columns) in PairSeries.FewShapes)
        {
            double[][] x = PairSeries.Walk(rows, 1, 1), y = PairSeries.Walk(columns, 1, 2);
            double[,] costs = WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y);
            T[] across = [.. costs.Cast<double>().Select(T.CreateChecked)], down = new T[costs.Length];
            for (int k = 0; k < across.Length; k++) down[(k % columns * rows) + (k / columns)] = across[k];
            double expected = Distance(problem, x, y);
            MatrixRef<T> transposed = MatrixRef<T>.Of(down, columns, rows).Transposed;
            T[] table = PairSeries.Table<T>(rows, columns);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(double.CreateChecked(Warp.DistanceOfCosts(engine.Shared, problem, MatrixRef<T>.Of(across, rows, columns), PairSeries.Settings)), Is.EqualTo(expected).Within(Tolerance).Percent);
                Assert.That(double.CreateChecked(Warp.DistanceOfCosts(engine.Shared, problem, transposed, PairSeries.Settings)), Is.EqualTo(expected).Within(Tolerance).Percent);
                Assert.That(double.CreateChecked(Warp.CostMatrixOfCosts(engine.Shared, problem, transposed, MatrixRef<T>.Of(table, rows, columns), PairSeries.Settings)), Is.EqualTo(expected).Within(Tolerance).Percent);
            }
        }
    }

    [Test]
    public void Given_costs_are_not_enough_where_samples_are_read([Values(WarpingRecurrence.Gap, WarpingRecurrence.MoveSplitMerge, WarpingRecurrence.TimeWarpEdit)] WarpingRecurrence recurrence) =>
        Assert.That(
            () => Warp.DistanceOfCosts(engine.Shared, new() { Recurrence = recurrence }, MatrixRef<T>.Of(new T[4], 2, 2), PairSeries.Settings),
            Throws.ArgumentException.With.Message.Contains("reads samples beside point costs"));

    [Test]
    public void A_window_without_a_path_is_infinitely_far()
    {
        bool[,] mask = new bool[20, 20];
        for (int i = 0; i < 20; i++) mask[i, i] = i != 10;
        WarpingProblem problem = new() { Window = WarpingWindow.Custom(mask) };
        double[][] x = PairSeries.Walk(20, 1, 1);
        Assert.That(Distance(problem, x, x), Is.EqualTo(double.PositiveInfinity));
        Assert.That(
            () => Warp.Align(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(x), 0, PairSeries.Settings),
            Throws.InvalidOperationException.With.Message.Contains("no path leads through 20 x 20 samples"));
    }

    [Test]
    public void Tables_of_more_columns_than_are_recorded_at_once_are_those_of_the_definition()
    {
        foreach (WarpingWindow window in (WarpingWindow[])[WarpingWindow.None, WarpingWindow.Slanted(5), PairSeries.Sieve(70, 9000)])
        {
            Check(new() { Window = window }, 70, 9000, channels: 1);
        }
    }

    [Test]
    public void Tables_of_the_wrong_shape_and_other_channels_are_refused()
    {
        SeriesPack<T> x = PairSeries.Pack<T>(PairSeries.Walk(4, 1, 1)), y = PairSeries.Pack<T>(PairSeries.Walk(5, 2, 1));
        Assert.That(() => Warp.Distance(engine.Shared, new(), x, 0, y, 0, PairSeries.Settings), Throws.ArgumentException.With.Message.Contains("x has 1 channels, y 2"));
        Assert.That(() => Warp.CostMatrix(engine.Shared, new(), x, 0, x, 0, MatrixRef<T>.Of(new T[20], 4, 5), PairSeries.Settings), Throws.ArgumentException.With.Message.Contains("4 x 5, the pair needs 4 x 4"));
    }

    [Test]
    public void Tables_that_no_memory_holds_are_refused_with_their_bytes_and_another_way()
    {
        string bytes = typeof(T) == typeof(float) ? "1000000 x 1000000 table takes 4000000000000 bytes" : "1000000 x 1000000 table takes 8000000000000 bytes";
        T[] x = new T[1_000_000];
        Tensor<T> series = Tensor.Create(x, [x.Length]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => Dtw.CostMatrix<T>(x, x, new() { Device = engine.Device }), Throws.InvalidOperationException.With.Message.Contains(bytes).And.Message.Contains("whose memory grows with the lengths alone"));
            Assert.That(
                () => ElasticDistance.CostMatrix(series, series, new MsmOptions { Device = engine.Device }), Throws.InvalidOperationException.With.Message.Contains(bytes).And.Message.Contains("whose memory grows with the lengths alone"));
            Assert.That(
                () => SoftDtw.ExpectedAlignment(series, series, new() { Device = engine.Device }), Throws.InvalidOperationException.With.Message.Contains(bytes).And.Message.Contains("ask for the value and its gradients, which keep no table"));
            Assert.That(
                () => SoftDtw.ValueAndGradient(series, series, new() { Device = engine.Device }),
                Throws.ArgumentException.With.Message.Contains("bytes of working memory").And.Message.Contains("ask for the value alone, whose memory grows with the lengths"));
        }
    }

    [Test]
    public void Cancellation_comes_between_strips() => Assert.That(
        () => Warp.Distance(engine.Shared, new(), PairSeries.Pack<T>(PairSeries.Walk(99, 1, 1)), 0, PairSeries.Pack<T>(PairSeries.Walk(99, 1, 1)), 0, PairSeries.Settings with { Cancellation = new(true) }),
        Throws.InstanceOf<OperationCanceledException>());

    private void Check(WarpingProblem problem, int rows, int columns, int channels)
    {
        double[][] x = PairSeries.Walk(rows, channels, rows), y = PairSeries.Walk(columns, channels, columns + 1000);
        double[,] expected = WarpingReference.Table(problem, x, y);
        double distance = WarpingReference.Distance(problem, x, y);
        string what = $"{rows} x {columns}, {problem.Window}, {problem.Ends}";
        T[] table = PairSeries.Table<T>(rows, columns);
        T whole = Warp.CostMatrix(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(y), 0, MatrixRef<T>.Of(table, rows, columns), PairSeries.Settings);
        T alone = Warp.Distance(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(y), 0, PairSeries.Settings);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(alone, Is.EqualTo(whole), what);
            Assert.That(double.CreateChecked(alone), Near(distance), what);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double cell = double.CreateChecked(table[(i * columns) + j]);
                    if (!IsNear(cell, expected[i, j])) Assert.That(cell, Near(expected[i, j]), $"{what}, cell ({i}, {j})");
                }
            }
        }
    }

    private double Distance(WarpingProblem problem, double[][] x, double[][] y) =>
        double.CreateChecked(Warp.Distance(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(y), 0, PairSeries.Settings));

    private static bool IsNear(double value, double expected) => value == expected || Math.Abs(value - expected) <= Tolerance * Math.Max(1, Math.Abs(expected));

    private static NUnit.Framework.Constraints.Constraint Near(double expected) =>
        double.IsFinite(expected) ? Is.EqualTo(expected).Within(Tolerance * Math.Max(1, Math.Abs(expected))) : Is.EqualTo(expected);
}
