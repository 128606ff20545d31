using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Grams;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Kernel CCA and kernel PCA on every engine, against their eigenproblems with a kernel that is written out here.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.All))]
public sealed class KernelCorrelationOnDeviceTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rows = 18;
    private const double Gamma = 0.1, Kappa = 0.2;

    private static readonly Kernel s_kernel = Kernel.Rbf(Gamma);

    private static double Within => typeof(T) == typeof(float) ? 1e-5 : 1e-10;

    [SetUp]
    public void RequirePrecision() => Assume.That(typeof(T) == typeof(float) || engine.Device.Description.SupportsFloat64, "the device has no float64");

    [Test]
    public void Correlations_and_variates_solve_the_problem_of_their_definition()
    {
        Matrix<double>[] rows = CorrelatedViews.Matrices(Rows, [3, 2], 3);
        Matrix<double> x = Centred(rows[0]), y = Centred(rows[1]), normX = Norm(x), normY = Norm(y);
        double[] expected = [.. (normX.Inverse() * x * y * normY.Inverse() * y * x / ((Rows - 1.0) * (Rows - 1.0))).Evd().EigenValues.Select(value => Math.Sqrt(Math.Max(0, value.Real))).OrderDescending().Take(2)];
        KernelCanonicalCorrelation dense = Fit(rows, KernelApproximation.Dense);
        Assert.That(dense.Correlations, Is.EqualTo(expected).AsCollection.Within(Within));
        foreach (KernelApproximation route in (KernelApproximation[])[KernelApproximation.Cholesky, KernelApproximation.Nystrom])
        {
            KernelCanonicalCorrelation model = Fit(rows, route);
            Assert.That(model.Correlations, Is.EqualTo(expected).AsCollection.Within(20 * Within), $"{route} of all rows");
            (Tensor<double> u, Tensor<double> v) = model.Transform(CorrelatedViews.Of<T>(rows[0]), CorrelatedViews.Of<T>(rows[1]), new() { Device = engine.Device });
            for (int k = 0; k < 2; k++)
            {
                Assert.That(CorrelationData.Pearson(CorrelationData.Column(u, k), CorrelationData.Column(v, k)), Is.EqualTo(model.TrainingCorrelations[k]).Within(100 * Within), $"{route}");
            }
        }
    }

    [Test]
    public void New_rows_are_transformed_there_by_a_model_that_was_kept_in_a_file()
    {
        using TemporaryFolder folder = new();
        using ComputeDevice host = ComputeDevice.Open("host");
        Matrix<double>[] rows = CorrelatedViews.Matrices(Rows, [3, 2], 3);
        Tensor<T> fresh = CorrelatedViews.Of<T>(CorrelatedViews.Matrices(7, [3, 2], 4)[0]);
        List<ExecutionReport> told = [];
        foreach (KernelApproximation route in Enum.GetValues<KernelApproximation>())
        {
            KernelCanonicalCorrelation model = Fit(rows, route);
            model.Save(folder["m.npz"]);
            Tensor<double> there = KernelCanonicalCorrelation.Load(folder["m.npz"]).TransformX(fresh, new() { Device = engine.Device, Report = told.Add });
            GramAssert.SameBits(there, model.TransformX(fresh, new() { Device = engine.Device }), $"{route}");
            double[] expected = [.. model.TransformX(fresh, new() { Device = host })];
            Assert.That(there.ToArray(), Is.EqualTo(expected).AsCollection.Within(1000 * Within), $"{route}");
        }

        Assert.That(told.Select(report => report.Device), Is.EqualTo([engine.Device.Description.Name, engine.Device.Description.Name, engine.Device.Description.Name, engine.Kind == DeviceKind.Host ? engine.Device.Description.Name : HostExecution.Device.Description.Name]), "Fourier features are the host's");
    }

    [Test]
    public void Components_have_the_eigenvalues_of_the_centred_kernel()
    {
        Matrix<double> rows = CorrelatedViews.Matrices(Rows, [3], 5)[0];
        double[] expected = CorrelatedViews.Eigenvalues(Centred(rows));
        foreach (KernelApproximation route in (KernelApproximation[])[KernelApproximation.Dense, KernelApproximation.Cholesky, KernelApproximation.Nystrom])
        {
            KernelPca model = KernelPca.Fit(CorrelatedViews.Of<T>(rows), s_kernel, new() { Components = 3, Approximation = route, Rank = Rows, Device = engine.Device });
            Assert.That(model.Eigenvalues, Is.EqualTo(expected[..3]).AsCollection.Within(100 * Within), $"{route}");
            double[] scores = CorrelationData.Column(model.Transform(CorrelatedViews.Of<T>(rows), new() { Device = engine.Device }), 0);
            Assert.That(scores.Sum(score => score * score), Is.EqualTo(expected[0]).Within(1000 * Within), $"{route}");
        }
    }

    private KernelCanonicalCorrelation Fit(Matrix<double>[] rows, KernelApproximation route) => KernelCanonicalCorrelation.Fit(
        CorrelatedViews.Of<T>(rows[0]), s_kernel, CorrelatedViews.Of<T>(rows[1]), s_kernel, new() { Approximation = route, Rank = Rows, Regularization = Kappa, Device = engine.Device });

    /// <summary>The kernel's values, less the means of rows and columns, and the mean of all.</summary>
    private static Matrix<double> Centred(Matrix<double> rows)
    {
        Matrix<double> k = Matrix<double>.Build.Dense(rows.RowCount, rows.RowCount, (i, j) => Math.Exp(-Gamma * (rows.Row(i) - rows.Row(j)).PointwisePower(2).Sum()));
        Matrix<double> centre = Matrix<double>.Build.DenseIdentity(rows.RowCount) - Matrix<double>.Build.Dense(rows.RowCount, rows.RowCount, 1.0 / rows.RowCount);
        return centre * k * centre;
    }

    /// <summary>Hardoon's, with 1 in the direction that centring leaves empty.</summary>
    private static Matrix<double> Norm(Matrix<double> k) =>
        ((1 - Kappa) / (Rows - 1) * k * k) + (Kappa * k) + Matrix<double>.Build.Dense(Rows, Rows, 1.0 / Rows);
}
