using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using Warp = FusionKernels.Kernels.Warping.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>Paths: the same as through the whole table, in memory that grows with the lengths.</summary>
[TestFixtureSource(typeof(DeviceWarpingFixtures), nameof(DeviceWarpingFixtures.HostsAndSlowDevices))]
[Parallelizable]
internal sealed class PathTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly WarpingProblem[] s_problems =
    [
        new(),
        new() { Cost = PointCost.Absolute },
        new() { Recurrence = WarpingRecurrence.Symmetric2 },
        new() { Recurrence = WarpingRecurrence.Amerced, A = 0.25 },
        new() { Recurrence = WarpingRecurrence.Frechet, Cost = PointCost.Absolute },
    ];

    [Test]
    public void A_path_is_that_through_the_whole_table([ValueSource(nameof(s_problems))] WarpingProblem problem)
    {
        foreach ((int rows, int columns) in PairSeries.Shapes)
        {
            Check(problem, rows, columns, 1);
            Check(problem with { Window = WarpingWindow.Radius(4) }, rows, columns, 2);
            Check(problem with { Window = PairSeries.Sieve(rows, columns) }, rows, columns, 1);
        }
    }

    [Test]
    public void A_path_begins_and_ends_where_it_may([ValueSource(nameof(s_problems))] WarpingProblem problem)
    {
        foreach ((int rows, int columns) in PairSeries.FewShapes)
        {
            foreach (WarpingEnds ends in PairSeries.Ends) Check(problem with { Ends = ends }, rows, columns, 1);
        }
    }

    [TestCase(2600, 2500)]
    [TestCase(70, 32_000)]
    [TestCase(32_000, 70)]
    [TestCase(3000, 1)]
    public void Long_paths_are_traced_between_kept_rows_and_columns(int rows, int columns)
    {
        Check(new(), rows, columns, 1);
        Check(new() { Ends = WarpingEnds.Relaxed(900) }, rows, columns, 1);
        Check(new() { Window = WarpingWindow.Radius(90) }, rows, columns, 1);
    }

    [Test]
    public void Paths_through_given_costs_are_those_of_the_series()
    {
        double[][] x = PairSeries.Walk(150, 1, 1), y = PairSeries.Walk(170, 1, 2);
        T[] costs = [.. WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y).Cast<double>().Select(T.CreateChecked)];
        WarpingAlignment<T> given = Warp.AlignOfCosts(engine.Shared, new(), MatrixRef<T>.Of(costs, 150, 170), PairSeries.Settings);
        WarpingAlignment<T> computed = Align(new(), x, y);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(given.X, Is.EqualTo(computed.X));
            Assert.That(given.Y, Is.EqualTo(computed.Y));
            Assert.That(given.Distance, Is.EqualTo(computed.Distance));
        }
    }

    [Test]
    public void Every_recurrence_has_a_path_from_the_begin_on(
        [Values(WarpingRecurrence.Weighted, WarpingRecurrence.Gap, WarpingRecurrence.CommonSubsequence, WarpingRecurrence.Edit, WarpingRecurrence.MoveSplitMerge, WarpingRecurrence.TimeWarpEdit)] WarpingRecurrence recurrence)
    {
        WarpingProblem problem = new() { Recurrence = recurrence, A = 0.5, B = 0.25, Cost = PointCost.Euclidean };
        foreach ((int rows, int columns) in PairSeries.Shapes)
        {
            double[][] x = PairSeries.Walk(rows, 1, 1), y = PairSeries.Walk(columns, 1, 2);
            WarpingAlignment<T> path = Align(problem, x, y);
            RequireMonotone(path, rows, columns);
            Assert.That((path.X[0] == 0 || path.Y[0] == 0) && path.X[^1] == rows - 1 && path.Y[^1] == columns - 1, $"{rows} x {columns}");
            Assert.That(path.EndValue, Is.EqualTo(Warp.Distance(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(y), 0, PairSeries.Settings)));
        }
    }

    [Test]
    public void Equal_series_are_aligned_along_the_diagonal()
    {
        double[][] x = PairSeries.Walk(300, 2, 1);
        foreach (WarpingProblem problem in s_problems)
        {
            WarpingAlignment<T> path = Align(problem, x, x);
            Assert.That(path.X, Is.EqualTo(Enumerable.Range(0, 300)));
            Assert.That(path.Y, Is.EqualTo(path.X));
            Assert.That(path.Distance, Is.EqualTo(T.Zero));
        }
    }

    [Test]
    public void Constant_series_go_to_the_diagonal_first()
    {
        WarpingAlignment<T> path = Align(new(), [[1], [1], [1], [1], [1]], [[1], [1], [1]]);
        Assert.That(string.Join(' ', path.X), Is.EqualTo("0 1 2 3 4"));
        Assert.That(string.Join(' ', path.Y), Is.EqualTo("0 0 0 1 2"));
    }

    private WarpingAlignment<T> Align(WarpingProblem problem, double[][] x, double[][] y) =>
        Warp.Align(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(y), 0, PairSeries.Settings);

    private void Check(WarpingProblem problem, int rows, int columns, int channels)
    {
        double[][] x = PairSeries.Walk(rows, channels, rows), y = PairSeries.Walk(columns, channels, columns + 1000);
        string what = $"{rows} x {columns}, {problem.Window}, {problem.Ends}";
        T[] table = PairSeries.Table<T>(rows, columns);
        T distance = Warp.CostMatrix(engine.Shared, problem, PairSeries.Pack<T>(x), 0, PairSeries.Pack<T>(y), 0, MatrixRef<T>.Of(table, rows, columns), PairSeries.Settings);
        if (T.IsInfinity(distance))
        {
            Assert.That(() => Align(problem, x, y), Throws.InvalidOperationException, what);
            return;
        }

        WarpingAlignment<T> path = Align(problem, x, y);
        (List<int> pathX, List<int> pathY) = Backtrack(problem, table, rows, columns, path.X[^1], path.Y[^1], x, y);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(path.Distance, Is.EqualTo(distance), what);
            Assert.That(path.EndValue, Is.EqualTo(table[(path.X[^1] * columns) + path.Y[^1]]), what);
            Assert.That(path.X.SequenceEqual(pathX) && path.Y.SequenceEqual(pathY), $"{what}: ({string.Join(' ', path.X.Take(9))}), ({string.Join(' ', path.Y.Take(9))}) against ({string.Join(' ', pathX.Take(9))}), ({string.Join(' ', pathY.Take(9))})");
            Assert.That(IsEnd(problem.Ends, path.X[^1], path.Y[^1], rows, columns) && IsBegin(problem.Ends, path.X[0], path.Y[0]), what);
            Assert.That(path.X.Zip(path.Y).All(cell => problem.Window.Allows(cell.First, cell.Second, rows, columns)), what);
            if (problem.Recurrence != WarpingRecurrence.Frechet) Assert.That(Along(problem, path, x, y), Is.EqualTo(double.CreateChecked(path.EndValue)), what);
        }

        RequireMonotone(path, rows, columns);
    }

    private static bool IsEnd(WarpingEnds ends, int row, int column, int rows, int columns) =>
        (row == rows - 1 && columns - 1 - column <= ends.EndY) || (column == columns - 1 && rows - 1 - row <= ends.EndX);

    private static bool IsBegin(WarpingEnds ends, int row, int column) => (row == 0 && column <= ends.BeginY) || (column == 0 && row <= ends.BeginX);

    private static void RequireMonotone(WarpingAlignment<T> path, int rows, int columns)
    {
        for (int k = 1; k < path.X.Length; k++)
        {
            int down = path.X[k] - path.X[k - 1], right = path.Y[k] - path.Y[k - 1];
            Assert.That(down is 0 or 1 && right is 0 or 1 && down + right > 0, $"{rows} x {columns}, step {k}");
        }
    }

    /// <summary>The costs along a path; exact, as the samples are multiples of 1/4.</summary>
    private static double Along(WarpingProblem problem, WarpingAlignment<T> path, double[][] x, double[][] y)
    {
        double sum = 0;
        for (int k = 0; k < path.X.Length; k++)
        {
            double cost = WarpingReference.PointCostOf(problem.Cost, x[path.X[k]], y[path.Y[k]]);
            bool isDiagonal = k > 0 && path.X[k] > path.X[k - 1] && path.Y[k] > path.Y[k - 1];
            sum += cost;
            if (isDiagonal && problem.Recurrence == WarpingRecurrence.Symmetric2) sum += cost;
            if (k > 0 && !isDiagonal && problem.Recurrence == WarpingRecurrence.Amerced) sum += problem.A;
        }

        return sum;
    }

    /// <summary>From the end, each time to the first neighbour from which the cell's value comes, or to nothing where a path begins.</summary>
    private static (List<int> X, List<int> Y) Backtrack(WarpingProblem problem, T[] table, int rows, int columns, int row, int column, double[][] x, double[][] y)
    {
        List<int> pathX = [], pathY = [];
        while (true)
        {
            pathX.Add(row);
            pathY.Add(column);
            double cost = WarpingReference.PointCostOf(problem.Cost, x[row], y[column]), value = Value(row, column);
            double penalty = problem.Recurrence == WarpingRecurrence.Amerced ? problem.A : 0;
            int weight = problem.Recurrence == WarpingRecurrence.Symmetric2 ? 2 : 1;
            bool isMaximum = problem.Recurrence == WarpingRecurrence.Frechet;
            if (IsBegin(problem.Ends, row, column) && value == cost) return (Enumerable.Reverse(pathX).ToList(), Enumerable.Reverse(pathY).ToList());
            if (Comes(row - 1, column - 1, weight, 0)) (row, column) = (row - 1, column - 1);
            else if (Comes(row - 1, column, 1, penalty)) row--;
            else if (Comes(row, column - 1, 1, penalty)) column--;
            else throw new InvalidOperationException($"cell ({row}, {column}) comes from nowhere");

            bool Comes(int i, int j, int factor, double extra) =>
                i >= 0 && j >= 0 && value == (isMaximum ? Math.Max(cost, Value(i, j)) : Value(i, j) + extra + (factor * cost));
        }

        double Value(int i, int j) => double.CreateChecked(table[(i * columns) + j]);
    }
}
