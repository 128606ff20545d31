using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using static FusionKernels.Tests.Products.ProductAssert;
using Family = FusionKernels.Kernels.Products.Products;

namespace FusionKernels.Tests.Products;

/// <summary>alpha a b + beta c on every engine, against the definition in double.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.All))]
[Parallelizable]
public sealed class MultiplyTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Engine Engine => engine.Shared;

    private bool IsSimulated => engine.Kind == DeviceKind.IlgpuCpu;

    [Test]
    public void Every_shape_multiplies()
    {
        foreach (var shape in IsSimulated ? SmallShapes : Shapes) Multiplies<T>(Engine, shape, OperandLayout.RowMajor, OperandLayout.RowMajor, OperandLayout.RowMajor, 1, 0);
    }

    [Test]
    public void Every_transpose_form_and_stride_multiplies(
        [Values] OperandLayout a, [Values] OperandLayout b, [Values(OperandLayout.PaddedRows, OperandLayout.PaddedColumns)] OperandLayout result)
    {
        Multiplies<T>(Engine, (13, 17, 21), a, b, result, 1, 0);
        if (IsSimulated) return;
        Multiplies<T>(Engine, (67, 35, 130), a, b, result, -0.5, 2);
        Multiplies<T>(Engine, (1, 35, 30), a, b, result, 1, 1);
        Multiplies<T>(Engine, (35, 1, 30), a, b, result, 1, 1);
    }

    [TestCase(1, 0)]
    [TestCase(-2.5, 0)]
    [TestCase(1, 1)]
    [TestCase(0.75, -1.25)]
    [TestCase(0, 0)]
    [TestCase(0, 3)]
    public void Alpha_and_beta_scale(double alpha, double beta)
    {
        Multiplies<T>(Engine, (9, 13, 11), OperandLayout.RowMajor, OperandLayout.RowMajor, OperandLayout.PaddedRows, alpha, beta);
        if (IsSimulated) return;
        Multiplies<T>(Engine, (9, 11, 4100), OperandLayout.RowMajor, OperandLayout.RowMajor, OperandLayout.PaddedRows, alpha, beta);
        Multiplies<T>(Engine, (29, 1, 31), OperandLayout.RowMajor, OperandLayout.RowMajor, OperandLayout.PaddedRows, alpha, beta);
    }

    [TestCase(17, 33, 20)]
    [TestCase(17, 1, 20)]
    [TestCase(17, 33, 0)]
    public void Beta_zero_overwrites_whatever_stands_there(int rows, int columns, int depth)
    {
        double[,] a = Random<T>(rows, depth, 1), b = Random<T>(depth, columns, 2), garbage = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) garbage[i, j] = (i + j) % 2 == 0 ? double.NaN : double.PositiveInfinity;
        }

        StridedMatrix<T> result = new(garbage);
        Family.Multiply(Engine, new StridedMatrix<T>(a).Ref, new StridedMatrix<T>(b).Ref, result.Ref, T.One, T.Zero, new("Multiply"));
        Assert.That(result.Elements, Has.All.Matches<T>(T.IsFinite));
    }

    [TestCase(17, 33)]
    [TestCase(17, 1)]
    public void Alpha_zero_does_not_read_the_operands(int rows, int columns)
    {
        double[,] a = Random<T>(rows, 8, 1);
        a[3, 4] = double.NaN;
        StridedMatrix<T> result = new(Random<T>(rows, columns, 3));
        Family.Multiply(Engine, new StridedMatrix<T>(a).Ref, new StridedMatrix<T>(Random<T>(8, columns, 2)).Ref, result.Ref, T.Zero, T.One, new("Multiply"));
        Assert.That(result.Elements, Has.All.Matches<T>(T.IsFinite));
    }

    [TestCase(40, 50, 30)]
    [TestCase(40, 1, 300)]
    public void Rows_that_are_not_finite_stay_in_their_rows(int rows, int columns, int depth)
    {
        double[,] a = Random<T>(rows, depth, 1), b = Random<T>(depth, columns, 2);
        a[3, 7] = double.NaN;
        a[13, 0] = double.PositiveInfinity;
        StridedMatrix<T> result = new(new double[rows, columns]);
        Family.Multiply(Engine, new StridedMatrix<T>(a).Ref, new StridedMatrix<T>(b).Ref, result.Ref, T.One, T.Zero, new("Multiply"));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) Assert.That(T.IsFinite(result[i, j]), Is.EqualTo(i is not (3 or 13)), $"{i}, {j}");
        }

        Assert.That(T.IsInfinity(result[13, 0]));
    }

    [Test]
    public void Large_products_agree_with_the_product_of_a_vector()
    {
        (int rows, int columns, int depth) = IsSimulated ? (40, 30, 50) : (401, 509, 5003);
        double[,] a = Random<T>(rows, depth, 1), b = Random<T>(depth, columns, 2), t = Random<T>(columns, 1, 3);
        StridedMatrix<T> c = new(new double[rows, columns]);
        Family.Multiply(Engine, new StridedMatrix<T>(a).Ref, new StridedMatrix<T>(b).Ref, c.Ref, T.One, T.Zero, new("Multiply"));
        double[,] ct = ProductsReference.Multiply(1, c.ToArray(), t);
        double[,] bt = ProductsReference.Multiply(1, b, t);
        double[,] abt = ProductsReference.Multiply(1, a, bt);
        double[,] magnitude = ProductsReference.Magnitude(1, a, ProductsReference.Magnitude(1, b, t));
        Near<T>(ct, abt, magnitude, depth, $"{engine.Name} {rows} x {columns} x {depth}");
    }

    [Test]
    public void Mismatched_shapes_are_refused_in_words()
    {
        StridedMatrix<T> a = new(new double[3, 4]), b = new(new double[5, 6]), c = new(new double[3, 6]);
        Assert.That(
            () => Family.Multiply(Engine, a.Ref, b.Ref, c.Ref, T.One, T.Zero, new("MatrixProduct.Multiply")),
            Throws.ArgumentException.With.Message.EqualTo("MatrixProduct.Multiply: a is 3 x 4, b is 5 x 6: a's columns must equal b's rows."));
        Assert.That(
            () => Family.Multiply(Engine, a.Ref, new StridedMatrix<T>(new double[4, 6]).Ref, b.Ref, T.One, T.Zero, new("Multiply")),
            Throws.ArgumentException.With.Message.Contains("result must be 3 x 6"));
        StridedMatrix<T> scattered = new(new double[3, 6], OperandLayout.Scattered);
        Assert.That(
            () => Family.Multiply(Engine, a.Ref, new StridedMatrix<T>(new double[4, 6]).Ref, scattered.Ref, T.One, T.Zero, new("Multiply")),
            Throws.ArgumentException.With.Message.Contains("one of them must be 1"));
    }
}
