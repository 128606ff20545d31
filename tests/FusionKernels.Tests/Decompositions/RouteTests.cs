using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Decompositions;

/// <summary>Every decomposition tells which way it went and why, in its report and, where it has one, in its result.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class RouteTests(TestEngine engine)
{
    private static readonly Tensor<float> s_definite = FactorMatrices.PositiveDefinite<float>(40, 1), s_tall = FactorMatrices.Random<float>(50, 30, 2), s_wide = FactorMatrices.Random<float>(30, 50, 2), s_many = Joined(8), s_few = Joined(2);

    private bool IsHost => engine.Kind == DeviceKind.Host;

    [Test]
    public void Of_Cholesky_factors_and_triangles()
    {
        Told(options => Cholesky.Factor(s_definite, options), IsHost ? "40 x 40: halving to leaves of 32, all else products on all threads" : "halving on the products, for one matrix of more than a block");
        Told(options => Cholesky.FactorBatched(s_many, options), IsHost ? "a matrix a thread, each too small for all of them" : "products batched, for many matrices or one block");
        Told(options => TriangularSolver.Solve(s_definite, s_definite, new() { Device = options.Device, Report = options.Report }), "40 x 40, 40 right-hand sides: halving to leaves of 32");
        Told(options => TriangularSolver.SolveBatched(s_many, s_many, new() { Device = options.Device, Report = options.Report }), IsHost ? "a system a thread, for there are many" : "of all systems at once");
    }

    [Test]
    public void Of_QR_and_ranges()
    {
        Told(options => Qr.Factor(s_tall, options), IsHost ? "Householder, 50 x 30: blocks of 32 reflectors on the products, for fewer than two leaves of rows" : "CholeskyQr, 50 x 30: at least as many rows as columns");
        Told(options => Qr.FactorBatched(s_many, options), "for at most 256 of rows or columns");
        RangeFinderOptions find = new() { Device = engine.Device };
        Told(options => RangeFinder.Find(s_tall, 5, 0, find with { Report = options.Report }), RangeFinder.Find(s_tall, 5, 0, find).Route);
        Assert.That(RangeFinder.Find(s_tall, 5, 0, find).Route, Does.Contain("15 columns at once, for no tolerance is asked for").And.Contain(IsHost ? "QR by Householder" : "QR by CholeskyQr"));
        Assert.That(RangeFinder.Find(s_tall, 25, 0.3, find).Route, Does.Contain("in blocks of 10, of at most 30, until the bound is met"));
    }

    [Test]
    public void Of_spectra()
    {
        Check(options => SymmetricEigen.Compute(s_definite, options).Route, IsHost ? "all 40 vectors" : "order 40: ");
        Check(options => SymmetricEigen.Compute(s_definite, options with { Vectors = false }).Route, IsHost ? "values only" : "order 40: ");
        Check(options => SymmetricEigen.ComputeBatched(s_many, options).Route, IsHost ? "for at least 4 of at most 64 rows" : "the 64 columns of a group");
        Check(options => SymmetricEigen.ComputeBatched(s_few, options).Route, IsHost ? "all 12 vectors" : "a group per matrix, for at most the ");
        Check(options => GeneralizedEigen.Compute(s_definite, s_definite, options).Route, "Cholesky factor of B, then ");
        SvdOptions svd = new() { Device = engine.Device };
        foreach ((SvdOptions wanted, string why) in ((SvdOptions, string)[])[(svd, "for more than a quarter of the values"), (svd with { Full = true }, "for full bases"), (svd with { Count = 3 }, "for at most a quarter of the values")])
        {
            string route = "";
            string told = Reported(options => route = Svd.Compute(s_tall, wanted with { Report = options.Report }).Route);
            Assert.That(told, Is.EqualTo(route).And.Contains(IsHost ? why : "columns of a group"));
        }

        Assert.That(Svd.ComputeBatched(s_many, svd).Route, Does.Contain(IsHost ? "for at most 24 columns" : "a group each"));
    }

    [Test]
    public void Of_semi_definite_factors_and_answers_of_zero_or_more()
    {
        Told(options => PivotedCholesky.Factor(s_definite, options: options), $"40 x 40: complete pivoting in {(IsHost ? "float64" : "float32")}, 40 pivots above the tolerance");
        Told(options => PivotedCholesky.FactorBatched(s_many, options: options), IsHost ? "96 pivots above the tolerance, a matrix a thread" : "a group per matrix for 32 of them, what these leave by a product");
        Told(options => NonNegativeLeastSquares.Solve(s_tall, s_tall, options), IsHost ? "50 x 30: active set in float64" : "50 x 30: QR by Cholesky factors of AᵀA, for at least as many rows as columns, in float64, then active set in float64 on the host");
        Told(options => NonNegativeLeastSquares.Solve(s_wide, s_wide, options), IsHost ? "30 x 50: active set in float64" : "in one group for more columns than rows");
        Told(options => NonNegativeLeastSquares.SolveBatched(s_many, s_many, options), IsHost ? "8 x 12 x 12: active set in float64" : "8 x 12 x 12: QR by reflectors, a group per matrix for at most 256 of rows or columns");
    }

    [Test]
    public void Of_what_has_its_factors_on_the_host()
    {
        if (!IsHost) return;
        Told(options => ConjugateGradients.Solve(s_tall, Kernel.Rbf(), Tensor.Create(new double[50], [50]), 1, new() { Device = options.Device, Report = options.Report }), "without a preconditioner, for none was given");
        Told(options => IncompleteCholesky.Factor(s_tall, Kernel.Rbf(), 5, options: new() { Device = options.Device, Report = options.Report }), "5 pivots in float64 on the host");
    }

    private static Tensor<float> Joined(int items)
    {
        Tensor<float> batch = Tensor.CreateFromShape<float>([items, 12, 12]);
        for (int item = 0; item < items; item++)
        {
            Tensor<float> one = FactorMatrices.PositiveDefinite<float>(12, item + 3);
            for (int cell = 0; cell < 144; cell++) batch[item, cell / 12, cell % 12] = one[cell / 12, cell % 12];
        }

        return batch;
    }

    private void Told(Action<ExecutionOptions> call, string words) => Assert.That(Reported(call), Does.Contain(words));

    private void Check(Func<SpectrumOptions, string> call, string words)
    {
        string route = "";
        string told = Reported(options => route = call(new() { Device = options.Device, Report = options.Report }));
        Assert.That(told, Is.EqualTo(route).And.Contains(words));
    }

    /// <summary>What the one report of a call says.</summary>
    private string Reported(Action<ExecutionOptions> call)
    {
        List<string> told = [];
        call(new() { Device = engine.Device, Report = report => told.Add(report.Tiling) });
        return told.Single();
    }
}
