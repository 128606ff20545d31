using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Fusion;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Laplace's approximation against its definition in dense matrices, one row by hand, and what is known of it.</summary>
[TestFixture]
[Parallelizable]
public sealed class GaussianProcessClassifierTests
{
    private static DenseAlgebra Algebra => new(HostExecution.Engine(null, "test"), HostExecution.Settings(null, "test"));

    /// <summary>k = s^2, y = +1: the mode solves f = s^2 (1 - sigma(f)), and log q = -f^2 / (2 s^2) + log sigma(f) - log(1 + s^2 W) / 2.</summary>
    [TestCase(0.5)]
    [TestCase(4)]
    [TestCase(100)]
    public void One_row_by_hand(double signal)
    {
        double low = 0, high = signal;
        for (int i = 0; i < 200; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = middle < signal / (1 + Math.Exp(middle)) ? (middle, high) : (low, middle);
        }

        double p = 1 / (1 + Math.Exp(-low)), curvature = p * (1 - p);
        double expected = (-low * low / (2 * signal)) + Math.Log(p) - (0.5 * Math.Log(1 + (signal * curvature)));
        LaplaceBinary fit = LaplaceBinary.Fit(Algebra, new(1, 1, [signal]), [1], default);
        Assert.That(fit.Gradient[0], Is.EqualTo(1 - p).Within(1e-6));
        Assert.That(fit.LogEvidence, Is.EqualTo(expected).Within(1e-8));
    }

    [Test]
    public void Two_classes_are_those_of_the_dense_definition()
    {
        (Tensor<double> x, int[] labels) = Rows(14, 2, 1);
        (Tensor<double> news, _) = Rows(6, 2, 2);
        const double Signal = 5;
        Kernel kernel = Kernel.Rbf(0.7);
        Matrix<double> k = Dense(Gram.Compute(x, kernel)) * Signal, against = Dense(Gram.Compute(news, x, kernel)) * Signal;
        double[] signs = [.. labels.Select(label => label == 0 ? 1.0 : -1)];
        Vector<double> f = Vector<double>.Build.Dense(14), gradient = f;
        Matrix<double> w = k;
        for (int step = 0; step < 60; step++)
        {
            gradient = Vector<double>.Build.Dense(14, i => ((signs[i] + 1) / 2) - Sigma(f[i]));
            w = Matrix<double>.Build.DiagonalOfDiagonalArray([.. f.Select(value => Sigma(value) * (1 - Sigma(value)))]);
            f = (k.Inverse() + w).Solve((w * f) + gradient);
        }

        double evidence = (-0.5 * f.DotProduct(k.Solve(f))) - signs.Select((sign, i) => Math.Log(1 + Math.Exp(-sign * f[i]))).Sum() - (0.5 * Math.Log((Matrix<double>.Build.DenseIdentity(14) + (k * w)).Determinant()));
        GaussianProcessClassifier process = GaussianProcessClassifier.Fit(Gram.Compute(x, kernel), labels, new() { SignalVariance = Signal });
        Assert.That(process.LogEvidence, Is.EqualTo(evidence).Within(1e-7));
        Tensor<double> probabilities = process.PredictProbabilities(Gram.Compute(news, x, kernel));
        for (int i = 0; i < 6; i++)
        {
            Vector<double> own = against.Row(i);
            double mean = own.DotProduct(gradient), variance = Signal - own.DotProduct((k + w.Inverse()).Solve(own)), sum = 0, weights = 0;
            for (double z = -9; z <= 9; z += 0.001)
            {
                sum += Math.Exp(-z * z / 2) * Sigma(mean + (Math.Sqrt(variance) * z));
                weights += Math.Exp(-z * z / 2);
            }

            Assert.That(probabilities[i, 0], Is.EqualTo(sum / weights).Within(1e-6));
            Assert.That(Math.Abs(probabilities[i, 0] - 0.5), Is.LessThan(Math.Abs(Sigma(mean) - 0.5)), "averaging makes less sure (Rasmussen and Williams 2006, section 3.4.2)");
        }
    }

    /// <summary>With every row a landmark, the whole matrix; with few, the process of F F', whose evidence is that of the stored matrix.</summary>
    [TestCase(2, ProcessClasses.Softmax)]
    [TestCase(3, ProcessClasses.Softmax)]
    [TestCase(3, ProcessClasses.OneAgainstOthers)]
    public void Landmarks_give_the_process_of_the_matrix_that_they_make(int classes, ProcessClasses kind)
    {
        (Tensor<double> x, int[] labels) = Rows(40, classes, 3);
        (Tensor<double> news, _) = Rows(12, classes, 4);
        Kernel kernel = Kernel.Rbf(0.7);
        GaussianProcessClassifierOptions options = new() { Classes = kind, Draws = 500 };
        GaussianProcessClassifier exact = GaussianProcessClassifier.Fit(Gram.Compute(x, kernel), labels, options), whole = GaussianProcessClassifier.Fit(Nystrom.Fit(x, kernel, new() { Landmarks = 40 }), labels, options);
        Assert.That((whole.SignalVariance, whole.Classes), Is.EqualTo((exact.SignalVariance, exact.Classes)));
        Assert.That(whole.LogEvidence, Is.EqualTo(exact.LogEvidence).Within(1e-6));
        Tensor<double> against = Gram.Compute(news, x, kernel);
        Assert.That(FusionData.Flat(whole.PredictProbabilities(against)), Is.EqualTo(FusionData.Flat(exact.PredictProbabilities(against))).Within(1e-5));

        NystromFactor factor = Nystrom.Fit(x, kernel, new() { Landmarks = 9, Seed = 2 });
        GaussianProcessClassifier few = GaussianProcessClassifier.Fit(factor, labels, options with { SignalVariance = 5 });
        Assert.That(few.LogEvidence, Is.EqualTo(GaussianProcessClassifier.Fit(Gram.Compute(factor.Features, Kernel.Linear()), labels, options with { SignalVariance = 5 }).LogEvidence).Within(1e-6));
        Tensor<double> far = Tensor.Create(new double[9], [1, 9]);
        Assert.That(FusionData.Flat(few.PredictProbabilities(far)), Is.All.EqualTo(1.0 / classes).Within(0.05), "what no landmark is near of stays open");
        Assert.That(() => GaussianProcessClassifier.Fit(factor, labels.AsSpan(1)), Throws.ArgumentException.With.Message.Contains("40 rows, there are labels of 39"));
    }

    [Test]
    public void Three_classes_are_those_of_the_dense_definition()
    {
        const int Count = 9, Classes = 3;
        (Tensor<double> x, int[] labels) = Rows(Count, Classes, 3);
        (Tensor<double> news, _) = Rows(4, Classes, 4);
        Kernel kernel = Kernel.Rbf(0.7);
        Matrix<double> one = Dense(Gram.Compute(x, kernel)) * 6, k = Block(one, Classes), identity = Matrix<double>.Build.DenseIdentity(Count * Classes);
        Vector<double> y = Vector<double>.Build.Dense(Count * Classes, at => labels[at % Count] == at / Count ? 1 : 0), f = y * 0, pi = f;
        Matrix<double> w = k;
        for (int step = 0; step < 60; step++)
        {
            (pi, w) = Softmax(f, Count, Classes);
            f = (k.Inverse() + w).Solve((w * f) + y - pi);
        }

        double evidence = (-0.5 * f.DotProduct(k.Solve(f))) + y.DotProduct(f) - Enumerable.Range(0, Count).Sum(i => Math.Log(Enumerable.Range(0, Classes).Sum(c => Math.Exp(f[(c * Count) + i])))) - (0.5 * Math.Log((identity + (k * w)).Determinant()));
        LaplaceClasses fit = LaplaceClasses.Fit(Algebra, new(Count, Count, [.. one.ToRowMajorArray()]), labels, Classes, default);
        Assert.That(fit.LogEvidence, Is.EqualTo(evidence).Within(1e-7));
        Assert.That(fit.Gradient, Is.EqualTo((y - pi).ToArray()).Within(1e-5));
        Matrix<double> against = Dense(Gram.Compute(news, x, kernel)) * 6;
        (double[] means, double[] covariances) = fit.Predict(Algebra, new(4, Count, [.. against.ToRowMajorArray()]), 6);
        for (int i = 0; i < 4; i++)
        {
            Matrix<double> q = Matrix<double>.Build.Dense(Count * Classes, Classes, (at, c) => at / Count == c ? against[i, at % Count] : 0);
            Matrix<double> covariance = (Matrix<double>.Build.DenseIdentity(Classes) * 6) - (q.Transpose() * w * (identity + (k * w)).Solve(q));
            Vector<double> mean = q.Transpose() * (y - pi);
            for (int c = 0; c < Classes; c++)
            {
                Assert.That(means[(i * Classes) + c], Is.EqualTo(mean[c]).Within(1e-4));
                for (int d = 0; d < Classes; d++) Assert.That(covariances[(((i * Classes) + c) * Classes) + d], Is.EqualTo(covariance[c, d]).Within(1e-4));
            }
        }
    }

    /// <summary>The difference of two functions of covariance K has covariance 2 K: the softmax of two classes is the logistic function of it.</summary>
    [Test]
    public void A_softmax_of_two_classes_is_the_logistic_likelihood_of_twice_the_covariance()
    {
        (Tensor<double> x, int[] labels) = Rows(24, 2, 5);
        DenseMatrix k = DenseMatrix.Of(Gram.Compute(x, Kernel.Rbf(0.4)).AsReadOnlyTensorSpan().AsMatrix("k"));
        LaplaceClasses softmax = LaplaceClasses.Fit(Algebra, k, labels, 2, default);
        DenseMatrix twice = k.Copy();
        foreach (ref double value in twice.Elements.AsSpan()) value *= 2;
        LaplaceBinary binary = LaplaceBinary.Fit(Algebra, twice, [.. labels.Select(label => label == 0 ? 1.0 : -1)], default);
        Assert.That(softmax.LogEvidence, Is.EqualTo(binary.LogEvidence).Within(1e-7));
        Assert.That(softmax.Gradient[..24], Is.EqualTo(binary.Gradient).Within(1e-5));
    }

    [TestCase(ProcessClasses.Softmax)]
    [TestCase(ProcessClasses.OneAgainstOthers)]
    public void Classes_are_named_and_nothing_is_sure_far_from_the_rows(ProcessClasses classes)
    {
        (Tensor<double> x, int[] labels) = Rows(60, 3, 6);
        (Tensor<double> news, int[] truth) = Rows(60, 3, 7);
        Kernel kernel = Kernel.Rbf(0.5);
        GaussianProcessClassifier process = GaussianProcessClassifier.Fit(Gram.Compute(x, kernel), labels, new() { Classes = classes });
        foreach (double signal in (double[])[1, 3, 10, 30, 100])
        {
            Assert.That(GaussianProcessClassifier.Fit(Gram.Compute(x, kernel), labels, new() { Classes = classes, SignalVariance = signal }).LogEvidence, Is.LessThanOrEqualTo(process.LogEvidence));
        }

        Assert.That(process.Predict(Gram.Compute(news, x, kernel)).Where((label, i) => label == truth[i]).Count(), Is.GreaterThan(54));
        Tensor<double> far = process.PredictProbabilities(Gram.Compute(Tensor.Create([1000.0, 1000], [1, 2]), x, kernel));
        Assert.That(FusionData.Flat(far), Is.All.EqualTo(1 / 3.0).Within(0.02));
        Assert.That(FusionData.Flat(process.PredictProbabilities(Gram.Compute(news, x, kernel))).Chunk(3).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-9));
    }

    [Test]
    public void The_average_over_a_normal_distribution_is_exact()
    {
        // Odd around a mean of 0; and, by the symmetry sigma(f) + sigma(-f) = 1, complementary.
        foreach (double variance in (double[])[0, 0.1, 1, 30, 1e4])
        {
            Assert.That(NormalAverage.Logistic(0, variance), Is.EqualTo(0.5).Within(1e-14));
            Assert.That(NormalAverage.Logistic(1.3, variance) + NormalAverage.Logistic(-1.3, variance), Is.EqualTo(1).Within(1e-12));
        }

        Assert.That(NormalAverage.Logistic(2, 0), Is.EqualTo(Sigma(2)).Within(1e-15));
        double sum = 0, weights = 0;
        for (double z = -10; z <= 10; z += 1e-4)
        {
            sum += Math.Exp(-z * z / 2) * Sigma(0.7 + (3 * z));
            weights += Math.Exp(-z * z / 2);
        }

        Assert.That(NormalAverage.Logistic(0.7, 9), Is.EqualTo(sum / weights).Within(1e-10));
    }

    [Test]
    public void What_is_wrong_is_told_in_words()
    {
        Tensor<double> gram = FusionData.Gram<double>(6, 3, 1);
        Assert.That(() => GaussianProcessClassifier.Fit(gram, new int[6]), Throws.ArgumentException.With.Message.Contains("one class"));
        Assert.That(() => GaussianProcessClassifier.Fit(gram, [0, 1]), Throws.ArgumentException.With.Message.Contains("labels of 2"));
        Assert.That(() => GaussianProcessClassifier.Fit(gram, [0, 1, 0, 1, 0, 1], new() { SignalVariance = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => GaussianProcessClassifier.Fit(gram, [0, 1, 0, 1, 0, 1]).Predict(FusionData.Gram<double>(5, 3, 1)), Throws.ArgumentException.With.Message.Contains("rows x 6"));
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(() => GaussianProcessClassifier.Fit(gram, [0, 1, 0, 1, 0, 1], new() { Cancellation = cancelled.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    private static (Tensor<double> X, int[] Labels) Rows(int rows, int classes, int seed)
    {
        Random random = new(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % classes)];
        double[] values = [.. Enumerable.Range(0, rows * 2).Select(at => (1.6 * (at % 2 == 0 ? Math.Cos(labels[at / 2] * 2.1) : Math.Sin(labels[at / 2] * 2.1))) + (0.5 * FusionData.Gauss(random)))];
        return (Tensor.Create(values, [rows, 2]), labels);
    }

    private static double Sigma(double f) => 1 / (1 + Math.Exp(-f));

    private static Matrix<double> Dense(Tensor<double> values) => Matrix<double>.Build.Dense((int)values.Lengths[0], (int)values.Lengths[1], (i, j) => values[i, j]);

    private static Matrix<double> Block(Matrix<double> one, int classes) =>
        Matrix<double>.Build.Dense(one.RowCount * classes, one.RowCount * classes, (a, b) => a / one.RowCount == b / one.RowCount ? one[a % one.RowCount, b % one.RowCount] : 0);

    private static (Vector<double> Pi, Matrix<double> W) Softmax(Vector<double> f, int count, int classes)
    {
        Vector<double> pi = Vector<double>.Build.Dense(f.Count, at => Math.Exp(f[at]) / Enumerable.Range(0, classes).Sum(c => Math.Exp(f[(c * count) + (at % count)])));
        return (pi, Matrix<double>.Build.Dense(f.Count, f.Count, (a, b) => (a == b ? pi[a] : 0) - (a % count == b % count ? pi[a] * pi[b] : 0)));
    }
}
