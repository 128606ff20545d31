using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/products.md.</summary>
[TestFixture]
internal sealed class ProductExamples : ExampleFixture
{
    [Test]
    public void Accumulation()
    {
        Tensor<float> sums = Tensor.CreateFromShape<float>([24, 24]);
        MatrixProductOptions add = new() { TransposeA = true, Alpha = 0.5, Beta = 1 };
        MatrixProduct.Multiply<float>(x, x, sums, add);             // sums += 0.5 xᵀ x
        MatrixProduct.Multiply<float>(newRows, newRows, sums, add);

        Assert.That(sums[0, 0], Is.GreaterThan(0));
    }

    [Test]
    public void Batches()
    {
        Tensor<float> items = Tensor.Create(Enumerable.Range(0, 2 * 3 * 4).Select(i => (float)i).ToArray(), [2, 3, 4]);
        Tensor<float> weights = Tensor.Create(new float[] { 1, 0, 0, 1, 1, 1, 0, 0 }, [4, 2]);
        Tensor<float> results = MatrixProduct.Multiply(items, weights);                // 2 x 3 x 2: the weights serve every item
        Tensor<float> vector = Tensor.Create(new float[] { 1, 1, 1, 1 }, [4]);
        Tensor<float> rowSums = MatrixProduct.Multiply(x[..10, ..4], vector);          // 10: a vector's dimension is missing

        Assert.That(results.Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 3, 2 }));
        Assert.That(rowSums.Rank, Is.EqualTo(1));
    }

    [Test]
    public void MathNetMatrices()
    {
        Matrix<float> matrix = x.ToMatrix();                                   // copies: a tensor does not tell its array
        Tensor<float> gram = Gram.Compute(matrix.AsTensor(), Kernel.Rbf());    // reads the matrix's own memory
        Matrix<float> sums = Matrix<float>.Build.Dense(24, 24);
        MatrixProduct.MultiplySelf<float>(x, sums.AsTransposedTensor(), new() { TransposeA = true });    // writes it; of a symmetric result the transpose is the same

        Assert.That(gram.SequenceEqual(Gram.Compute(x, Kernel.Rbf())));
        Assert.That((sums - matrix.TransposeThisAndMultiply(matrix)).InfinityNorm(), Is.LessThan(1e-3));
    }
}
