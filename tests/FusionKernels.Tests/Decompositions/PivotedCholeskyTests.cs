using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Cholesky with complete pivoting of matrices that are semi-definite.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
[Parallelizable]
public sealed class PivotedCholeskyTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(7, 7)]
    [TestCase(40, 5)]
    [TestCase(65, 64)]
    public void The_rank_is_found(int size, int rank)
    {
        Tensor<T> a = OfRank(size, rank, 1);
        IncompleteCholeskyFactor<T> factor = PivotedCholesky.Factor(a);
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
    }

    [Test]
    public void Scales_do_not_change_the_rank([Values(1e-30, 1e30)] double scale)
    {
        Tensor<T> a = FactorMatrices.Scaled(OfRank(30, 4, 2), (_, _) => scale);
        Assert.That(PivotedCholesky.Factor(a).Rank, Is.EqualTo(4));
    }

    [Test]
    public void A_batch_gives_each_item_the_rank_and_the_bits_it_has_alone([Values(1, 3)] int threads)
    {
        Tensor<T>[] items = [OfRank(12, 3, 1), OfRank(12, 12, 2), OfRank(12, 1, 3), FactorMatrices.Scaled(OfRank(12, 5, 4), (_, _) => 1e-30), OfRank(12, 0, 5)];
        IReadOnlyList<IncompleteCholeskyFactor<T>> found = PivotedCholesky.FactorBatched(Joined(items), null, new() { Threads = threads });
        Assert.That(found.Select(factor => factor.Rank), Is.EqualTo<int>([3, 12, 1, 5, 0]));
        for (int item = 0; item < items.Length; item++) GramAssert.SameBits(found[item].Lower, PivotedCholesky.Factor(items[item]).Lower, $"item {item}");
        Assert.That(PivotedCholesky.FactorBatched(Tensor.CreateFromShape<T>([0, 4, 4])), Is.Empty);
        items[2][3, 3] = -T.One;
        Assert.That(() => PivotedCholesky.FactorBatched(Joined(items)), Throws.TypeOf<NumericalException>().With.Message.Contains("batch[2]").And.Message.Contains("not positive semi-definite"));
        items[1][5, 5] = T.NaN;
        Assert.That(() => PivotedCholesky.FactorBatched(Joined(items[..2])), Throws.ArgumentException.With.Message.Contains("batch[1] is not finite at [5, 5]"));
        Assert.That(() => PivotedCholesky.FactorBatched(Tensor.CreateFromShape<T>([2, 4, 3])), Throws.ArgumentException.With.Message.Contains("items x n x n"));

        static Tensor<T> Joined(Tensor<T>[] matrices) => Tensor.Create([.. matrices.SelectMany(GramAssert.Elements)], [matrices.Length, 12, 12]);
    }

    [Test]
    public void Bad_input_is_named()
    {
        Tensor<T> a = GramAssert.Tensor<T>(new double[,] { { 1, 2 }, { 2, 1 } }), skew = GramAssert.Tensor<T>(new double[,] { { 1, 0.5 }, { 0, 1 } });
        Assert.That(() => PivotedCholesky.Factor(a), Throws.TypeOf<NumericalException>().With.Message.Contains("not positive semi-definite"));
        Assert.That(() => PivotedCholesky.Factor(skew), Throws.ArgumentException.With.Message.Contains("not symmetric"));
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
