using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>K ≈ L Lᵀ by pivoted incomplete Cholesky, columns of K from each engine.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class IncompleteCholeskyTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private IncompleteCholeskyOptions Options(int pivotsAtOnce = 8, int threads = 0) =>
        new() { Device = engine.Device, PivotsAtOnce = pivotsAtOnce, Threads = threads };

    [Test]
    public void One_pivot_at_a_time_is_the_greedy_method([Values(1, 7, 60)] int rows)
    {
        Tensor<T> x = Rows(rows, 5, rows);
        int rank = Math.Min(rows, 12);
        IncompleteCholeskyFactor<T> factor = IncompleteCholesky.Factor(x, Kernel.Polynomial(0.4, 1, 2), rank, 0, Options(1));
        (DenseMatrix lower, int[] pivots) = DecompositionsReference.IncompleteCholesky(Matrix(x, Kernel.Polynomial(0.4, 1, 2)), rank);
        Assert.That(factor.Pivots, Is.EqualTo(pivots));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rank; j++) Assert.That(factor.Lower[i, j], Is.EqualTo(lower[i, j]).Within(200 * Tolerances.IncompleteCholesky<T>(5, rank)), $"{i}, {j}");
        }
    }

    [Test]
    public void What_remains_is_positive_and_told([Values(1, 8)] int pivotsAtOnce, [Values(1, 5, 40)] int rank)
    {
        Tensor<T> x = Rows(90, 3, 2);
        DenseMatrix k = Matrix(x, Kernel.Rbf(2));
        IncompleteCholeskyFactor<T> factor = IncompleteCholesky.Factor(x, Kernel.Rbf(2), rank, 0, Options(pivotsAtOnce));
        Assert.That(factor.Rank, Is.EqualTo(rank));
        Assert.That(factor.Pivots, Is.Unique);
        double tolerance = Tolerances.IncompleteCholesky<T>(3, rank), remaining = 0;
        for (int i = 0; i < 90; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double error = Residual(factor, k, i, j);
                Assert.That(Math.Abs(error), Is.LessThanOrEqualTo(factor.RemainingTrace + tolerance), $"{i}, {j}");
                if (factor.Pivots.Contains(j)) Assert.That(error, Is.Zero.Within(tolerance), $"{i}, {j}");
            }

            Assert.That(Residual(factor, k, i, i), Is.GreaterThan(-tolerance));
            remaining += Residual(factor, k, i, i);
        }

        Assert.That(factor.Trace, Is.EqualTo(90).Within(90 * tolerance));
        Assert.That(factor.RemainingTrace, Is.EqualTo(remaining).Within(90 * tolerance));
        for (int j = 0; j < rank; j++) Assert.That(Enumerable.Range(j + 1, rank - j - 1).Select(c => factor.Lower[factor.Pivots[j], c]), Is.All.Zero);
    }

    [Test]
    public void A_matrix_of_low_rank_is_factored_whole()
    {
        Tensor<T> x = Rows(200, 6, 4);
        IncompleteCholeskyFactor<T> factor = IncompleteCholesky.Factor(x, Kernel.Linear(), 50, 0, Options());
        DenseMatrix k = Matrix(x, Kernel.Linear());
        Assert.That(factor.Rank, Is.EqualTo(6));
        double largest = Enumerable.Range(0, 200).Max(i => k[i, i]);
        for (int i = 0; i < 200; i++)
        {
            for (int j = 0; j <= i; j++) Assert.That(Residual(factor, k, i, j), Is.Zero.Within(largest * Tolerances.IncompleteCholesky<T>(6, 6)), $"{i}, {j}");
        }
    }

    [Test]
    public void A_tolerance_stops_at_the_first_pivot_that_reaches_it([Values(1, 8)] int pivotsAtOnce, [Values(0.3, 0.02)] double tolerance)
    {
        Tensor<T> x = Rows(120, 2, 3);
        IncompleteCholeskyFactor<T> factor = IncompleteCholesky.Factor(x, Kernel.Rbf(1), 120, tolerance, Options(pivotsAtOnce));
        IncompleteCholeskyFactor<T> shorter = IncompleteCholesky.Factor(x, Kernel.Rbf(1), factor.Rank - 1, 0, Options(pivotsAtOnce));
        Assert.That(factor.Rank, Is.InRange(2, 60));
        Assert.That(factor.RemainingTrace, Is.LessThanOrEqualTo(tolerance * factor.Trace));
        if (pivotsAtOnce == 1) Assert.That(shorter.RemainingTrace, Is.GreaterThan(tolerance * factor.Trace));
    }

    [Test]
    public void New_rows_map_to_the_same_factor()
    {
        Tensor<T> x = Rows(70, 4, 5), fresh = Rows(33, 4, 6);
        IncompleteCholeskyFactor<T> factor = IncompleteCholesky.Factor(x, Kernel.Rbf(0.5), 25, 0, Options());
        Tensor<double> again = factor.Transform(x, Options()), mapped = factor.Transform(fresh, Options());
        double smallest = Enumerable.Range(0, 25).Min(j => factor.Lower[factor.Pivots[j], j]);
        for (int i = 0; i < 70; i++)
        {
            for (int j = 0; j < 25; j++) Assert.That(again[i, j], Is.EqualTo(factor.Lower[i, j]).Within(Tolerances.IncompleteCholesky<T>(4, 25) * 25 / smallest), $"{i}, {j}");
        }

        Tensor<T> against = Gram.Compute(fresh, x, Kernel.Rbf(0.5));
        for (int i = 0; i < 33; i++)
        {
            foreach (int pivot in factor.Pivots)
            {
                double product = Enumerable.Range(0, 25).Sum(c => mapped[i, c] * factor.Lower[pivot, c]);
                Assert.That(product, Is.EqualTo(double.CreateChecked(against[i, pivot])).Within(Tolerances.IncompleteCholesky<T>(4, 25)), $"{i}, {pivot}");
            }
        }
    }

    [Test]
    public void A_given_matrix_is_factored_as_that_of_its_rows()
    {
        Tensor<T> x = Rows(64, 3, 7), fresh = Rows(9, 3, 8);
        IncompleteCholeskyFactor<T> factor = IncompleteCholesky.Factor(Gram.Compute(x, Kernel.Rbf(1)), 16, 0, Options());
        Assert.That(factor.Rank, Is.EqualTo(16));
        DenseMatrix k = Matrix(x, Kernel.Rbf(1));
        foreach (int pivot in factor.Pivots)
        {
            for (int i = 0; i < 64; i++) Assert.That(Residual(factor, k, i, pivot), Is.Zero.Within(Tolerances.IncompleteCholesky<T>(3, 16)));
        }

        Assert.That(() => factor.Transform(fresh), Throws.InvalidOperationException.With.Message.Contains("TransformGram"));
        Assert.That(() => factor.TransformGram(Rows(3, 5, 1)), Throws.ArgumentException.With.Message.Contains("16 columns"));
    }

    [Test]
    public void Scales_change_nothing_but_the_scale([Values(1e-30, 1e30)] double scale, [Values] bool isGiven)
    {
        Tensor<T> x = Rows(80, 3, 11);
        Kernel scaled = scale * Kernel.Rbf(1);
        IncompleteCholeskyFactor<T> expected = IncompleteCholesky.Factor(x, Kernel.Rbf(1), 20, 0, Options(1));
        IncompleteCholeskyFactor<T> factor = isGiven ? IncompleteCholesky.Factor(Gram.Compute(x, scaled), 20, 0, Options(1)) : IncompleteCholesky.Factor(x, scaled, 20, 0, Options(1));
        double tolerance = Tolerances.IncompleteCholesky<T>(3, 20);
        Assert.That(factor.Rank, Is.EqualTo(20));
        Assert.That(factor.Trace / scale, Is.EqualTo(80).Within(80 * tolerance));
        Assert.That(factor.RemainingTrace / scale, Is.EqualTo(expected.RemainingTrace).Within(80 * tolerance + (0.05 * expected.RemainingTrace)));
        DenseMatrix k = Matrix(x, Kernel.Rbf(1));
        foreach (int pivot in factor.Pivots)
        {
            for (int i = 0; i < 80; i++)
            {
                double product = Enumerable.Range(0, 20).Sum(c => factor.Lower[i, c] * factor.Lower[pivot, c]);
                Assert.That(product / scale, Is.EqualTo(k[i, pivot]).Within(tolerance), $"{i}, {pivot}");
            }
        }
    }

    [Test]
    public void Bits_do_not_depend_on_threads()
    {
        Tensor<T> x = Rows(1300, 3, 9);
        IncompleteCholeskyFactor<T> one = IncompleteCholesky.Factor(x, Kernel.Rbf(3), 30, 0, Options(threads: 1));
        IncompleteCholeskyFactor<T> all = IncompleteCholesky.Factor(x, Kernel.Rbf(3), 30, 0, Options());
        Assert.That(all.Pivots, Is.EqualTo(one.Pivots));
        GramAssert.SameBits(all.Lower, one.Lower, "threads");
    }

    [Test]
    public void Nothing_gives_nothing()
    {
        Assert.That(IncompleteCholesky.Factor(Rows(0, 4, 1), Kernel.Rbf(), 3, 0, Options()).Lower.Lengths.ToArray(), Is.EqualTo(new nint[] { 0, 0 }));
        Tensor<T> zeros = Tensor.Create(new T[12], [4, 3]);
        IncompleteCholeskyFactor<T> factor = IncompleteCholesky.Factor(zeros, Kernel.Linear(), 3, 0, Options());
        Assert.That(factor.Rank, Is.Zero);
        Assert.That(factor.Transform(Rows(2, 3, 1)).Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 0 }));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<T> x = Rows(10, 3, 1), broken = Rows(10, 3, 1);
        broken[4, 2] = T.NaN;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => IncompleteCholesky.Factor(x, Kernel.Rbf(), 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("rank"));
            Assert.That(() => IncompleteCholesky.Factor(x, Kernel.Rbf(), 2, double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 1"));
            Assert.That(() => IncompleteCholesky.Factor(x, Kernel.Rbf().Centered(), 2), Throws.ArgumentException.With.Message.Contains("column means"));
            Assert.That(() => IncompleteCholesky.Factor(x, Kernel.Precomputed(Rows(10, 10, 1)), 2), Throws.ArgumentException.With.Message.Contains("precomputed"));
            Assert.That(() => IncompleteCholesky.Factor(broken, Kernel.Rbf(), 2, 0, Options()), Throws.ArgumentException.With.Message.Contains("[4, 2]").Or.Message.Contains("row 4"));
            Assert.That(() => IncompleteCholesky.Factor(Rows(4, 3, 1), 2), Throws.ArgumentException.With.Message.Contains("square"));
            Assert.That(() => IncompleteCholesky.Factor(Indefinite(), 2), Throws.TypeOf<NumericalException>().With.Message.Contains("not positive semi-definite"));
            Assert.That(() => IncompleteCholesky.Factor(x, Kernel.Rbf(), 2).Transform(Rows(4, 2, 1)), Throws.ArgumentException.With.Message.Contains("3 features"));
        }
    }

    private static Tensor<T> Indefinite() => GramAssert.Tensor<T>(new double[,] { { 1, 3, 0 }, { 3, 1, 0 }, { 0, 0, 1 } });

    private static Tensor<T> Rows(int rows, int features, int seed) => GramAssert.Tensor<T>(GramAssert.Rows<T>(rows, features, seed));

    private static DenseMatrix Matrix(Tensor<T> x, Kernel kernel)
    {
        double[,] rows = GramAssert.Array(x), values = FusionKernels.Kernels.Grams.GramReference.Compute(kernel.Compile(rows.GetLength(1)).Program, rows, rows);
        return new(values.GetLength(0), values.GetLength(1), [.. values.Cast<double>()]);
    }

    private static double Residual(IncompleteCholeskyFactor<T> factor, DenseMatrix k, int i, int j)
    {
        double value = k[i, j];
        for (int c = 0; c < factor.Rank; c++) value -= factor.Lower[i, c] * factor.Lower[j, c];
        return value;
    }
}
