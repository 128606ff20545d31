using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>Sparse matrices as a caller makes and reads them.</summary>
[TestFixture]
[Parallelizable]
public sealed class SparseMatrixTests
{
    [Test]
    public void Entries_in_any_order_are_sorted_and_those_of_one_place_added()
    {
        SparseMatrix<double> a = SparseMatrix<double>.FromEntries(3, 4, [(2, 1, 5), (0, 3, 1), (0, 0, 2), (2, 1, -1)]);
        Assert.That(a.RowStarts.ToArray(), Is.EqualTo<int>([0, 2, 2, 3]));
        Assert.That(a.ColumnIndices.ToArray(), Is.EqualTo<int>([0, 3, 1]));
        Assert.That(a.Values.ToArray(), Is.EqualTo(new[] { 2.0, 1, 4 }));
        Assert.That((a[2, 1], a[1, 1], a.Count), Is.EqualTo((4.0, 0.0, 3)));
        Assert.That(a.ToDense().ToArray(), Is.EqualTo(new double[] { 2, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 0 }));
    }

    [Test]
    public void Dense_there_and_back_and_transposed_twice_are_the_same()
    {
        Tensor<float> dense = Tensor.Create([0f, 1, 2, 0, 0, 0, 3, 0, 4], [3, 3]);
        SparseMatrix<float> a = SparseMatrix<float>.FromDense(dense);
        Assert.That(a.ToDense().ToArray(), Is.EqualTo(dense.ToArray()));
        Assert.That(a.Transpose()[0, 2], Is.EqualTo(3));
        Assert.That(a.Transpose().Transpose().ToDense().ToArray(), Is.EqualTo(dense.ToArray()));
    }

    [Test]
    public void Products_and_both_gradients_are_those_of_dense_matrices()
    {
        SparseMatrix<double> a = SparseMatrix<double>.FromEntries(2, 3, [(0, 1, 2), (1, 0, -1), (1, 2, 3)]);
        Tensor<double> x = Tensor.Create([1.0, 2, 3, 4, 5, 6], [3, 2]), g = Tensor.Create([1.0, -1, 2, 0.5], [2, 2]);
        Assert.That(a.Multiply(x).ToArray(), Is.EqualTo(new double[] { 6, 8, 14, 16 }));
        Assert.That(a.MultiplyTransposed(g).ToArray(), Is.EqualTo(new[] { -2, -0.5, 2, -2, 6, 1.5 }));
        Assert.That(a.ValueGradients(g, x).ToArray(), Is.EqualTo(new double[] { 3 - 4, 2 + 1, 10 + 3 }));
        Assert.That(a.Multiply(Tensor.Create([1.0, 2, 3], [3])).ToArray(), Is.EqualTo(new double[] { 4, 8 }));
    }

    [Test]
    public void Matrices_of_nothing_multiply()
    {
        SparseMatrix<float> none = SparseMatrix<float>.FromEntries(0, 3, []), empty = SparseMatrix<float>.FromEntries(2, 0, []);
        Assert.That(none.Multiply(Tensor.Create(new float[6], [3, 2])).FlattenedLength, Is.EqualTo((nint)0));
        Assert.That(empty.Multiply(Tensor.Create(Array.Empty<float>(), [0, 2])).ToArray(), Is.EqualTo(new float[4]));
        Assert.That(none.Transpose().Rows, Is.EqualTo(3));
    }

    [Test]
    public void The_report_counts_the_operations()
    {
        ExecutionReport? report = null;
        SparseMatrix<float>.FromEntries(2, 2, [(0, 1, 1), (1, 0, 1)]).Multiply(Tensor.Create(new float[6], [2, 3]), new() { Report = one => report = one });
        Assert.That(report!.Flops, Is.EqualTo(12));
        Assert.That(report.Operation, Is.EqualTo("SparseMatrix.Multiply"));
    }

    [Test]
    public void Bad_input_is_named()
    {
        Assert.That(() => SparseMatrix<float>.Of(2, 2, [0, 1], [0], [1]), Throws.ArgumentException.With.Message.Contains("3 starts"));
        Assert.That(() => SparseMatrix<float>.Of(2, 2, [0, 2, 2], [1, 0], [1, 1]), Throws.ArgumentException.With.Message.Contains("row 0 has column 0 after 1"));
        Assert.That(() => SparseMatrix<float>.Of(2, 2, [0, 2, 2], [1, 1], [1, 1]), Throws.ArgumentException.With.Message.Contains("each once"));
        Assert.That(() => SparseMatrix<float>.Of(2, 2, [0, 1, 2], [0, 2], [1, 1]), Throws.ArgumentException.With.Message.Contains("row 1 has column 2"));
        Assert.That(() => SparseMatrix<float>.Of(2, 2, [0, 2, 1], [0, 1], [1, 1]), Throws.ArgumentException);
        Assert.That(() => SparseMatrix<float>.Of(2, 2, [0, 3, 2], [0, 1], [1, 1]), Throws.ArgumentException.With.Message.Contains("row 0 runs"));
        Assert.That(() => SparseMatrix<float>.Of(1, 2, [0, 1], [1], [float.NaN]), Throws.ArgumentException.With.Message.Contains("(0, 1)"));
        Assert.That(() => SparseMatrix<float>.FromEntries(2, 2, [(0, 2, 1)]), Throws.ArgumentException.With.Message.Contains("(0, 2)"));
        Assert.That(() => SparseMatrix<float>.FromEntries(2, 2, []).Multiply(Tensor.Create(new float[3], [3, 1])), Throws.ArgumentException.With.Message.Contains("2 rows are needed"));
        Assert.That(() => SparseMatrix<Half>.FromEntries(1, 1, []), Throws.TypeOf<NotSupportedException>());
    }
}
