using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/decompositions.md.</summary>
[TestFixture]
internal sealed class DecompositionExamples : ExampleFixture
{
    [Test]
    public void CholeskySolve()
    {
        Tensor<float> k = Gram.Compute(x, Kernel.Rbf());
        for (int i = 0; i < 60; i++) k[i, i] += 0.1f;                  // a ridge makes it positive definite
        CholeskyFactor<float> factor = Cholesky.Factor(k);
        Tensor<float> solution = factor.Solve(x);                      // of K X = x, for all columns at once
        Console.WriteLine($"{factor.LogDeterminant}, {factor.Residual(k)}");    // |K - L Lᵀ| / |K|

        Assert.That(factor.Residual(k), Is.LessThan(1e-6));
        Assert.That(MatrixProduct.Multiply(k, solution)[7, 3], Is.EqualTo(x[7, 3]).Within(1e-3));
    }

    [Test]
    public void LowRankFactor()
    {
        IncompleteCholeskyFactor<float> low = IncompleteCholesky.Factor(x, Kernel.Rbf(), rank: 20, tolerance: 1e-3);
        Tensor<double> rows = low.Lower;                               // 60 x Rank: K is about rows rowsᵀ
        Tensor<double> fresh = low.Transform(newRows);                 // new rows in the same coordinates
        Console.WriteLine($"{low.Rank} pivots leave {low.RemainingTrace} of {low.Trace}");

        Assert.That(Enumerable.Range(0, low.Rank).Sum(k => fresh[3, k] * rows[low.Pivots[0], k]), Is.EqualTo(Gram.Compute(newRows, x, Kernel.Rbf())[3, low.Pivots[0]]).Within(1e-5));
        Assert.That(low.RemainingTrace, Is.LessThan(0.1 * low.Trace));
    }

    [Test]
    public void QrRouteAndResidual()
    {
        QrFactor<float> qr = Qr.Factor(x);
        Console.WriteLine($"{qr.Route}: {qr.Why}");
        Console.WriteLine($"{qr.Residual(x)}, {qr.Orthogonality()}");  // |A - Q R| / |A|, largest of |QᵀQ - I|

        Assert.That(qr.Residual(x) + qr.Orthogonality(), Is.LessThan(1e-5));
    }

    [Test]
    public void SolveWithoutTheMatrix()
    {
        Tensor<double> targets = Tensor.Create([.. labels.Select(label => 2.0 * label - 1)], [60]);
        ConjugateGradientsResult solved = ConjugateGradients.Solve(x, Kernel.Rbf(), targets, ridge: 0.1, new()
        {
            Tolerance = 1e-4,
            Preconditioner = IncompleteCholesky.Factor(x, Kernel.Rbf(), rank: 20),
        });
        Console.WriteLine($"{solved.Converged} after {solved.Iterations[0]}, {solved.RelativeResiduals[0]}");

        Assert.That(solved.Converged);
    }

    [Test]
    public void AnswersOfZeroOrMore()
    {
        Tensor<double> parts = Tensor.Create([1.0, 0, 1, 0, 0, 1], [3, 2]);
        NonNegativeLeastSquaresResult mixed = NonNegativeLeastSquares.Solve(parts, Tensor.Create([2.0, 1, -1], [3]));
        Console.WriteLine($"{mixed.Solution[0]}, {mixed.Solution[1]}: {mixed.KktResidual}");    // 1.5, 0

        Assert.That(mixed.Solution[0], Is.EqualTo(1.5).Within(1e-12));
        Assert.That(mixed.Solution[1], Is.Zero);
    }

    [Test]
    public void LargestEigenvalues()
    {
        Tensor<float> similarities = Gram.Compute(x, Kernel.Rbf());
        SymmetricEigenResult<float> top = SymmetricEigen.Compute(similarities, new() { Count = 3 });
        Console.WriteLine($"{top.Values[0]} by {top.Route}");
        Console.WriteLine($"{top.Residual(similarities)}, {top.Orthogonality()}");     // |A V - V diag(values)| / |A|, largest of |VᵀV - I|

        Assert.That(top.Residual(similarities) + top.Orthogonality(), Is.LessThan(1e-5));
    }

    [Test]
    public void ManySmallMatrices()
    {
        Tensor<double> covariances = Tensor.CreateFromShape<double>([100, 4, 4]);
        for (int item = 0; item < 100; item++)
        {
            for (int i = 0; i < 4; i++) covariances[item, i, i] = i + (0.01 * item);
        }

        SymmetricEigenResult<double> batch = SymmetricEigen.ComputeBatched(covariances);
        Console.WriteLine($"{batch.Values[99, 0]}: {batch.Route}");            // items x 4, vectors items x 4 x 4

        Assert.That(batch.Values[99, 0], Is.EqualTo(3.99).Within(1e-12));
        Assert.That(batch.Vectors![99, 3, 0], Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void PairOfMatrices()
    {
        Tensor<double> within = Tensor.Create([2.0, 1, 1, 3], [2, 2]), between = Tensor.Create([4.0, 1, 1, 1], [2, 2]);
        GeneralizedEigenResult<double> ratios = GeneralizedEigen.Compute(between, within);
        Console.WriteLine($"{ratios.Values[0]}, {ratios.Values[1]}");          // extremes of xᵀ A x / xᵀ B x
        Console.WriteLine($"{ratios.Residual(between, within)}, {ratios.Orthogonality(within)}");    // in the product of B: XᵀBX = I

        Assert.That(ratios.Values[0], Is.EqualTo((12 + Math.Sqrt(84)) / 10).Within(1e-12));
        Assert.That(ratios.Values[1], Is.EqualTo((12 - Math.Sqrt(84)) / 10).Within(1e-12), "the roots of 5 t² - 12 t + 3");
    }

    [Test]
    public void TopOfTheSpectrum()
    {
        SvdResult<float> svd = Svd.Compute(x, new() { Count = 3 });
        Console.WriteLine($"{svd.Values[0]}, {svd.Values[1]}, {svd.Values[2]} by {svd.Route}");
        Console.WriteLine($"{svd.Residual(x)}, {svd.Orthogonality()}");

        Assert.That(svd.Residual(x) + svd.Orthogonality(), Is.LessThan(1e-5));
    }

    [Test]
    public void RangeAtRandom()
    {
        RangeFinderResult<float> range = RangeFinder.Find(x, rank: 3, tolerance: 0, new() { Oversampling = 2, Powers = 2, Seed = 17 });
        Console.WriteLine($"{range.Basis.Lengths[1]} columns leave at most {range.ErrorBound}: {range.Residual(x)}");
        RangeFinderResult<float> enough = RangeFinder.Find(x, rank: 4, tolerance: 0.5);
        Console.WriteLine($"{enough.Reached}: {enough.Route}");

        Assert.That(range.Basis.Lengths[1], Is.EqualTo((nint)5));
        Assert.That(range.Orthogonality(), Is.LessThan(1e-5));
    }
}
