using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Gaussian processes against a process of two points by hand, and the density's own optimum.</summary>
[TestFixture]
[Parallelizable]
public sealed class GaussianProcessTests
{
    /// <summary>K = [[1, k], [k, 1]], targets 1 and -1 around 0: along (1, -1) the covariance is 1 - k + noise.</summary>
    [Test]
    public void Two_points_by_hand()
    {
        const double K = 0.5, Noise = 0.25;
        Tensor<double> gram = Tensor.Create([1, K, K, 1], [2, 2]);
        GaussianProcess process = GaussianProcess.Fit(gram, Tensor.Create([1.0, -1], [2]), Noise);
        double along = 1 - K + Noise, signal = 2 / along / 2;
        Assert.That(process.SignalVariances[0], Is.EqualTo(signal).Within(1e-12));
        double determinant = along * (1 + K + Noise);
        Assert.That(process.LogMarginalLikelihood, Is.EqualTo(-(Math.Log(determinant) + (2 * (Math.Log(2 * Math.PI * signal) + 1))) / 2).Within(1e-12));
        (Tensor<double> means, Tensor<double> variances) = process.Predict(Tensor.Create([1.0, K], [1, 2]));
        Assert.That(means[0, 0], Is.EqualTo((1 - K) / along).Within(1e-12));
        double inverse00 = (1 + Noise) / determinant, inverse01 = -K / determinant;
        Assert.That(variances[0, 0], Is.EqualTo(signal * (1 - (inverse00 * (1 + (K * K))) - (2 * K * inverse01))).Within(1e-12));
    }

    [Test]
    public void The_likeliest_noise_is_taken_and_variance_grows_away_from_the_rows()
    {
        Random random = new(1);
        double[] x = [.. Enumerable.Range(0, 60).Select(i => i / 10.0)];
        double[] y = [.. x.Select(value => Math.Sin(value) + (0.1 * FusionData.Gauss(random)) + 7)];
        Tensor<double> rows = Tensor.Create(x, [60, 1]), news = Tensor.Create([2.05, 30.0], [2, 1]);
        GaussianProcess process = GaussianProcess.Fit(Gram.Compute(rows, Kernel.Rbf(0.5)), Tensor.Create(y, [60]));
        foreach (double noise in (double[])[1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1])
        {
            Assert.That(GaussianProcess.Fit(Gram.Compute(rows, Kernel.Rbf(0.5)), Tensor.Create(y, [60]), noise).LogMarginalLikelihood, Is.LessThanOrEqualTo(process.LogMarginalLikelihood));
        }

        (Tensor<double> means, Tensor<double> variances) = process.Predict(Gram.Compute(news, rows, Kernel.Rbf(0.5)));
        Assert.That(means[0, 0], Is.EqualTo(Math.Sin(2.05) + 7).Within(0.1));
        Assert.That(variances[1, 0], Is.EqualTo(process.SignalVariances[0]).Within(1e-9));
        Assert.That(variances[0, 0], Is.LessThan(0.1 * variances[1, 0]));
        Assert.That(() => GaussianProcess.Fit(Gram.Compute(rows, Kernel.Rbf(0.5)), Tensor.Create(y, [60]), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
