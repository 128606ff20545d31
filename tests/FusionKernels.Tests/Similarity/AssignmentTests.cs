using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Similarity;

/// <summary>Optimal assignments on the host at each width: against every permutation where those are few, by their duals where they are not.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Hosts))]
[Parallelizable]
public sealed class AssignmentTests(TestEngine engine)
{
    private AssignmentOptions Costs => new() { Device = engine.Device };

    private AssignmentOptions Similarities => Costs with { Maximize = true };

    [Test]
    public void Every_small_matrix_is_solved_as_by_trying_all(
        [Values(1, 2, 3, 5, 7, 8)] int rows, [Values(1, 2, 4, 7, 8)] int columns, [Values] bool integers, [Values] bool maximize)
    {
        if (Math.Max(rows, columns) == 8 && Math.Min(rows, columns) > 6 && !integers) return; // 8! permutations once is enough
        for (int seed = 0; seed < 5; seed++)
        {
            double[,] values = Random(rows, columns, seed, integers ? 3 : 0);
            AssignmentResult result = Assignment.Solve(Tensor(values), maximize ? Similarities : Costs);
            Assert.That(result.Total, Is.EqualTo(Best(values, maximize)).Within(1e-12), $"seed {seed}");
            Certify(values, result, maximize);
        }
    }

    [TestCase(40, 40, 0)]
    [TestCase(200, 200, 0)]
    [TestCase(200, 200, 5)]
    [TestCase(127, 300, 0)]
    [TestCase(300, 129, 4)]
    [TestCase(400, 400, 0)]
    public void Large_matrices_are_proved_by_their_duals(int rows, int columns, int integers)
    {
        double[,] values = Random(rows, columns, seed: rows + columns, integers);
        Certify(values, Assignment.Solve(Tensor(values), Costs), maximize: false);
        Certify(values, Assignment.Solve(Tensor(values), Similarities), maximize: true);
    }

    [Test]
    public void Scales_and_offsets_do_not_matter([Values(1e-30, 1e30)] double scale)
    {
        double[,] values = Random(50, 60, seed: 3, integers: 0), scaled = new double[50, 60];
        for (int i = 0; i < 50; i++)
        {
            for (int j = 0; j < 60; j++) scaled[i, j] = scale * (values[i, j] - 5);
        }

        AssignmentResult result = Assignment.Solve(Tensor(scaled), Costs);
        Certify(scaled, result, maximize: false, scale);
        Assert.That(result.ColumnOfRow, Is.EqualTo(Assignment.Solve(Tensor(values), Costs).ColumnOfRow));
    }

    /// <summary>The example of SciPy's linear_sum_assignment, whose total is 5.</summary>
    [Test]
    public void The_example_of_SciPy_is_solved()
    {
        AssignmentResult result = Assignment.Solve(Tensor(new double[,] { { 4, 1, 3 }, { 2, 0, 5 }, { 3, 2, 2 } }), Costs);
        Assert.That(result.ColumnOfRow, Is.EqualTo<int>([1, 0, 2]));
        Assert.That(result.Total, Is.EqualTo(5));
        Assert.That(result.Pairs, Is.EqualTo(new[] { (0, 1), (1, 0), (2, 2) }));
    }

    /// <summary>cost(i, j) = (i + 1)(j + 1), by Machol and Wien hard for Hungarian methods: the rearrangement inequality gives the reversal.</summary>
    [Test]
    public void The_matrix_of_Machol_and_Wien_is_solved([Values(1, 10, 100, 101)] int size)
    {
        double[,] values = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) values[i, j] = (i + 1.0) * (j + 1);
        }

        AssignmentResult result = Assignment.Solve(Tensor(values), Costs);
        Assert.That(result.ColumnOfRow, Is.EqualTo(Enumerable.Range(0, size).Reverse()));
        Certify(values, result, maximize: false);
    }

    [TestCase(5, 5)]
    [TestCase(3, 7)]
    [TestCase(7, 3)]
    public void Constant_costs_take_any_assignment(int rows, int columns)
    {
        double[,] values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) values[i, j] = -2.5;
        }

        AssignmentResult result = Assignment.Solve(Tensor(values), Costs);
        Assert.That(result.Total, Is.EqualTo(-2.5 * Math.Min(rows, columns)));
        Certify(values, result, maximize: false);
    }

    [TestCase(0, 0)]
    [TestCase(0, 4)]
    [TestCase(4, 0)]
    public void Nobody_is_assigned_nothing(int rows, int columns)
    {
        AssignmentResult result = Assignment.Solve(Tensor(new double[rows, columns]), Costs);
        Assert.That(result.Total, Is.Zero);
        Assert.That(result.Pairs, Is.Empty);
        Assert.That(result.ColumnOfRow, Is.EqualTo(Enumerable.Repeat(-1, rows)));
        Assert.That(result.RowOfColumn, Is.EqualTo(Enumerable.Repeat(-1, columns)));
    }

    [Test]
    public void A_forbidden_pair_is_never_taken([Values] bool maximize)
    {
        double forbidden = maximize ? double.NegativeInfinity : double.PositiveInfinity;
        Random random = new(11);
        for (int trial = 0; trial < 20; trial++)
        {
            double[,] values = Random(6, 7, trial, integers: 4);
            for (int i = 0; i < 6; i++)
            {
                // Each row keeps a column of its own, so that some assignment is left.
                for (int j = 0; j < 7; j++) values[i, j] = j != i && random.Next(2) == 0 ? forbidden : values[i, j];
            }

            AssignmentResult result = Assignment.Solve(Tensor(values), maximize ? Similarities : Costs);
            Assert.That(result.Total, Is.EqualTo(Best(values, maximize)));
            Certify(values, result, maximize);
        }
    }

    [Test]
    public void What_cannot_be_assigned_is_named()
    {
        double x = double.PositiveInfinity;
        Assert.That(
            () => Assignment.Solve(Tensor(new[,] { { 1, x, x }, { 2, x, x }, { 1, 1, 1 } }), Costs),
            Throws.TypeOf<NumericalException>().With.Message.Contains("Assignment.Solve: row").And.Message.Contains("forbidden pair (+infinity)"));
        Assert.That(
            () => Assignment.Solve(Tensor(new[,] { { -x, 1 }, { -x, 2 }, { -x, 3 } }), Similarities),
            Throws.TypeOf<NumericalException>().With.Message.Contains("column 0").And.Message.Contains("(-infinity)"));
    }

    [TestCase(double.NaN, false, "a number is needed")]
    [TestCase(double.NegativeInfinity, false, "a cost forbids its pair by +infinity")]
    [TestCase(double.PositiveInfinity, true, "a similarity forbids its pair by -infinity")]
    [TestCase(double.MaxValue, false, "too large to be added up")]
    public void What_is_no_cost_is_named_with_its_place(double value, bool maximize, string why)
    {
        double[,] wide = new double[2, 3], high = new double[3, 2];
        wide[1, 2] = high[2, 1] = value;
        AssignmentOptions options = maximize ? Similarities : Costs;
        Assert.That(() => Assignment.Solve(Tensor(wide), options), Throws.ArgumentException.With.Message.StartsWith("values[1, 2] is ").And.Message.Contains(why));
        Assert.That(() => Assignment.Solve(Tensor(high), options), Throws.ArgumentException.With.Message.StartsWith("values[2, 1] is ").And.Message.Contains(why));
    }

    [Test]
    public void A_vector_is_no_matrix_and_a_cancelled_call_ends()
    {
        Assert.That(() => Assignment.Solve(System.Numerics.Tensors.Tensor.Create([1.0, 2], [2]), Costs), Throws.ArgumentException.With.Message.Contains("rows x columns"));
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.That(() => Assignment.Solve(Tensor(Random(30, 30, 1, 1)), Costs with { Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Every_width_and_stride_gives_the_same_bits()
    {
        double[,] values = Random(90, 101, seed: 7, integers: 0);
        AssignmentResult here = Assignment.Solve(Tensor(values), Costs);
        using HostEngine scalar = new(1, SimdWidth.Scalar);
        using ComputeDevice device = ComputeDevice.Over(scalar);
        AssignmentResult there = Assignment.Solve(Tensor(values), new() { Device = device });
        Assert.That(here.ColumnOfRow, Is.EqualTo(there.ColumnOfRow));
        Assert.That(here.RowDuals, Is.EqualTo(there.RowDuals));
        Assert.That(here.ColumnDuals, Is.EqualTo(there.ColumnDuals));

        Tensor<double> turned = System.Numerics.Tensors.Tensor.PermuteDimensions<double>(Tensor(values), [1, 0]);
        AssignmentResult transposed = Assignment.Solve(turned, Costs);
        Assert.That(transposed.RowOfColumn, Is.EqualTo(here.ColumnOfRow));
        Assert.That(transposed.ColumnDuals, Is.EqualTo(here.RowDuals));
    }

    [Test]
    public void Float32_is_solved_as_the_numbers_it_holds()
    {
        double[,] values = Random(60, 60, seed: 5, integers: 0), rounded = new double[60, 60];
        float[] elements = [.. values.Cast<double>().Select(value => (float)value)];
        for (int i = 0; i < elements.Length; i++) rounded[i / 60, i % 60] = elements[i];
        AssignmentResult result = Assignment.Solve(System.Numerics.Tensors.Tensor.Create(elements, [60, 60]), Costs);
        Assert.That(result.ColumnOfRow, Is.EqualTo(Assignment.Solve(Tensor(rounded), Costs).ColumnOfRow));
        Certify(rounded, result, maximize: false);
    }

    /// <summary>Complementary slackness: feasible duals that are tight on a complete assignment prove it optimal.</summary>
    private static void Certify(double[,] values, AssignmentResult result, bool maximize, double magnitude = 1)
    {
        int rows = values.GetLength(0), columns = values.GetLength(1);
        double sign = maximize ? -1 : 1, tolerance = Tolerances.Assignment(Math.Max(rows, columns), 10 * Math.Max(rows, columns) * magnitude);
        Assert.That(result.Pairs, Has.Count.EqualTo(Math.Min(rows, columns)));
        Assert.That(result.Pairs.Select(pair => pair.Column).Distinct().Count(), Is.EqualTo(Math.Min(rows, columns)));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double slack = sign * (values[i, j] - result.RowDuals[i] - result.ColumnDuals[j]);
                if (slack < -tolerance) Assert.Fail($"[{i}, {j}] is cheaper than its duals by {-slack}");
                if (result.ColumnOfRow[i] == j && Math.Abs(slack) > tolerance) Assert.Fail($"the assigned [{i}, {j}] is off its duals by {slack}");
                Assert.That(result.RowOfColumn[j] == i, Is.EqualTo(result.ColumnOfRow[i] == j));
            }
        }

        IReadOnlyList<double> longer = rows > columns ? result.RowDuals : result.ColumnDuals;
        IReadOnlyList<int> assigned = rows > columns ? result.ColumnOfRow : result.RowOfColumn;
        for (int k = 0; k < longer.Count && rows != columns; k++)
        {
            Assert.That(sign * longer[k], Is.LessThanOrEqualTo(0));
            if (assigned[k] < 0) Assert.That(longer[k], Is.Zero, "left over, so free");
        }

        Assert.That(result.RowDuals.Sum() + result.ColumnDuals.Sum(), Is.EqualTo(result.Total).Within(rows * tolerance));
    }

    private static double Best(double[,] values, bool maximize)
    {
        int rows = values.GetLength(0), columns = values.GetLength(1);
        if (rows > columns)
        {
            double[,] turned = new double[columns, rows];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++) turned[j, i] = values[i, j];
            }

            return Best(turned, maximize);
        }

        double best = maximize ? double.NegativeInfinity : double.PositiveInfinity;
        Try(0, 0, 0);
        return best;

        void Try(int row, int taken, double total)
        {
            if (row == rows) best = maximize ? Math.Max(best, total) : Math.Min(best, total);
            for (int j = 0; row < rows && j < columns; j++)
            {
                if ((taken & (1 << j)) == 0) Try(row + 1, taken | (1 << j), total + values[row, j]);
            }
        }
    }

    private static double[,] Random(int rows, int columns, int seed, int integers)
    {
        Random random = new(seed);
        double[,] values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) values[i, j] = integers > 0 ? random.Next(-integers, integers + 1) : (2 * random.NextDouble()) - 1;
        }

        return values;
    }

    private static Tensor<double> Tensor(double[,] values) =>
        System.Numerics.Tensors.Tensor.Create([.. values.Cast<double>()], [values.GetLength(0), values.GetLength(1)]);
}
