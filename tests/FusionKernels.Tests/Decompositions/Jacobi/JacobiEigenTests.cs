using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>Symmetric eigenproblems on every accelerator, against the reference in float64.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class JacobiEigenTests(TestEngine engine)
{
    private static readonly int[] s_orders = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65, 100];

    [Test]
    public void Every_order_and_kind_float32([Values] MatrixKind kind) => EveryOrder<float>(kind);

    [Test]
    public void Every_order_and_kind_float64([Values] MatrixKind kind) => EveryOrder<double>(kind);

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(300)]
    public void Batches(int items)
    {
        DenseMatrix[] matrices = [.. Enumerable.Range(0, items).Select(item => JacobiMatrices.Symmetric((MatrixKind)(item % 5), 12, item))];
        Check<float>(matrices, null);
        Check<double>(matrices, null);
    }

    [Test]
    public void Blocks_of_any_width([Values(1, 2, 3)] int width, [Values(5, 9, 12)] int order)
    {
        Check<double>([JacobiMatrices.Symmetric(MatrixKind.Random, order, 1), JacobiMatrices.Symmetric(MatrixKind.RankDeficient, order, 2)], width);
        Check<float>([JacobiMatrices.Symmetric(MatrixKind.Graded, order, 1)], width);
    }

    [TestCase(1e-30)]
    [TestCase(1e30)]
    public void Scale_changes_nothing_but_the_scale(double factor)
    {
        foreach (int? width in (int?[])[null, 2])
        {
            DenseMatrix matrix = JacobiMatrices.Symmetric(MatrixKind.Random, 7, 3);
            Check<float>([JacobiMatrices.Times(matrix, factor)], width);
            Check<double>([JacobiMatrices.Times(matrix, factor * factor)], width);
        }
    }

    [Test]
    public void The_top_alone_is_the_top_of_all()
    {
        foreach (int? width in (int?[])[null, 2])
        {
            DenseMatrix[] matrix = [JacobiMatrices.Symmetric(MatrixKind.Random, 7, 3)];
            (double[] all, DenseMatrix? vectors) = JacobiRun.Eigen<double>(engine.Shared, matrix, blockWidth: width)[0];
            (double[] top, DenseMatrix? of) = JacobiRun.Eigen<double>(engine.Shared, matrix, kept: 3, blockWidth: width)[0];
            (double[] values, _) = JacobiRun.Eigen<double>(engine.Shared, matrix, blockWidth: width, hasVectors: false)[0];
            Assert.That(top, Is.EqualTo(all[..3]));
            Assert.That(of!.Elements, Is.EqualTo(vectors!.FirstColumns(3).Elements));
            Assert.That(values, Is.EqualTo(all));
        }
    }

    [Test]
    public void Runs_give_the_same_bits_and_permutations_the_same_values()
    {
        DenseMatrix matrix = JacobiMatrices.Symmetric(MatrixKind.Random, 40, 3), permuted = new(matrix.Rows, matrix.Rows);
        int size = matrix.Rows;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) permuted[i, j] = matrix[size - 1 - i, size - 1 - j];
        }

        foreach (int? width in (int?[])[null, 2])
        {
            (double[] values, DenseMatrix? vectors) = JacobiRun.Eigen<float>(engine.Shared, [matrix], blockWidth: width)[0];
            (double[] again, DenseMatrix? same) = JacobiRun.Eigen<float>(engine.Shared, [matrix], blockWidth: width)[0];
            Assert.That(again, Is.EqualTo(values));
            Assert.That(same!.Elements, Is.EqualTo(vectors!.Elements));
            JacobiAssert.AreNear<float>(JacobiRun.Eigen<float>(engine.Shared, [permuted], blockWidth: width)[0].Values, values, size, "permuted");
        }
    }

    [Test]
    public void The_upper_half_is_not_read()
    {
        foreach (int? width in (int?[])[null, 2])
        {
            DenseMatrix matrix = JacobiMatrices.Symmetric(MatrixKind.Random, 7, 3), half = matrix.Copy();
            for (int i = 0; i < 7; i++)
            {
                for (int j = i + 1; j < 7; j++) half[i, j] = double.NaN;
            }

            Assert.That(JacobiRun.Eigen<double>(engine.Shared, [half], blockWidth: width)[0].Values, Is.EqualTo(JacobiRun.Eigen<double>(engine.Shared, [matrix], blockWidth: width)[0].Values));
        }
    }

    [Test]
    public void What_is_not_finite_is_told([Values(double.NaN, double.PositiveInfinity)] double bad, [Values] bool blocks)
    {
        DenseMatrix[] matrices = [.. Enumerable.Range(0, 3).Select(item => JacobiMatrices.Symmetric(MatrixKind.Random, 7, item))];
        matrices[1][5, 2] = bad;
        Assert.That(
            () => JacobiRun.Eigen<float>(engine.Shared, matrices, blockWidth: blocks ? 2 : null),
            Throws.TypeOf<NumericalException>().With.Message.Contains("matrix 1 of 3").And.Message.Contains("NaN or infinity"));
    }

    private void EveryOrder<T>(MatrixKind kind)
        where T : unmanaged
    {
        foreach (int order in s_orders) Check<T>([JacobiMatrices.Symmetric(kind, order, order)], null);
    }

    private void Check<T>(DenseMatrix[] matrices, int? width)
        where T : unmanaged
    {
        DenseMatrix[] rounded = [.. matrices.Select(JacobiRun.Rounded<T>)];
        var found = JacobiRun.Eigen<T>(engine.Shared, rounded, blockWidth: width);
        for (int item = 0; item < rounded.Length; item++)
        {
            string what = $"{typeof(T).Name} {rounded[item].Rows}, item {item}, blocks {width}";
            JacobiAssert.IsEigen<T>(rounded[item], found[item].Values, found[item].Vectors!, what);
            JacobiAssert.AreNear<T>(found[item].Values, DecompositionsReference.SymmetricEigen(rounded[item]).Values, rounded[item].Rows, what);
        }
    }
}
