using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Similarity;

/// <summary>Regularised transport on every engine but the simulated ones, which SimulatedSinkhornTests take: marginals, both limits, closed forms, the matrix-free form, and errors.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
[Parallelizable]
public sealed class SinkhornTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Devices without float64 and matrix-free float32 sum exponents that are rounded to float32.</summary>
    private static readonly double s_tolerance = typeof(T) == typeof(float) ? 2e-5 : 1e-9;

    private SinkhornOptions Options => new() { Device = engine.Device };

    [Test]
    public void The_plan_meets_the_weights_and_is_that_of_its_potentials([Values(1e-3, 0.05, 1, 1e3)] double epsilon, [Values(1, 7, 33)] int rows)
    {
        double[,] costs = GramAssert.Rows<T>(rows, 17, 1);
        double[] a = Weights(rows, 2), b = Weights(17, 3);
        SinkhornResult<T> result = Sinkhorn.Transport(GramAssert.Tensor<T>(costs), epsilon, Options with { RowWeights = a, ColumnWeights = b, MaximumIterations = 100_000 });
        Assert.That(result.Potentials.Converged, Is.True, $"after {result.Potentials.Iterations} iterations the rows are off by {result.Potentials.RowError}");
        double[,] plan = GramAssert.Array(result.Plan);
        double cost = 0;
        for (int i = 0; i < rows; i++)
        {
            Assert.That(Enumerable.Range(0, 17).Sum(j => plan[i, j]), Is.EqualTo(a[i]).Within(3e-6), $"row {i}");
            for (int j = 0; j < 17; j++)
            {
                double expected = Math.Exp((result.Potentials.Rows[i] + result.Potentials.Columns[j] - costs[i, j]) / epsilon);
                Assert.That(plan[i, j], Is.EqualTo(expected).Within(1e-6 * expected + 1e-12));
                cost += expected * costs[i, j];
            }
        }

        for (int j = 0; j < 17; j++) Assert.That(Enumerable.Range(0, rows).Sum(i => plan[i, j]), Is.EqualTo(b[j]).Within(3e-6), $"column {j}");
        Assert.That(result.Potentials.RowError, Is.LessThanOrEqualTo(1e-6));
        Assert.That(result.Potentials.ColumnError, Is.LessThanOrEqualTo(1e-6));
        Assert.That(result.Cost, Is.EqualTo(cost).Within(1e-9));
    }

    [Test]
    public void A_small_epsilon_tends_to_the_assignment()
    {
        const int size = 8;
        double[,] costs = GramAssert.Rows<T>(size, size, 7);
        Tensor<T> tensor = GramAssert.Tensor<T>(costs);
        SinkhornResult<T> soft = Sinkhorn.Transport(tensor, 0.01, Options with { MaximumIterations = 2000, Tolerance = 1e-4 });
        AssignmentResult hard = Assignment.Solve(tensor);
        Assert.That(soft.Cost, Is.EqualTo(hard.Total / size).Within(0.01 * Math.Log(size)), "the entropy is at most epsilon ln n");
        for (int i = 0; i < size; i++)
        {
            Assert.That(Enumerable.Range(0, size).MaxBy(j => soft.Plan[i, j]), Is.EqualTo(hard.ColumnOfRow[i]), $"row {i}");
        }
    }

    [Test]
    public void A_large_epsilon_tends_to_the_product_of_the_weights()
    {
        double[] a = Weights(6, 4), b = Weights(9, 5);
        Tensor<T> plan = Sinkhorn.Transport(GramAssert.Tensor<T>(GramAssert.Rows<T>(6, 9, 8)), 1e6, Options with { RowWeights = a, ColumnWeights = b }).Plan;
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 9; j++) Assert.That(double.CreateChecked(plan[i, j]), Is.EqualTo(a[i] * b[j]).Within(1e-5));
        }
    }

    /// <summary>Two by two with costs 0 and 1 has the plan x, 1/2 - x with x / (1/2 - x) = exp(1 / epsilon).</summary>
    [Test]
    public void Two_by_two_has_a_closed_form([Values(0.1, 0.5, 2)] double epsilon)
    {
        SinkhornResult<T> result = Sinkhorn.Transport(GramAssert.Tensor<T>(new double[,] { { 0, 1 }, { 1, 0 } }), epsilon, Options);
        double x = 0.5 / (1 + Math.Exp(-1 / epsilon));
        Assert.That(GramAssert.Elements(result.Plan).Select(double.CreateChecked), Is.EqualTo(new[] { x, 0.5 - x, 0.5 - x, x }).Within(1e-6));
        Assert.That(result.Cost, Is.EqualTo(1 - (2 * x)).Within(1e-6));
    }

    /// <summary>One by one, unbalanced: minimise p c + epsilon p (ln p - 1) + rho (KL(p | a) + KL(p | b)).</summary>
    [Test]
    public void Unbalanced_transport_of_one_has_a_closed_form()
    {
        const double C = 0.7, Epsilon = 0.2, Rho = 1.5, A = 2, B = 0.5;
        SinkhornResult<T> result = Sinkhorn.Transport(
            GramAssert.Tensor<T>(new[,] { { C } }), Epsilon, Options with { RowWeights = [A], ColumnWeights = [B], MarginalPenalty = Rho, Tolerance = 1e-6 });
        double logMass = ((Rho * (Math.Log(A) + Math.Log(B))) - C) / (Epsilon + (2 * Rho));
        Assert.That(double.CreateChecked(result.Plan[0, 0]), Is.EqualTo(Math.Exp(logMass)).Within(2e-5));
        Assert.That(result.Potentials.Converged, Is.True);
        Assert.That(result.Potentials.RowError, Is.EqualTo(Math.Abs(Math.Exp(logMass) - A)).Within(2e-5));
    }

    [Test]
    public void A_row_without_mass_sends_nothing()
    {
        SinkhornResult<T> result = Sinkhorn.Transport(
            GramAssert.Tensor<T>(GramAssert.Rows<T>(3, 4, 9)), 0.1, Options with { RowWeights = [0.5, 0, 0.5], ColumnWeights = [0, 0.25, 0.25, 0.5] });
        for (int j = 0; j < 4; j++) Assert.That(result.Plan[1, j], Is.EqualTo(T.Zero));
        for (int i = 0; i < 3; i++) Assert.That(result.Plan[i, 0], Is.EqualTo(T.Zero));
        Assert.That(result.Potentials.Converged, Is.True);
        Assert.That(result.Potentials.Rows[1], Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void Costs_that_are_never_stored_give_the_same_potentials([Values(0.2, 1)] double epsilon)
    {
        const int rows = 20, columns = 1100;
        Tensor<T> a = GramAssert.Tensor<T>(GramAssert.Rows<T>(rows, 5, 1)), b = GramAssert.Tensor<T>(GramAssert.Rows<T>(columns, 5, 2));
        Tensor<T> costs = Tensor.Negate<T>(SimilarityMatrix.Compute(a, b, SimilarityMetric.Cosine));
        SinkhornPotentials free = Sinkhorn.TransportBetween(a, b, SimilarityMetric.Cosine, epsilon, Options with { Tolerance = s_tolerance });
        SinkhornPotentials stored = Sinkhorn.Transport(costs, epsilon, Options with { Tolerance = s_tolerance }).Potentials;
        Assert.That((free.Converged, stored.Converged), Is.EqualTo((true, true)), $"off by {free.RowError} and {stored.RowError}");

        // Potentials are known up to a constant that moves from one side to the other.
        double shift = free.Rows[0] - stored.Rows[0];
        for (int i = 0; i < rows; i++) Assert.That(free.Rows[i] - shift, Is.EqualTo(stored.Rows[i]).Within(1e3 * s_tolerance), $"row {i}");
        for (int j = 0; j < columns; j++) Assert.That(free.Columns[j] + shift, Is.EqualTo(stored.Columns[j]).Within(1e3 * s_tolerance), $"column {j}");
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        if (engine.Shared is not HostEngine host) return;
        using HostEngine many = new(4, host.Width);
        using ComputeDevice device = ComputeDevice.Over(many);
        Tensor<T> a = GramAssert.Tensor<T>(GramAssert.Rows<T>(210, 5, 1)), b = GramAssert.Tensor<T>(GramAssert.Rows<T>(75, 5, 2)), costs = GramAssert.Tensor<T>(GramAssert.Rows<T>(60, 70, 3));
        SinkhornOptions one = new() { Device = device, Threads = 1, MaximumIterations = 50 }, four = one with { Threads = 4 };
        GramAssert.SameBits(Sinkhorn.Transport(costs, 0.1, four).Plan, Sinkhorn.Transport(costs, 0.1, one).Plan, "plan");
        Assert.That(
            Sinkhorn.TransportBetween(a, b, SimilarityMetric.Rbf(), 0.1, four).Rows, Is.EqualTo(Sinkhorn.TransportBetween(a, b, SimilarityMetric.Rbf(), 0.1, one).Rows));
    }

    [Test]
    public void What_does_not_converge_says_so()
    {
        SinkhornPotentials short1 = Sinkhorn.Transport(GramAssert.Tensor<T>(GramAssert.Rows<T>(20, 20, 1)), 1e-3, Options with { MaximumIterations = 2 }).Potentials;
        Assert.That(short1.Converged, Is.False);
        Assert.That(short1.RowError, Is.GreaterThan(1e-6));
    }

    [Test]
    public void Bad_input_is_told_in_words()
    {
        Tensor<T> costs = GramAssert.Tensor<T>(new double[2, 3]), bad = GramAssert.Tensor<T>(new[,] { { 1, double.NaN } }), none = GramAssert.Tensor<T>(new double[0, 3]);
        Assert.That(() => Sinkhorn.Transport(costs, 0, Options), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("epsilon must be"));
        Assert.That(() => Sinkhorn.Transport(bad, 1, Options), Throws.ArgumentException.With.Message.Contains("costs[0, 1] is NaN"));
        Assert.That(() => Sinkhorn.Transport(none, 1, Options), Throws.ArgumentException.With.Message.Contains("there are no rows"));
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { RowWeights = [1] }), Throws.ArgumentException.With.Message.Contains("1 weights for 2 rows"));
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { RowWeights = [1, -1] }), Throws.ArgumentException.With.Message.Contains("weight 1 of the rows is -1"));
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { RowWeights = [0, 0] }), Throws.ArgumentException.With.Message.Contains("above 0 is needed"));
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { RowWeights = [1, 2] }), Throws.ArgumentException.With.Message.Contains("the rows weigh 3, the columns 1"));
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { Tolerance = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Tolerance"));
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { MaximumIterations = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("MaximumIterations"));
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { MarginalPenalty = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("MarginalPenalty"));
        Assert.That(
            () => Sinkhorn.Transport(GramAssert.Tensor<T>(new double[,] { { 1, 2 } }), 1e-300, Options), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("overflow"));
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.That(() => Sinkhorn.Transport(costs, 1, Options with { Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    private static double[] Weights(int count, int seed)
    {
        Random random = new(seed);
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.2 + random.NextDouble())];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
