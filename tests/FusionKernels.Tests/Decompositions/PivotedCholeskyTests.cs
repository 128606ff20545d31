using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Cholesky with complete pivoting of matrices that are semi-definite, on every engine.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Real))]
[Parallelizable]
public sealed class PivotedCholeskyTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ExecutionOptions Options => new() { Device = engine.Device };

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(1, 0)]
    [TestCase(7, 7)]
    [TestCase(9, 0)]
    [TestCase(31, 31)]
    [TestCase(33, 32)]
    [TestCase(40, 5)]
    [TestCase(65, 64)]
    [TestCase(700, 40)]
    public void The_rank_is_found(int size, int rank)
    {
        Tensor<T> a = OfRank(size, rank, 1);
        IncompleteCholeskyFactor<T> factor = PivotedCholesky.Factor(a, null, Options);
        Assert.That(factor.Rank, Is.EqualTo(rank));
        DenseMatrix lower = FactorMatrices.Dense(factor.Lower), matrix = FactorMatrices.Dense(a);
        double largest = Enumerable.Range(0, size).Select(i => matrix[i, i]).Append(0).Max();
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = 0;
                for (int k = 0; k < rank; k++) product += lower[i, k] * lower[j, k];
                Assert.That(product, Is.EqualTo(matrix[i, j]).Within(4 * Tolerances.Cholesky<T>(size) * largest), $"{i}, {j}");
            }
        }

        Assert.That(Enumerable.Range(0, rank).Select(k => lower[factor.Pivots[k], k]), Is.Ordered.Descending);
        for (int k = 0; k < rank; k++)
        {
            for (int j = k + 1; j < rank; j++) Assert.That(lower[factor.Pivots[k], j], Is.Zero, $"row {factor.Pivots[k]} beyond column {k}");
        }

        Assert.That(factor.Trace, Is.EqualTo(Enumerable.Range(0, size).Sum(i => matrix[i, i])).Within(1e-12 * size * largest));
        Assert.That(factor.RemainingTrace, Is.InRange(0, size * size * Tolerances.Cholesky<T>(1) * largest));
    }

    [Test]
    public void It_is_the_factorisation_of_the_reference([Values(1e-30, 1, 1e30)] double scale)
    {
        Tensor<T> a = FactorMatrices.Scaled(FactorMatrices.PositiveDefinite<T>(70, 3), (_, _) => scale);
        IncompleteCholeskyFactor<T> factor = PivotedCholesky.Factor(a, null, Options);
        (DenseMatrix lower, int[] pivots) = DecompositionsReference.IncompleteCholesky(FactorMatrices.Dense(a), 70);
        Assert.That(factor.Pivots, Is.EqualTo(pivots));
        double tolerance = 10 * Tolerances.Cholesky<T>(70) * lower[pivots[0], 0];
        for (int i = 0; i < 70; i++)
        {
            for (int k = 0; k < 70; k++) Assert.That(factor.Lower[i, k], Is.EqualTo(lower[i, k]).Within(tolerance), $"{i}, {k}");
        }
    }

    [Test]
    public void Of_equal_diagonals_the_first_is_taken()
    {
        Tensor<T> ones = Tensor.CreateFromShape<T>([1100, 1100]);
        for (int i = 0; i < 1100; i++) ones[i, i] = T.One;
        Assert.That(PivotedCholesky.Factor(ones, null, Options).Pivots, Is.EqualTo(Enumerable.Range(0, 1100)));
        Tensor<T> same = Tensor.CreateFromShape<T>([50, 50]);
        for (int i = 0; i < 2500; i++) same[i / 50, i % 50] = T.One;
        IncompleteCholeskyFactor<T> factor = PivotedCholesky.Factor(same, null, Options);
        Assert.That(factor.Pivots, Is.EqualTo<int>([0]));
        Assert.That(GramAssert.Elements(factor.Lower), Is.All.EqualTo(1.0));
        Assert.That(factor.RemainingTrace, Is.Zero);
    }

    [Test]
    public void Graded_matrices_keep_every_pivot_above_the_tolerance()
    {
        Tensor<T> a = FactorMatrices.Scaled(FactorMatrices.PositiveDefinite<T>(48, 5), (i, j) => Math.Pow(2, -(i + j) / 2.0));
        IncompleteCholeskyFactor<T> all = PivotedCholesky.Factor(a, 0, Options), few = PivotedCholesky.Factor(a, 1.0 / (1 << 10), Options);
        (DenseMatrix lower, int[] pivots) = DecompositionsReference.IncompleteCholesky(FactorMatrices.Dense(a), 48);
        Assert.That(all.Pivots, Is.EqualTo(pivots));
        for (int k = 0; k < 48; k++) Assert.That(all.Lower[pivots[k], k] / lower[pivots[k], k], Is.EqualTo(1).Within(10 * Tolerances.Cholesky<T>(48)), $"column {k}");
        double largest = Math.Pow(lower[pivots[0], 0], 2);
        Assert.That(few.Rank, Is.EqualTo(Enumerable.Range(0, 48).Count(k => Math.Pow(lower[pivots[k], k], 2) > largest / (1 << 10))));
    }

    [Test]
    public void Scales_do_not_change_the_rank([Values(1e-30, 1e30)] double scale)
    {
        Tensor<T> a = FactorMatrices.Scaled(OfRank(30, 4, 2), (_, _) => scale);
        Assert.That(PivotedCholesky.Factor(a, null, Options).Rank, Is.EqualTo(4));
    }

    [Test]
    public void A_batch_gives_each_item_the_rank_and_the_bits_it_has_alone([Values(1, 3)] int threads)
    {
        Tensor<T>[] items = [OfRank(12, 3, 1), OfRank(12, 12, 2), OfRank(12, 1, 3), FactorMatrices.Scaled(OfRank(12, 5, 4), (_, _) => 1e-30), OfRank(12, 0, 5)];
        IReadOnlyList<IncompleteCholeskyFactor<T>> found = PivotedCholesky.FactorBatched(Joined(items), null, Options with { Threads = threads });
        Assert.That(found.Select(factor => factor.Rank), Is.EqualTo<int>([3, 12, 1, 5, 0]));
        for (int item = 0; item < items.Length; item++) GramAssert.SameBits(found[item].Lower, PivotedCholesky.Factor(items[item], null, Options).Lower, $"item {item}");
        Assert.That(PivotedCholesky.FactorBatched(Tensor.CreateFromShape<T>([0, 4, 4]), null, Options), Is.Empty);
        items[2][3, 3] = -T.One;
        Assert.That(() => PivotedCholesky.FactorBatched(Joined(items), null, Options), Throws.TypeOf<NumericalException>().With.Message.Contains("batch[2]").And.Message.Contains("not positive semi-definite"));
        items[1][5, 5] = T.NaN;
        Assert.That(() => PivotedCholesky.FactorBatched(Joined(items[..2]), null, Options), Throws.ArgumentException.With.Message.Contains("batch[1] is not finite at [5, 5]"));
        Assert.That(() => PivotedCholesky.FactorBatched(Tensor.CreateFromShape<T>([2, 4, 3]), null, Options), Throws.ArgumentException.With.Message.Contains("items x n x n"));

        static Tensor<T> Joined(Tensor<T>[] matrices) => Tensor.Create([.. matrices.SelectMany(GramAssert.Elements)], [matrices.Length, 12, 12]);
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<T> a = GramAssert.Tensor<T>(new double[,] { { 1, 2 }, { 2, 1 } }), skew = GramAssert.Tensor<T>(new double[,] { { 1, 0.5 }, { 0, 1 } });
        Assert.That(() => PivotedCholesky.Factor(a, null, Options), Throws.TypeOf<NumericalException>().With.Message.Contains("row 1: -3 is left of its diagonal after 1 pivots").And.Message.Contains("not positive semi-definite"));
        Assert.That(() => PivotedCholesky.Factor(GramAssert.Tensor<T>(new double[,] { { 0, 0 }, { 0, -1 } }), null, Options), Throws.TypeOf<NumericalException>().With.Message.Contains("row 1: -1 is left"));
        Assert.That(() => PivotedCholesky.Factor(skew, null, Options), Throws.ArgumentException.With.Message.Contains("not symmetric"));
        Assert.That(() => PivotedCholesky.Factor(a, -1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 1"));
    }

    private static Tensor<T> OfRank(int size, int rank, int seed)
    {
        double[,] root = GramAssert.Rows<double>(size, Math.Max(1, rank), seed), matrix = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                for (int k = 0; k < rank; k++) matrix[i, j] += root[i, k] * root[j, k];
                matrix[j, i] = matrix[i, j];
            }
        }

        return GramAssert.Tensor<T>(matrix);
    }
}
