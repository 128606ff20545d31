using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions.Jacobi;

/// <summary>Singular value decompositions on every accelerator, against the reference in float64.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class JacobiSvdTests(TestEngine engine)
{
    private static readonly (int Rows, int Columns)[] s_shapes =
        [(1, 1), (2, 1), (1, 3), (3, 2), (4, 4), (5, 7), (9, 5), (33, 31), (32, 64), (65, 33), (100, 70), (40, 100)];

    [Test]
    public void Every_shape_and_kind_float32([Values] MatrixKind kind) => EveryShape<float>(kind);

    [Test]
    public void Every_shape_and_kind_float64([Values] MatrixKind kind) => EveryShape<double>(kind);

    [TestCase(7)]
    [TestCase(300)]
    public void Batches(int items)
    {
        DenseMatrix[] matrices = [.. Enumerable.Range(0, items).Select(item => JacobiMatrices.Times(JacobiMatrices.General((MatrixKind)(item % 5), 7, 5, item), Math.Pow(10, (item % 9) - 4)))];
        Check<float>(matrices, null);
        Check<double>(matrices, null);
        if (items > 9) matrices = matrices[..9];
        Check<double>(matrices, 1);
    }

    [Test]
    public void Blocks_of_any_width([Values(1, 2, 3)] int width, [Values(5, 9, 12)] int columns)
    {
        Check<double>([JacobiMatrices.General(MatrixKind.Random, 13, columns, 1), JacobiMatrices.General(MatrixKind.RankDeficient, 13, columns, 2)], width);
        Check<float>([JacobiMatrices.General(MatrixKind.Graded, 13, columns, 1)], width);
    }

    [TestCase(1e-30)]
    [TestCase(1e30)]
    public void Scale_changes_nothing_but_the_scale(double factor)
    {
        foreach (int? width in (int?[])[null, 2])
        {
            DenseMatrix matrix = JacobiMatrices.General(MatrixKind.Random, 7, 6, 3);
            Check<float>([JacobiMatrices.Times(matrix, factor)], width);
            Check<double>([JacobiMatrices.Times(matrix, factor * factor)], width);
        }
    }

    [Test]
    public void Columns_of_very_different_size_keep_their_small_values()
    {
        // Graded columns: every singular value to a relative error, as one-sided rotations give it.
        DenseMatrix matrix = JacobiMatrices.General(MatrixKind.Random, 8, 6, 3);
        for (int i = 0; i < 8; i++)
        {
            for (int j = 0; j < 6; j++) matrix[i, j] *= Math.Pow(10, -2 * j);
        }

        double[] expected = DecompositionsReference.Svd(matrix).Values;
        foreach (int? width in (int?[])[null, 1])
        {
            double[] found = JacobiRun.Svd<double>(engine.Shared, [matrix], blockWidth: width)[0].Values;
            for (int i = 0; i < 6; i++) Assert.That(found[i], Is.EqualTo(expected[i]).Within(1e-12 * expected[i]), $"value {i}, blocks {width}");
        }
    }

    [Test]
    public void Full_vectors_are_square_and_orthonormal([Values] MatrixKind kind)
    {
        foreach ((int rows, int columns) in ((int, int)[])[(7, 4), (4, 7), (5, 5)])
        {
            DenseMatrix matrix = JacobiMatrices.General(kind, rows, columns, 3);
            (DenseMatrix? u, double[] values, DenseMatrix? v) = JacobiRun.Svd<double>(engine.Shared, [matrix], full: true)[0];
            JacobiAssert.IsSvd<double>(matrix, u!, values, v!, $"{rows} x {columns}");
        }
    }

    [Test]
    public void The_top_alone_is_the_top_of_all()
    {
        foreach (int? width in (int?[])[null, 2])
        {
            DenseMatrix[] matrix = [JacobiMatrices.General(MatrixKind.Random, 9, 7, 3)];
            var all = JacobiRun.Svd<double>(engine.Shared, matrix, blockWidth: width)[0];
            var top = JacobiRun.Svd<double>(engine.Shared, matrix, kept: 3, blockWidth: width)[0];
            Assert.That(top.Values, Is.EqualTo(all.Values[..3]));
            Assert.That(top.U!.Elements, Is.EqualTo(all.U!.FirstColumns(3).Elements));
            Assert.That(top.V!.Elements, Is.EqualTo(all.V!.FirstColumns(3).Elements));
            double[] values = JacobiRun.Svd<double>(engine.Shared, matrix, blockWidth: width, hasVectors: false)[0].Values;
            Assert.That(values, Is.EqualTo(all.Values));
        }
    }

    [Test]
    public void Empty_matrices_have_no_values_and_full_vectors()
    {
        (DenseMatrix? u, double[] values, DenseMatrix? v) = JacobiRun.Svd<double>(engine.Shared, [new(4, 0)], full: true)[0];
        Assert.That(values, Is.Empty);
        Assert.That(JacobiAssert.Orthogonality(u!), Is.Zero);
        Assert.That(v!.Elements, Is.Empty);
    }

    [Test]
    public void What_is_not_finite_is_told([Values] bool blocks)
    {
        DenseMatrix[] matrices = [.. Enumerable.Range(0, 3).Select(item => JacobiMatrices.General(MatrixKind.Random, 7, 5, item))];
        matrices[2][1, 4] = double.NaN;
        Assert.That(
            () => JacobiRun.Svd<float>(engine.Shared, matrices, blockWidth: blocks ? 2 : null),
            Throws.TypeOf<NumericalException>().With.Message.Contains("matrix 2 of 3").And.Message.Contains("NaN or infinity"));
    }

    private void EveryShape<T>(MatrixKind kind)
        where T : unmanaged
    {
        foreach ((int rows, int columns) in s_shapes) Check<T>([JacobiMatrices.General(kind, rows, columns, rows)], null);
    }

    private void Check<T>(DenseMatrix[] matrices, int? width)
        where T : unmanaged
    {
        DenseMatrix[] rounded = [.. matrices.Select(JacobiRun.Rounded<T>)];
        var found = JacobiRun.Svd<T>(engine.Shared, rounded, blockWidth: width);
        for (int item = 0; item < rounded.Length; item++)
        {
            string what = $"{typeof(T).Name} {rounded[item].Rows} x {rounded[item].Columns}, item {item}, blocks {width}";
            JacobiAssert.IsSvd<T>(rounded[item], found[item].U!, found[item].Values, found[item].V!, what);
            JacobiAssert.AreNear<T>(found[item].Values, DecompositionsReference.Svd(rounded[item]).Values, rounded[item].Rows, what);
        }
    }
}
