using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;
using Warp = FusionKernels.Kernels.Warping.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>Step patterns on the host, at every width: value, table and path against the definition.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Hosts))]
[Parallelizable]
internal sealed class PatternTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly string[] s_names = [.. StepPattern.Names, "rj1d", "rj2as", "rj3b", "rj4cs", "rj5d", "rj6c", "rj7as", "mvm10"];

    /// <summary>Myers' example: 5 x 5 point costs.</summary>
    private static readonly int[] s_myers = [1, 2, 3, 4, 5, 3, 2, 1, 2, 3, 4, 3, 1, 3, 4, 4, 3, 1, 3, 4, 5, 4, 3, 2, 1];

    private static double Tolerance => typeof(T) == typeof(float) ? 1e-5 : 1e-13;

    [Test]
    public void Every_pattern_is_what_its_steps_say([ValueSource(nameof(s_names))] string name)
    {
        foreach ((int rows, int columns) in PairSeries.FewShapes)
        {
            Check(StepPattern.ByName(name), rows, columns, WarpingWindow.None, WarpingEnds.Closed);
            Check(StepPattern.ByName(name), rows, columns, WarpingWindow.Radius(6), WarpingEnds.Closed);
        }
    }

    [Test]
    public void Windows_and_ends_hold_for_patterns([Values("symmetric2", "asymmetric", "symmetricP05", "typeIIIc")] string name)
    {
        foreach ((int rows, int columns) in PairSeries.FewShapes)
        {
            foreach (WarpingWindow window in PairSeries.Windows(rows, columns)) Check(StepPattern.ByName(name), rows, columns, window, WarpingEnds.Closed);
            foreach (WarpingEnds ends in PairSeries.Ends) Check(StepPattern.ByName(name), rows, columns, WarpingWindow.None, ends);
        }
    }

    [Test]
    public void A_pattern_of_the_three_neighbours_is_the_rule([Values("symmetric1", "symmetric2")] string name)
    {
        WarpingProblem rule = new() { Recurrence = name == "symmetric1" ? WarpingRecurrence.Symmetric1 : WarpingRecurrence.Symmetric2 };
        foreach ((int rows, int columns) in PairSeries.Shapes)
        {
            SeriesPack<T> x = PairSeries.Pack<T>(PairSeries.Walk(rows, 2, 1)), y = PairSeries.Pack<T>(PairSeries.Walk(columns, 2, 2));
            WarpingAlignment<T> byRule = Warp.Align(engine.Shared, rule, x, 0, y, 0, PairSeries.Settings);
            WarpingAlignment<T> byPattern = Warp.Align(engine.Shared, Problem(StepPattern.ByName(name)), x, 0, y, 0, PairSeries.Settings);
            Assert.That(byPattern.EndValue, Is.EqualTo(byRule.EndValue));
            Assert.That(byPattern.X.Zip(byPattern.Y).Count(), Is.EqualTo(byRule.X.Length));
        }
    }

    [TestCase("asymmetric")]
    [TestCase("symmetricP1")]
    public void Long_paths_are_traced_between_kept_rows(string name)
    {
        Check(StepPattern.ByName(name), 2100, 2200, WarpingWindow.None, WarpingEnds.Closed, onlyPath: true);
        Check(StepPattern.ByName(name), 6000, 5000, WarpingWindow.Radius(20), new(0, 0, 0, 2000), onlyPath: true);
    }

    [Test]
    public void A_pattern_that_cannot_reach_the_end_leaves_no_path()
    {
        SeriesPack<T> x = PairSeries.Pack<T>(PairSeries.Walk(4, 1, 1)), y = PairSeries.Pack<T>(PairSeries.Walk(20, 1, 2));
        WarpingProblem problem = Problem(StepPattern.Asymmetric);
        Assert.That(Warp.Distance(engine.Shared, problem, x, 0, y, 0, PairSeries.Settings), Is.EqualTo(T.PositiveInfinity));
        Assert.That(
            () => Warp.Align(engine.Shared, problem, x, 0, y, 0, PairSeries.Settings),
            Throws.InvalidOperationException.With.Message.Contains("no path leads through 4 x 20 samples").And.Message.Contains("step pattern 'asymmetric'"));
    }

    /// <summary>Myers' matrix of the dtw package's documentation, and what the package prints for it.</summary>
    [TestCase("symmetric1", 8.0, new[] { 0, 1, 2, 3, 4 }, new[] { 0, 1, 2, 3, 4 })]
    [TestCase("symmetric2", 12.0, new[] { 0, 0, 1, 2, 3, 3, 4 }, new[] { 0, 1, 2, 2, 2, 3, 4 })]
    [TestCase("asymmetric", 5.0, new[] { 0, 1, 2, 3, 4 }, new[] { 0, 2, 2, 2, 4 })]
    [TestCase("asymmetricP0", 5.0, new[] { 0, 0, 1, 2, 3, 3, 4 }, new[] { 0, 1, 2, 2, 2, 3, 4 })]
    [TestCase("symmetricP05", 13.0, new[] { 0, 1, 2, 3, 4, 4 }, new[] { 0, 1, 2, 2, 3, 4 })]
    [TestCase("symmetricP2", 15.0, new[] { 0, 1, 2, 3, 4 }, new[] { 0, 1, 2, 3, 4 })]
    [TestCase("typeIa", 5.0, new[] { 0, 1, 2, 3, 3, 4 }, new[] { 0, 1, 1, 2, 3, 4 })]
    [TestCase("typeIIa", 5.0, new[] { 0, 1, 3, 4 }, new[] { 0, 1, 2, 4 })]
    [TestCase("typeIIIc", 6.0, new[] { 0, 1, 2, 3, 4 }, new[] { 0, 1, 2, 2, 4 })]
    [TestCase("mori2006", 19.0, new[] { 0, 1, 2, 3, 4, 4 }, new[] { 0, 1, 2, 2, 3, 4 })]
    [TestCase("rj1c", 5.0, new[] { 0, 0, 0, 1, 2, 3, 3, 3, 4 }, new[] { 0, 1, 2, 2, 2, 2, 3, 4, 4 })]
    public void Paths_are_those_that_R_prints(string name, double distance, int[] x, int[] y)
    {
        T[] costs = [.. s_myers.Select(T.CreateChecked)];
        WarpingAlignment<T> path = Warp.AlignOfCosts(engine.Shared, Problem(StepPattern.ByName(name)), MatrixRef<T>.Of(costs, 5, 5), PairSeries.Settings);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(double.CreateChecked(path.Distance), Is.EqualTo(distance).Within(1e-5));
            Assert.That(path.X, Is.EqualTo(x));
            Assert.That(path.Y, Is.EqualTo(y));
        }
    }

    private static WarpingProblem Problem(StepPattern pattern) => new() { Recurrence = WarpingRecurrence.Pattern, Pattern = pattern };

    private void Check(StepPattern pattern, int rows, int columns, WarpingWindow window, WarpingEnds ends, bool onlyPath = false)
    {
        WarpingProblem problem = Problem(pattern) with { Window = window, Ends = ends };
        double[][] x = PairSeries.Walk(rows, 1, rows), y = PairSeries.Walk(columns, 1, columns + 1000);
        SeriesPack<T> packX = PairSeries.Pack<T>(x), packY = PairSeries.Pack<T>(y);
        string what = $"{pattern}, {rows} x {columns}, {window}, {ends}";
        double distance = double.CreateChecked(Warp.Distance(engine.Shared, problem, packX, 0, packY, 0, PairSeries.Settings));
        if (!onlyPath)
        {
            double[,] costs = WarpingReference.PointCosts(problem.Cost, x, y);
            double[,] expected = WarpingReference.Accumulate(costs, pattern, window, ends);
            T[] table = PairSeries.Table<T>(rows, columns);
            T whole = Warp.CostMatrix(engine.Shared, problem, packX, 0, packY, 0, MatrixRef<T>.Of(table, rows, columns), PairSeries.Settings);
            Assert.That(double.CreateChecked(whole), Is.EqualTo(distance), what);
            Assert.That(IsNear(distance, WarpingReference.EndValue(expected, ends)), what);
            for (int k = 0; k < table.Length; k++)
            {
                double cell = double.CreateChecked(table[k]);
                if (!IsNear(cell, expected[k / columns, k % columns])) Assert.Fail($"{what}: cell ({k / columns}, {k % columns}) is {cell}, not {expected[k / columns, k % columns]}");
            }
        }

        if (double.IsInfinity(distance)) return;
        WarpingAlignment<T> path = Warp.Align(engine.Shared, problem, packX, 0, packY, 0, PairSeries.Settings);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(double.CreateChecked(path.EndValue), Is.EqualTo(distance), what);
            Assert.That((path.X[0] == 0 && path.Y[0] <= ends.BeginY) || (path.Y[0] == 0 && path.X[0] <= ends.BeginX), what);
            Assert.That((path.X[^1] == rows - 1 && columns - 1 - path.Y[^1] <= ends.EndY) || (path.Y[^1] == columns - 1 && rows - 1 - path.X[^1] <= ends.EndX), what);
            Assert.That(Enumerable.Range(1, path.X.Length - 1).All(k => path.X[k] >= path.X[k - 1] && path.Y[k] >= path.Y[k - 1] && path.X[k] + path.Y[k] > path.X[k - 1] + path.Y[k - 1]), what);
            Assert.That(IsNear(LeastAlong(pattern, path, x, y), distance), what);
        }
    }

    /// <summary>The least sum of steps that lie wholly on the path's cells.</summary>
    private static double LeastAlong(StepPattern pattern, WarpingAlignment<T> path, double[][] x, double[][] y)
    {
        Dictionary<(int, int), double> sums = [];
        for (int k = 0; k < path.X.Length; k++)
        {
            int row = path.X[k], column = path.Y[k];
            double best = k == 0 ? Cost(row, column) : double.PositiveInfinity;
            foreach (WarpingStep step in pattern.Steps)
            {
                if (!sums.TryGetValue((row - step.Rows, column - step.Columns), out double sum)) continue;
                if (!step.Cells.Take(step.Cells.Count - 1).All(cell => sums.ContainsKey((row - cell.Rows, column - cell.Columns)))) continue;
                foreach (StepCell cell in step.Cells) sum += cell.Weight * Cost(row - cell.Rows, column - cell.Columns);
                best = Math.Min(best, sum);
            }

            sums[(row, column)] = best;
        }

        return sums[(path.X[^1], path.Y[^1])];

        double Cost(int i, int j) => WarpingReference.PointCostOf(PointCost.SquaredEuclidean, x[i], y[j]);
    }

    private static bool IsNear(double value, double expected) => value == expected || Math.Abs(value - expected) <= Tolerance * Math.Max(1, Math.Abs(expected));
}
