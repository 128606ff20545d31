using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Tensors;

/// <summary>The public face of matrix products, against MathNet.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
public sealed class MatrixProductTests(TestEngine engine)
{
    private static readonly Matrix<double> s_a = Matrix<double>.Build.Random(7, 5, 1);
    private static readonly Matrix<double> s_b = Matrix<double>.Build.Random(5, 9, 2);

    private MatrixProductOptions On => new() { Device = engine.Device };

    [Test]
    public void Every_transpose_form_multiplies()
    {
        Matrix<double> expected = s_a * s_b;
        Near(MatrixProduct.Multiply(s_a.ToTensor(), s_b.ToTensor(), On), expected);
        Near(MatrixProduct.Multiply(s_a.Transpose().ToTensor(), s_b.ToTensor(), On with { TransposeA = true }), expected);
        Near(MatrixProduct.Multiply(s_a.ToTensor(), s_b.Transpose().ToTensor(), On with { TransposeB = true }), expected);
        Near(
            MatrixProduct.Multiply(s_a.Transpose().ToTensor(), s_b.Transpose().ToTensor(), On with { TransposeA = true, TransposeB = true, Alpha = -2 }),
            -2 * expected);
    }

    [Test]
    public void A_destination_is_added_to()
    {
        Matrix<double> before = Matrix<double>.Build.Random(7, 9, 3);
        Tensor<double> destination = before.ToTensor();
        MatrixProduct.Multiply(s_a.ToTensor(), s_b.ToTensor(), destination.AsTensorSpan(), On with { Alpha = 2, Beta = -1 });
        Near(destination, (2 * s_a * s_b) - before);
    }

    [Test]
    public void A_matrix_multiplies_itself()
    {
        Near(MatrixProduct.MultiplySelf(s_a.ToTensor(), On), s_a * s_a.Transpose());
        Near(MatrixProduct.MultiplySelf(s_a.ToTensor(), On with { TransposeA = true }), s_a.Transpose() * s_a);
    }

    [Test]
    public void Vectors_are_rows_on_the_left_and_columns_on_the_right()
    {
        Tensor<double> row = Tensor.Create(s_a.Row(0).ToArray(), [5]);
        Tensor<double> column = Tensor.Create(s_b.Column(0).ToArray(), [5]);
        Tensor<double> left = MatrixProduct.Multiply(row, s_b.ToTensor(), On), right = MatrixProduct.Multiply(s_a.ToTensor(), column, On);
        Assert.That(left.ToArray(), Is.EqualTo((s_a.Row(0) * s_b).ToArray()).Within(1e-13));
        Assert.That(right.ToArray(), Is.EqualTo((s_a * s_b.Column(0)).ToArray()).Within(1e-13));
        Assert.That(() => MatrixProduct.Multiply(row, column, On), Throws.ArgumentException.With.Message.Contains("TensorPrimitives.Dot"));
    }

    [Test]
    public void Batches_multiply_item_by_item_and_share_single_operands()
    {
        Tensor<double> a = Tensor.Create(s_a.ToRowMajorArray().Concat((2 * s_a).ToRowMajorArray()).ToArray(), [2, 7, 5]);
        Tensor<double> both = MatrixProduct.Multiply(a, s_b.ToTensor(), On);
        Assert.That(both.Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 7, 9 }));
        double[] one = (s_a * s_b).ToRowMajorArray();
        Assert.That(both.ToArray(), Is.EqualTo(one.Concat(one.Select(value => 2 * value))).Within(1e-13));
        Tensor<double> vectors = MatrixProduct.Multiply(a, Tensor.Create(s_b.Column(1).ToArray(), [5]), On);
        double[] column = (s_a * s_b.Column(1)).ToArray();
        Assert.That(vectors.ToArray(), Is.EqualTo(column.Concat(column.Select(value => 2 * value))).Within(1e-13));
    }

    [Test]
    public void Products_of_device_tensors_stay_on_the_device()
    {
        using DeviceTensor<double> a = engine.Device.Upload(s_a.ToTensor()), b = engine.Device.Upload(s_b.ToTensor());
        using DeviceTensor<double> product = MatrixProduct.Multiply(a, b), square = MatrixProduct.MultiplySelf(a);
        Near(product.Download(), s_a * s_b);
        Near(square.Download(), s_a * s_a.Transpose());
        MatrixProduct.Multiply(a, b, product, new() { Beta = 1 });
        Near(product.Download(), 2 * s_a * s_b);
        Assert.That(() => MatrixProduct.MultiplySelf(square, square), Throws.ArgumentException.With.Message.Contains("memory of its own"));
    }

    [Test]
    public void The_report_names_operation_device_and_precision()
    {
        ExecutionReport? report = null;
        MatrixProduct.Multiply(s_a.ToTensor(), s_b.ToTensor(), On with { Report = told => report = told });
        Assert.That(report, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That(report!.Operation, Is.EqualTo("MatrixProduct.Multiply"));
            Assert.That(report.Device, Is.EqualTo(engine.Shared.Name));
            Assert.That(report.Precision, Is.EqualTo("float64"));
            Assert.That(report.Flops, Is.EqualTo(2 * 7 * 5 * 9));
            Assert.That(report.Tiling, Is.Not.Empty);
        });
    }

    [Test]
    public void Wrong_arguments_are_refused_in_words()
    {
        Tensor<double> a = s_a.ToTensor(), b = s_b.ToTensor();
        Assert.That(() => MatrixProduct.Multiply(b, b, On), Throws.ArgumentException.With.Message.Contains("a is 5 x 9, b is 5 x 9"));
        Assert.That(() => MatrixProduct.Multiply(a, b, On with { Beta = 1 }), Throws.ArgumentException.With.Message.Contains("pass a destination"));
        Assert.That(
            () => MatrixProduct.Multiply(a, b, a.AsTensorSpan(), On), Throws.ArgumentException.With.Message.Contains("the product is 7 x 9, 'destination' is 7 x 5"));
        Assert.That(
            () => MatrixProduct.Multiply(Tensor.CreateFromShape<Half>([2, 2]), Tensor.CreateFromShape<Half>([2, 2]), On), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void Matrices_cross_the_bridge_both_ways() => Assert.That(s_a.ToTensor().ToMatrix(), Is.EqualTo(s_a));

    private static void Near(Tensor<double> actual, Matrix<double> expected) =>
        Assert.That((actual.ToMatrix() - expected).InfinityNorm(), Is.LessThan(1e-12));
}
