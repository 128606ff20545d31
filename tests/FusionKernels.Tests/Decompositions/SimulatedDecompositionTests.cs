using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>One small problem of each decomposition on a simulated device, by the public call: its groups are threads of the system. Cholesky has fixtures of its own there.</summary>
[TestFixture]
[Category("Engine")]
[Category("IlgpuCpu")]
public sealed class SimulatedDecompositionTests
{
    private static ComputeDevice Device =>
        TestEngines.Present.FirstOrDefault(engine => engine.Name == "ilgpu-cpu-warp32")?.Device ?? throw new IgnoreException("the simulated device is left out of this run");

    private static double Tolerance => Tolerances.Qr<float>(6, 4);

    [Test]
    public void Qr_of_one_matrix_and_of_a_batch()
    {
        Tensor<float> a = FactorMatrices.Random<float>(6, 3, 1), batch = Batch(6, 3);
        QrFactor<float> factor = Qr.Factor(a, new() { Device = Device });
        Assert.That(factor.Residual(a), Is.LessThan(Tolerance), factor.Why);
        Assert.That(factor.Orthogonality(), Is.LessThan(Tolerance), factor.Why);
        QrBatchResult<float> factors = Qr.FactorBatched(batch, new() { Device = Device });
        Assert.That(factors.Residual(batch), Is.LessThan(Tolerance), factors.Route);
        Assert.That(factors.Orthogonality(), Is.LessThan(Tolerance), factors.Route);
    }

    [Test]
    public void Spectra_of_one_matrix_and_of_a_batch()
    {
        Tensor<float> symmetric = FactorMatrices.PositiveDefinite<float>(3, 1), general = FactorMatrices.Random<float>(4, 2, 2), batch = Batch(4, 2);
        SymmetricEigenResult<float> eigen = SymmetricEigen.Compute(symmetric, new() { Device = Device });
        Assert.That(eigen.Residual(symmetric), Is.LessThan(Tolerance), eigen.Route);
        Assert.That(eigen.Orthogonality(), Is.LessThan(Tolerance), eigen.Route);
        SvdResult<float> svd = Svd.Compute(general, new() { Device = Device }), many = Svd.ComputeBatched(batch, new() { Device = Device });
        Assert.That(svd.Residual(general), Is.LessThan(Tolerance), svd.Route);
        Assert.That(many.Residual(batch), Is.LessThan(Tolerance), many.Route);
        Assert.That(Math.Max(svd.Orthogonality(), many.Orthogonality()), Is.LessThan(Tolerance), svd.Route);
    }

    [Test]
    public void Pairs_one_and_many()
    {
        Tensor<float> a = FactorMatrices.PositiveDefinite<float>(3, 1), b = FactorMatrices.PositiveDefinite<float>(3, 2);
        GeneralizedEigenResult<float> one = GeneralizedEigen.Compute(a, b, new() { Device = Device });
        Assert.That(one.Residual(a, b), Is.LessThan(Tolerance), one.Route);
        Assert.That(one.Orthogonality(b), Is.LessThan(Tolerance), one.Route);
        Tensor<float> left = Tensor.Create([.. GramAssert.Elements(a), .. GramAssert.Elements(b)], [2, 3, 3]), right = Tensor.Create([.. GramAssert.Elements(b), .. GramAssert.Elements(a)], [2, 3, 3]);
        GeneralizedEigenResult<float> many = GeneralizedEigen.ComputeBatched(left, right, new() { Device = Device });
        Assert.That(many.Residual(left, right), Is.LessThan(Tolerance), many.Route);
        Assert.That(many.Orthogonality(right), Is.LessThan(Tolerance), many.Route);
        for (int k = 0; k < 3; k++) Assert.That(many.Values[0, k] * many.Values[1, 2 - k], Is.EqualTo(1).Within(20 * Tolerance), "the exchanged pair has the inverse values");
    }

    [Test]
    public void Triangles_of_a_batch()
    {
        Tensor<float> triangles = Tensor.Create([.. GramAssert.Elements(FactorMatrices.PositiveDefinite<float>(4, 1)), .. GramAssert.Elements(FactorMatrices.PositiveDefinite<float>(4, 2))], [2, 4, 4]);
        Tensor<float> b = Batch(4, 2), x = TriangularSolver.SolveBatched(triangles, b, new() { Device = Device });
        for (int item = 0; item < 2; item++)
        {
            for (int i = 0; i < 4; i++)
            {
                for (int c = 0; c < 2; c++)
                {
                    double product = Enumerable.Range(0, i + 1).Sum(k => (double)triangles[item, i, k] * x[item, k, c]);
                    Assert.That(product, Is.EqualTo(b[item, i, c]).Within(Tolerance), $"{item}, {i}, {c}");
                }
            }
        }
    }

    [Test]
    public void A_range_a_low_rank_factor_and_conjugate_gradients()
    {
        Tensor<float> low = Tensor.Create([.. Enumerable.Range(0, 30).Select(cell => (float)((cell / 5) + 1) * ((cell % 5) - 1.5f))], [6, 5]), x = FactorMatrices.Random<float>(6, 2, 3);
        RangeFinderResult<float> range = RangeFinder.Find(low, 1, options: new() { Device = Device, Oversampling = 1, Powers = 1 });
        Assert.That(range.Residual(low), Is.LessThan(10 * Tolerance), range.Route);
        IncompleteCholeskyFactor<float> factor = IncompleteCholesky.Factor(x, Kernel.Rbf(1), 6, 0, new() { Device = Device });
        Tensor<double> b = FactorMatrices.Random<double>(6, 1, 4);
        ConjugateGradientsResult solved = ConjugateGradients.Solve(x, Kernel.Rbf(1), b, 0.5, new() { Device = Device, Tolerance = 1e-5 });
        Tensor<double> gram = Gram.Compute(GramAssert.Tensor<double>(GramAssert.Array(x)), Kernel.Rbf(1));
        for (int i = 0; i < 6; i++)
        {
            double product = (0.5 * solved.Solution[i, 0]) + Enumerable.Range(0, 6).Sum(j => gram[i, j] * solved.Solution[j, 0]);
            Assert.That(product, Is.EqualTo(b[i, 0]).Within(1e-4), $"row {i}");
            double whole = Enumerable.Range(0, factor.Rank).Sum(k => factor.Lower[i, k] * factor.Lower[i, k]);
            Assert.That(whole, Is.EqualTo(1).Within(factor.RemainingTrace + Tolerances.IncompleteCholesky<float>(2, 6)), $"row {i}");
        }
    }

    [Test]
    public void Semi_definite_factors_one_and_many()
    {
        Tensor<float> definite = FactorMatrices.PositiveDefinite<float>(34, 1), zeros = Tensor.CreateFromShape<float>([3, 3]);
        IncompleteCholeskyFactor<float> factor = PivotedCholesky.Factor(definite, null, new() { Device = Device });
        Assert.That(factor.Pivots, Is.EqualTo(DecompositionsReference.IncompleteCholesky(FactorMatrices.Dense(definite), 34).Pivots));
        for (int i = 0; i < 34; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = Enumerable.Range(0, 34).Sum(k => factor.Lower[i, k] * factor.Lower[j, k]);
                Assert.That(product, Is.EqualTo(definite[i, j]).Within(40 * Tolerances.Cholesky<float>(34)), $"{i}, {j}");
            }
        }

        Tensor<float> three = FactorMatrices.PositiveDefinite<float>(3, 2), both = Tensor.Create([.. GramAssert.Elements(zeros), .. GramAssert.Elements(three)], [2, 3, 3]);
        IReadOnlyList<IncompleteCholeskyFactor<float>> many = PivotedCholesky.FactorBatched(both, null, new() { Device = Device });
        Assert.That(many.Select(one => one.Rank), Is.EqualTo<int>([0, 3]));
        GramAssert.SameBits(many[1].Lower, PivotedCholesky.Factor(three, null, new() { Device = Device }).Lower, "the bits it has alone");
    }

    [Test]
    public void Answers_of_zero_or_more()
    {
        Tensor<double> a = FactorMatrices.Random<double>(6, 3, 1), b = FactorMatrices.Random<double>(6, 2, 2);
        NonNegativeLeastSquaresResult expected = NonNegativeLeastSquares.Solve(a, b, new() { Device = ComputeDevice.Open("host") });
        NonNegativeLeastSquaresResult one = NonNegativeLeastSquares.Solve(a, b, new() { Device = Device });
        NonNegativeLeastSquaresResult many = NonNegativeLeastSquares.SolveBatched(a.Reshape([1, 6, 3]), b.Reshape([1, 6, 2]), new() { Device = Device });
        Assert.That(GramAssert.Elements(one.Solution), Is.EqualTo(GramAssert.Elements(expected.Solution)).AsCollection.Within(1e-13));
        Assert.That(GramAssert.Elements(many.Solution), Is.EqualTo(GramAssert.Elements(expected.Solution)).AsCollection.Within(1e-13));
        Assert.That(Math.Max(one.KktResidual, many.KktResidual), Is.LessThan(1e-13));
    }

    private static Tensor<float> Batch(int rows, int columns) =>
        Tensor.Create([.. GramAssert.Elements(FactorMatrices.Random<float>(rows, columns, 5)), .. GramAssert.Elements(FactorMatrices.Random<float>(rows, columns, 6))], [2, rows, columns]);
}
