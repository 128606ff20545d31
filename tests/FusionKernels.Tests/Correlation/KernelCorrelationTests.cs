using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions.Spectra;
using FusionKernels.Tests.Grams;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace FusionKernels.Tests.Correlation;

/// <summary>Kernel CCA against linear CCA, against its generalised eigenproblem, and by every route.</summary>
[TestFixture]
internal sealed class KernelCorrelationTests
{
    private static readonly Kernel s_rbf = Kernel.Rbf(0.1);

    [TestCase(KernelRegularizer.Hardoon, 0.0)]
    [TestCase(KernelRegularizer.Hardoon, 0.3)]
    [TestCase(KernelRegularizer.Fukumizu, 0.5)]
    public void With_the_linear_kernel_it_is_linear_correlation(KernelRegularizer regularizer, double kappa)
    {
        // Small variances: shrinkage to the identity then bounds correlations by 1.
        Tensor<double>[] views = [.. CorrelatedViews.Matrices(40, [4, 3], 1).Select(view => CorrelatedViews.Of<double>(0.1 * view))];
        Tensor<double>[] fresh = [.. CorrelatedViews.Matrices(9, [4, 3], 2).Select(view => CorrelatedViews.Of<double>(0.1 * view))];
        CanonicalCorrelation linear = CanonicalCorrelation.Fit(views[0], views[1], new()
        {
            Scale = false,
            Shrinkage = regularizer == KernelRegularizer.Hardoon ? kappa : 0,
            Ridge = regularizer == KernelRegularizer.Fukumizu ? kappa : 0,
        });
        foreach (KernelApproximation route in new[] { KernelApproximation.Dense, KernelApproximation.Cholesky, KernelApproximation.Nystrom })
        {
            KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(
                views[0], Kernel.Linear(), views[1], Kernel.Linear(), new() { Components = 3, Regularizer = regularizer, Regularization = kappa, Approximation = route, Rank = 20 });
            Assert.That(model.Correlations, Is.EqualTo(linear.Correlations).AsCollection.Within(1e-8), route.ToString());
            Assert.That((model.RankX, model.RankY), Is.EqualTo((4, 3)));
            (Tensor<double> u, Tensor<double> v) = model.Transform(fresh[0], fresh[1]);
            Proportional(u, linear.TransformX(fresh[0]), 1e-6);
            Proportional(v, linear.TransformY(fresh[1]), 1e-6);
        }
    }

    [TestCase(KernelRegularizer.Hardoon, 0.2)]
    [TestCase(KernelRegularizer.Hardoon, 1.0)]
    [TestCase(KernelRegularizer.BachJordan, 0.05)]
    [TestCase(KernelRegularizer.Fukumizu, 0.01)]
    public void It_solves_the_generalised_problem_of_its_regulariser(KernelRegularizer regularizer, double kappa)
    {
        const int Rows = 24;
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(Rows, [3, 2], 3);
        Matrix<double>[] grams = [.. views.Select(view => CorrelatedViews.ToMatrix(Gram.Compute(view, s_rbf.Centered())))];
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(Rows);
        Matrix<double>[] norms = [.. grams.Select(k => regularizer switch
        {
            KernelRegularizer.Hardoon => ((1 - kappa) / (Rows - 1.0) * k * k) + (kappa * k),
            KernelRegularizer.BachJordan => (k + (Rows * kappa / 2 * identity)) * (k + (Rows * kappa / 2 * identity)) / (Rows - 1.0),
            _ => (k * k / (Rows - 1.0)) + (kappa * k),
        })];

        // K has the null vector 1; pinv(norm) leaves it out.
        Matrix<double> product = Pseudo(norms[0]) * grams[0] * grams[1] * Pseudo(norms[1]) * grams[1] * grams[0] / ((Rows - 1.0) * (Rows - 1.0));
        double[] expected = [.. product.Evd().EigenValues.Select(value => Math.Sqrt(Math.Max(0, value.Real))).OrderDescending().Take(3)];
        KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(views[0], s_rbf, views[1], s_rbf, new() { Components = 3, Regularizer = regularizer, Regularization = kappa });
        Assert.That(model.Correlations, Is.EqualTo(expected).AsCollection.Within(1e-6));
    }

    [Test]
    public void Nothing_that_is_called_a_correlation_exceeds_one([Values(0.01, 0.5, 1)] double kappa)
    {
        (double[,] x, double[,] y) = CorrelationData.Views(60, 3, 2, 5);
        Tensor<double> large = CorrelationData.Tensor<double>(CorrelationData.Changed(x, (_, _, value) => 100 * value)), other = CorrelationData.Tensor<double>(y);
        KernelCanonicalCorrelation bounded = KernelCanonicalCorrelation.Fit(large, Kernel.Rbf(1e-4), other, Kernel.Laplacian(), new() { Regularization = kappa });
        Assert.That(bounded.Correlations, Is.All.InRange(0, 1 + 1e-12));
        KernelCanonicalCorrelation free = KernelCanonicalCorrelation.Fit(large, Kernel.Linear(), other, Kernel.Linear(), new() { Regularization = kappa });
        Assert.That(free.TrainingCorrelations, Is.All.InRange(-1, 1));
        Assert.That(bounded.TrainingCorrelations, Is.All.InRange(-1, 1));
    }

    [Test]
    public void Variates_have_unit_variance_mean_0_and_the_correlations_they_report()
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(35, [3, 2], 4);
        foreach (KernelApproximation route in Enum.GetValues<KernelApproximation>())
        {
            KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(views[0], s_rbf, views[1], s_rbf, new() { Approximation = route, Rank = 30 });
            (Tensor<double> u, Tensor<double> v) = model.Transform(views[0], views[1]);
            for (int k = 0; k < 2; k++)
            {
                Vector left = CorrelatedViews.ToMatrix(u).Column(k), right = CorrelatedViews.ToMatrix(v).Column(k);
                Assert.That(left.Sum(), Is.Zero.Within(1e-7), route.ToString());
                Assert.That(left * left / 34, Is.EqualTo(1).Within(1e-7));
                Assert.That(right * right / 34, Is.EqualTo(1).Within(1e-7));
                Assert.That(left * right / 34, Is.EqualTo(model.TrainingCorrelations[k]).Within(1e-7));
            }
        }
    }

    [Test]
    public void A_shift_of_the_data_changes_neither_fit_nor_new_rows()
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(30, [3, 2], 5), fresh = CorrelatedViews.Tensors<double>(7, [3, 2], 6);
        foreach (Kernel kernel in new[] { Kernel.Linear(), s_rbf })
        {
            foreach (KernelApproximation route in new[] { KernelApproximation.Dense, KernelApproximation.Cholesky })
            {
                KernelCanonicalCorrelationOptions options = new() { Approximation = route, Rank = 30 };
                KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(views[0], kernel, views[1], kernel, options);
                KernelCanonicalCorrelation shifted = KernelCanonicalCorrelation.Fit(CorrelatedViews.Shifted(views[0], 100), kernel, CorrelatedViews.Shifted(views[1], 100), kernel, options);
                Assert.That(shifted.Correlations, Is.EqualTo(model.Correlations).AsCollection.Within(1e-8), $"{kernel} {route}");
                (Tensor<double> u, Tensor<double> v) = model.Transform(fresh[0], fresh[1]);
                (Tensor<double> moved, Tensor<double> other) = shifted.Transform(CorrelatedViews.Shifted(fresh[0], 100), CorrelatedViews.Shifted(fresh[1], 100));
                Proportional(moved, u, 1e-5);
                Proportional(other, v, 1e-5);
            }
        }
    }

    [TestCase(KernelApproximation.Dense)]
    [TestCase(KernelApproximation.Cholesky)]
    [TestCase(KernelApproximation.Nystrom)]
    public void Grams_that_are_there_give_what_rows_give(KernelApproximation route)
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(30, [3, 2], 7), fresh = CorrelatedViews.Tensors<double>(6, [3, 2], 8);
        KernelCanonicalCorrelationOptions options = new() { Approximation = route, Rank = 12 };
        KernelCanonicalCorrelation rows = KernelCanonicalCorrelation.Fit(views[0], s_rbf, views[1], s_rbf, options);
        KernelCanonicalCorrelation grams = KernelCanonicalCorrelation.Fit(Gram.Compute(views[0], s_rbf), Gram.Compute(views[1], s_rbf), options);
        Assert.That(grams.Correlations, Is.EqualTo(rows.Correlations).AsCollection.Within(1e-10));
        Assert.That(grams.RankX, Is.EqualTo(rows.RankX));
        Proportional(grams.TransformX(Gram.Compute(fresh[0], views[0], s_rbf)), rows.TransformX(fresh[0]), 1e-7);
        Proportional(grams.TransformY(Gram.Compute(fresh[1], views[1], s_rbf)), rows.TransformY(fresh[1]), 1e-7);
    }

    [Test]
    public void Low_rank_routes_tend_to_the_dense_one()
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(60, [3, 2], 9);
        double[] dense = Correlations(KernelApproximation.Dense, 0);
        foreach (KernelApproximation route in new[] { KernelApproximation.Cholesky, KernelApproximation.Nystrom })
        {
            double far = Distance(Correlations(route, 4), dense), nearer = Distance(Correlations(route, 20), dense);
            Assert.That(nearer, Is.LessThan(far), route.ToString());
            Assert.That(Distance(Correlations(route, 60), dense), Is.LessThan(1e-6), route.ToString());
        }

        Assert.That(Distance(Correlations(KernelApproximation.Fourier, 160), dense), Is.LessThan(0.1));

        double[] Correlations(KernelApproximation route, int rank) =>
            [.. KernelCanonicalCorrelation.Fit(views[0], s_rbf, views[1], s_rbf, new() { Approximation = route, Rank = Math.Max(1, rank), Regularization = 0.05 }).Correlations];
    }

    [Test]
    public void A_nonlinear_relation_that_linear_correlation_misses_is_found()
    {
        Random random = new(10);
        double[] x = [.. Enumerable.Range(0, 80).Select(_ => (2 * random.NextDouble()) - 1)], y = [.. x.Select(value => (value * value) + (0.01 * CorrelatedViews.Normal(random)))];
        Tensor<double> left = Tensor.Create(x, [80, 1]), right = Tensor.Create(y, [80, 1]);
        KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(left, Kernel.Rbf(2), right, Kernel.Rbf(2), new() { Components = 1, Regularization = 0.01 });
        Assert.That(model.TrainingCorrelations[0], Is.GreaterThan(0.98));
        Assert.That(CanonicalCorrelation.Fit(left, right).Correlations[0], Is.LessThan(0.4));
        Random again = new(11);
        double[] z = [.. Enumerable.Range(0, 40).Select(_ => (2 * again.NextDouble()) - 1)];
        Matrix<double> u = CorrelatedViews.ToMatrix(model.TransformX(Tensor.Create(z, [40, 1]))), v = CorrelatedViews.ToMatrix(model.TransformY(Tensor.Create([.. z.Select(value => value * value)], [40, 1])));
        Assert.That(MathNet.Numerics.Statistics.Correlation.Pearson(u.Column(0), v.Column(0)), Is.GreaterThan(0.97), "new rows");
    }

    [Test]
    public void Many_rows_take_memory_and_time_of_the_rank()
    {
        Tensor<float>[] views = CorrelatedViews.Tensors<float>(20_000, [6, 5], 12);
        KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(views[0], Kernel.Rbf(0.02f), views[1], Kernel.Rbf(0.02f), new() { Approximation = KernelApproximation.Cholesky, Rank = 40, Components = 2 });
        Assert.That(model.Approximation, Is.EqualTo(KernelApproximation.Cholesky));
        Assert.That(model.TrainingCorrelations[0], Is.GreaterThan(0.85));
    }

    [Test]
    [Category("Slow")]
    public void Twenty_thousand_rows_by_factors_of_rank_200_take_seconds_and_less_than_a_hundredth_of_the_dense_work()
    {
        const int Rows = 20_000, Rank = 200;
        Tensor<float>[] views = CorrelatedViews.Tensors<float>(Rows, [20, 20], 12);
        List<double> correlations = [];
        foreach (KernelApproximation route in (KernelApproximation[])[KernelApproximation.Cholesky, KernelApproximation.Nystrom, KernelApproximation.Fourier])
        {
            long started = Stopwatch.GetTimestamp();
            KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(views[0], Kernel.Rbf(0.005f), views[1], Kernel.Rbf(0.005f), new() { Approximation = route, Rank = Rank, Components = 2 });
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            TestContext.Out.WriteLine($"{route}: {seconds:0.0} s, first correlation {model.TrainingCorrelations[0]:0.000}");
            Assert.That(seconds, Is.LessThan(60), $"{route}");
            Assert.That(model.RankX, Is.LessThanOrEqualTo(Rank));
            correlations.Add(model.TrainingCorrelations[0]);
        }

        Assert.That(correlations, Is.All.InRange(correlations[0] - 0.02, correlations[0] + 0.02).And.All.GreaterThan(0.9));
        double dense = new SymmetricEigenPlan(Rows, 1, Rows, WantsVectors: true, sizeof(double)).Flops, factor = 2.0 * Rows * Rank * (Rank + 20);
        Assert.That(factor, Is.LessThan(0.01 * dense));
    }

    [TestCase("rbf")]
    [TestCase("laplacian")]
    [TestCase("exponential")]
    [TestCase("matern15")]
    [TestCase("matern25")]
    [TestCase("rational")]
    [TestCase("weighted")]
    public void Fourier_features_have_the_products_of_their_kernel(string name)
    {
        Kernel kernel = name switch
        {
            "rbf" => Kernel.Rbf(0.4),
            "laplacian" => Kernel.Laplacian(0.5),
            "exponential" => Kernel.Exponential(0.7),
            "matern15" => Kernel.Matern(1.5, 1.3),
            "matern25" => Kernel.Matern(2.5, 0.8),
            "rational" => Kernel.RationalQuadratic(0.6, 1.2),
            _ => 3 * Kernel.Rbf(0.4).On(1..),
        };
        Tensor<double> x = CorrelatedViews.Tensors<double>(12, [3], 13)[0];
        Kernels.Correlation.FourierFeatures features = Kernels.Correlation.FourierFeatures.Draw(kernel.Compile<double>(3).Program, 3, 40_000, 1)!;
        Kernels.Decompositions.DenseMatrix z = features.Evaluate((Kernels.Engines.HostEngine)HostExecution.Device.Engine, Kernels.Decompositions.DenseMatrix.Of(x.AsReadOnlyTensorSpan().AsMatrix("x")), new("test"));
        Tensor<double> gram = Gram.Compute(x, kernel);
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++)
            {
                double product = 0;
                for (int k = 0; k < z.Columns; k++) product += z[i, k] * z[j, k];
                Assert.That(product, Is.EqualTo(gram[i, j]).Within(name == "weighted" ? 0.09 : 0.03), $"{i}, {j}");
            }
        }
    }

    [Test]
    public void Kernel_components_are_principal_components_under_the_linear_kernel()
    {
        Matrix<double> rows = CorrelatedViews.Matrices(40, [5], 14)[0], centred = CorrelatedViews.Centred(rows);
        double[] expected = CorrelatedViews.Eigenvalues(centred.TransposeThisAndMultiply(centred));
        foreach (KernelApproximation route in new[] { KernelApproximation.Dense, KernelApproximation.Cholesky, KernelApproximation.Nystrom })
        {
            KernelPca model = KernelPca.Fit(CorrelatedViews.Of<double>(rows.Add(100)), Kernel.Linear(), new() { Components = 5, Approximation = route, Rank = 20 });
            Assert.That(model.Eigenvalues, Is.EqualTo(expected).AsCollection.Within(1e-6 * expected[0]), route.ToString());
            Assert.That(model.ExplainedVariance.Sum(), Is.EqualTo(1).Within(1e-9));
            Matrix<double> scores = CorrelatedViews.ToMatrix(model.Transform(CorrelatedViews.Of<double>(rows.Add(100))));
            Assert.That((scores.TransposeThisAndMultiply(scores) - Matrix<double>.Build.DenseOfDiagonalArray(expected)).FrobeniusNorm(), Is.LessThan(1e-6 * expected[0]));
            Assert.That(((scores * scores.Transpose()) - (centred * centred.Transpose())).FrobeniusNorm(), Is.LessThan(1e-6 * expected[0]));
        }
    }

    [Test]
    public void Kernel_components_of_new_rows_are_centred_by_the_training_rows()
    {
        Tensor<double> x = CorrelatedViews.Tensors<double>(30, [3], 15)[0], fresh = CorrelatedViews.Tensors<double>(8, [3], 16)[0];
        KernelPca dense = KernelPca.Fit(x, s_rbf, new() { Components = 29 }), factored = KernelPca.Fit(x, s_rbf, new() { Components = 3, Approximation = KernelApproximation.Cholesky, Rank = 30, Tolerance = 0 });
        Matrix<double> left = CorrelatedViews.ToMatrix(dense.Transform(fresh)), right = CorrelatedViews.ToMatrix(dense.Transform(x));
        Matrix<double> expected = CorrelatedViews.ToMatrix(Gram.Compute(fresh, x, s_rbf.Centered()));
        Assert.That(((left * right.Transpose()) - expected).FrobeniusNorm(), Is.LessThan(1e-5));
        Proportional(factored.Transform(fresh), dense.Transform(fresh), 1e-5);
        KernelPca given = KernelPca.Fit(Gram.Compute(x, s_rbf), new() { Components = 3 });
        Proportional(given.Transform(Gram.Compute(fresh, x, s_rbf)), dense.Transform(fresh), 1e-8);
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(10, [2, 2], 17);
        Tensor<double> longer = CorrelatedViews.Tensors<double>(11, [2], 17)[0], constant = Tensor.Create(new double[20], [10, 2]);
        Assert.That(() => Fit(views[0], longer), Throws.ArgumentException.With.Message.Contains("x has 10 rows, y has 11"));
        Assert.That(() => Fit(views[0], constant), Throws.ArgumentException.With.Message.Contains("the kernel of y tells no two rows apart"));
        Assert.That(() => Fit(views[0], views[1], new() { Components = 10 }), Throws.ArgumentException.With.Message.Contains("10 components are more than 10 centred rows hold, 9"));
        Assert.That(() => Fit(views[0], views[1], new() { Regularization = 1.5 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Fit(views[0], views[1], new() { Regularization = double.NaN }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Fit(views[0], views[1], new() { Rank = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => KernelCanonicalCorrelation.Fit(views[0], views[1]), Throws.ArgumentException.With.Message.Contains("'gramX' is 10 x 2; the Gram matrix of the training rows is square"));
        Assert.That(
            () => KernelCanonicalCorrelation.Fit(views[0], Kernel.Cosine(), views[1], s_rbf, new() { Approximation = KernelApproximation.Fourier }),
            Throws.TypeOf<NotSupportedException>().With.Message.Contains("cosine has no random Fourier features"));
        Tensor<double> gram = Gram.Compute(views[0], s_rbf);
        Assert.That(() => KernelCanonicalCorrelation.Fit(gram, gram, new() { Approximation = KernelApproximation.Fourier }), Throws.ArgumentException.With.Message.Contains("random Fourier features need rows"));
        Tensor<double> indefinite = Gram.Compute(views[0], -1 * s_rbf);
        Assert.That(() => KernelCanonicalCorrelation.Fit(indefinite, gram), Throws.TypeOf<NumericalException>().With.Message.Contains("not positive semi-definite"));
        KernelCanonicalCorrelation model = Fit(views[0], views[1]);
        Assert.That(() => model.TransformX(constant.Reshape([4, 5])), Throws.ArgumentException.With.Message.Contains("fitted to 2 features"));
        Assert.That(() => model.TransformX(Tensor.Create(new float[4], [2, 2])), Throws.ArgumentException.With.Message.Contains("fitted to rows of float64"));
        views[1][4, 1] = double.NaN;
        foreach (KernelApproximation route in Enum.GetValues<KernelApproximation>()) Assert.That(() => Fit(views[0], views[1], new() { Approximation = route }), Throws.ArgumentException, route.ToString());

        static KernelCanonicalCorrelation Fit(Tensor<double> x, Tensor<double> y, KernelCanonicalCorrelationOptions? options = null) =>
            KernelCanonicalCorrelation.Fit(x, s_rbf, y, s_rbf, options);
    }

    [Test]
    public void A_model_is_kept_in_a_file_to_the_bit([Values] KernelApproximation route, [Values] bool isNarrow)
    {
        if (isNarrow) Kept<float>(route);
        else Kept<double>(route);
    }

    [Test]
    public void Gram_matrices_leave_a_model_of_columns()
    {
        using TemporaryFolder folder = new();
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(20, [3, 2], 21);
        Tensor<double> gramX = Gram.Compute(views[0], s_rbf), gramY = Gram.Compute(views[1], s_rbf);
        foreach (KernelApproximation route in (KernelApproximation[])[KernelApproximation.Dense, KernelApproximation.Cholesky, KernelApproximation.Nystrom])
        {
            KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(gramX, gramY, new() { Approximation = route, Rank = 7 });
            model.Save(folder["m.npz"]);
            KernelCanonicalCorrelation loaded = KernelCanonicalCorrelation.Load(folder["m.npz"]);
            GramAssert.SameBits(loaded.TransformX(gramX), model.TransformX(gramX), $"{route}");
            Assert.That(() => loaded.TransformY(views[1]), Throws.ArgumentException.With.Message.Contains("fitted to a Gram matrix of 20 rows"));
        }
    }

    [Test]
    public void Files_that_are_no_models_of_kernels_are_refused()
    {
        using TemporaryFolder folder = new();
        Tensor<double>[] views = CorrelatedViews.Tensors<double>(20, [3, 2], 22);
        KernelCanonicalCorrelation.Fit(views[0], s_rbf, views[1], s_rbf).Save(folder["m.npz"]);
        CanonicalCorrelation.Fit(views[0], views[1]).Save(folder["linear.npz"]);
        Assert.That(() => KernelCanonicalCorrelation.Load(folder["linear.npz"]), Throws.TypeOf<DataFormatException>().With.Message.Contains("fusionkernels.kernel-canonical-correlation"));
        File.WriteAllBytes(folder["cut.npz"], File.ReadAllBytes(folder["m.npz"])[..^60]);
        Assert.That(() => KernelCanonicalCorrelation.Load(folder["cut.npz"]), Throws.TypeOf<DataFormatException>());
        Assert.That(() => KernelCanonicalCorrelation.Load(folder["none.npz"]), Throws.TypeOf<FileNotFoundException>());
        KernelCanonicalCorrelation given = KernelCanonicalCorrelation.Fit(views[0], Kernel.Precomputed(Gram.Compute(views[0], s_rbf)), views[1], s_rbf);
        Assert.That(() => given.Save(folder["given.npz"]), Throws.TypeOf<NotSupportedException>().With.Message.Contains("precomputed"));
        Assert.That(File.Exists(folder["given.npz"]), Is.False);
    }

    private static void Kept<T>(KernelApproximation route)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using TemporaryFolder folder = new();
        Tensor<T>[] views = CorrelatedViews.Tensors<T>(24, [3, 2], 20), fresh = CorrelatedViews.Tensors<T>(9, [3, 2], 21);
        Kernel composed = route == KernelApproximation.Fourier ? 0.7 * Kernel.Matern(2.5, 1.3) : (0.5 * Kernel.Rbf(0.1)) + (Kernel.Laplacian().On(1..) * Kernel.Cosine()).Normalized();
        KernelCanonicalCorrelation model = KernelCanonicalCorrelation.Fit(views[0], composed, views[1], s_rbf, new() { Components = 3, Approximation = route, Rank = 8 });
        model.Save(folder["m.npz"]);
        KernelCanonicalCorrelation loaded = KernelCanonicalCorrelation.Load(folder["m.npz"]);
        Assert.That((loaded.Approximation, loaded.Components, loaded.RankX, loaded.RankY), Is.EqualTo((route, 3, model.RankX, model.RankY)));
        Assert.That(loaded.Correlations, Is.EqualTo(model.Correlations));
        Assert.That(loaded.TrainingCorrelations, Is.EqualTo(model.TrainingCorrelations));
        GramAssert.SameBits(loaded.TransformX(fresh[0]), model.TransformX(fresh[0]), "x");
        GramAssert.SameBits(loaded.TransformY(fresh[1]), model.TransformY(fresh[1]), "y");
        loaded.Save(folder["again.npz"]);
        Assert.That(File.ReadAllBytes(folder["again.npz"]), Is.EqualTo(File.ReadAllBytes(folder["m.npz"])), "what was read is written as it was");
    }

    private static double Distance(double[] actual, double[] expected) => actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();

    private static Matrix<double> Pseudo(Matrix<double> matrix)
    {
        MathNet.Numerics.LinearAlgebra.Factorization.Evd<double> evd = ((matrix + matrix.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        double largest = evd.EigenValues.Max(value => value.Real);
        return evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(evd.EigenValues.Map(value => value.Real > 1e-13 * largest ? 1 / value.Real : 0)) * evd.EigenVectors.Transpose();
    }

    /// <summary>Columns are equal but for their sign and scale, which regularised variates take from another norm.</summary>
    private static void Proportional(Tensor<double> actual, Tensor<double> expected, double tolerance)
    {
        Matrix<double> a = CorrelatedViews.ToMatrix(actual), b = CorrelatedViews.ToMatrix(expected);
        for (int k = 0; k < Math.Min(a.ColumnCount, b.ColumnCount); k++)
        {
            double cosine = Math.Abs(a.Column(k) * b.Column(k)) / (a.Column(k).L2Norm() * b.Column(k).L2Norm());
            Assert.That(cosine, Is.EqualTo(1).Within(tolerance), $"component {k}");
        }
    }
}
