using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Tensors;

/// <summary>Matrices and vectors of MathNet.Numerics as operands and as destinations, over their own memory.</summary>
[TestFixture]
public sealed class MathNetBridgeTests
{
    private static readonly Matrix<double> s_x = Matrix<double>.Build.Dense(7, 3, (i, j) => Math.Sin((3 * i) + j));
    private static readonly Matrix<double> s_y = Matrix<double>.Build.Dense(5, 3, (i, j) => Math.Cos(i - j));

    [Test]
    public void A_dense_matrix_and_its_tensor_are_one_memory()
    {
        Matrix<double> matrix = s_x.Clone();
        Tensor<double> tensor = matrix.AsTensor(), transposed = matrix.AsTransposedTensor();
        matrix[6, 1] = 42;
        Assert.That((tensor[6, 1], transposed[1, 6]), Is.EqualTo((42.0, 42.0)));
        tensor[2, 2] = -1;
        transposed[0, 3] = -2;
        Assert.That((matrix[2, 2], matrix[3, 0]), Is.EqualTo((-1.0, -2.0)));
        Assert.That(tensor.ToMatrix(), Is.EqualTo(matrix));
        Assert.That(transposed.ToMatrix(), Is.EqualTo(matrix.Transpose()));
    }

    [Test]
    public void Operations_read_the_matrix_where_it_lies()
    {
        Kernel kernel = Kernel.Rbf(0.3);
        Assert.That(Gram.Compute(s_x.AsTensor(), kernel).ToMatrix(), Is.EqualTo(Gram.Compute(s_x.ToTensor(), kernel).ToMatrix()));
        Assert.That(
            CanonicalCorrelation.Fit(s_x.AsTensor()[.., ..2], s_x.AsTensor()[.., 2..]).Correlations,
            Is.EqualTo(CanonicalCorrelation.Fit(s_x.ToTensor()[.., ..2], s_x.ToTensor()[.., 2..]).Correlations).Within(1e-12));
        Assert.That(Dtw.Distance(s_x.AsTensor(), s_y.AsTensor()), Is.EqualTo(Dtw.Distance(s_x.ToTensor(), s_y.ToTensor())));
    }

    [Test]
    public void Results_are_written_into_a_matrix()
    {
        Kernel kernel = Kernel.Polynomial(2);
        Matrix<double> k = Matrix<double>.Build.Dense(7, 5);
        Gram.Compute(s_y.AsTensor().AsReadOnlyTensorSpan(), s_x.AsTensor().AsReadOnlyTensorSpan(), kernel, k.AsTransposedTensor().AsTensorSpan());
        Assert.That((k - Gram.Compute(s_x.ToTensor(), s_y.ToTensor(), kernel).ToMatrix()).InfinityNorm(), Is.LessThan(1e-12));
    }

    [Test]
    public void Vectors_cross_the_bridge()
    {
        Vector<float> vector = Vector<float>.Build.Dense([1, 2, 3]);
        Tensor<float> shared = vector.AsTensor(), copied = vector.ToTensor();
        vector[1] = 5;
        Assert.That((shared[1], copied[1]), Is.EqualTo((5f, 2f)));
        Assert.That(shared.ToVector(), Is.EqualTo(vector));
        Assert.That(Tensor.Create<double>([0, 1, 2, 3, 4, 5], 1, [3], [2]).ToVector(), Is.EqualTo(Vector<double>.Build.Dense([1, 3, 5])), "strided");
    }

    [Test]
    public void What_is_not_dense_is_copied_or_refused_in_words()
    {
        Matrix<double> sparse = Matrix<double>.Build.SparseIdentity(4);
        Assert.That(sparse.ToTensor().ToMatrix(), Is.EqualTo(Matrix<double>.Build.DenseIdentity(4)));
        Assert.That(() => sparse.AsTensor(), Throws.ArgumentException.With.Message.Contains("not stored densely").And.Message.Contains("ToTensor"));
        Assert.That(() => sparse.AsTransposedTensor(), Throws.ArgumentException.With.Message.Contains("not stored densely"));
        Assert.That(() => Vector<double>.Build.Sparse(4).AsTensor(), Throws.ArgumentException.With.Message.Contains("not stored densely"));
        Assert.That(() => s_x.ToTensor().ToVector(), Throws.ArgumentException.With.Message.StartsWith("'tensor' is 7 x 3; a vector is needed"));
        Assert.That(() => Tensor.Create([1.0]).ToMatrix(), Throws.ArgumentException.With.Message.StartsWith("'tensor' is 1; a matrix"));
    }
}
