using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/correlation-kernels.md.</summary>
[TestFixture]
internal sealed class CorrelationKernelsExamples : ExampleFixture
{
    /// <summary>A second view of the rows.</summary>
    private Tensor<float> y = null!;

    [SetUp]
    public void MakeView()
    {
        y = Tensor.CreateFromShape<float>([60, 5]);
        for (int i = 0; i < 60; i++)
        {
            for (int j = 0; j < 5; j++) y[i, j] = (x[i, j] * x[i, j + 1]) + (0.01f * ((i * (j + 3)) % 7));
        }
    }

    [Test]
    public void CorrelationInFeatureSpaces()
    {
        KernelCanonicalCorrelation kcca = KernelCanonicalCorrelation.Fit(x, Kernel.Rbf(), y, Kernel.Rbf(), new() { Components = 2, Regularization = 0.1 });
        (Tensor<double> u, Tensor<double> v) = kcca.Transform(x, y);
        Console.WriteLine($"{kcca.Approximation}, ranks {kcca.RankX} and {kcca.RankY}: {kcca.TrainingCorrelations[0]:0.000}");
        kcca.Save("kernels.npz");                                                  // KernelCanonicalCorrelation.Load reads it

        Assert.That(kcca.TrainingCorrelations[0], Is.GreaterThan(0.5));
        Assert.That(KernelCanonicalCorrelation.Load("kernels.npz").Correlations, Is.EqualTo(kcca.Correlations));
        Assert.That(u.Lengths.ToArray(), Is.EqualTo(v.Lengths.ToArray()));
    }

    [Test]
    public void LowRankFactors()
    {
        KernelCanonicalCorrelation kcca = KernelCanonicalCorrelation.Fit(
            x, Kernel.Rbf(), y, Kernel.Rbf(), new() { Approximation = KernelApproximation.Cholesky, Rank = 30 });
        KernelPca pca = KernelPca.Fit(x, Kernel.Rbf(), new() { Components = 3, Approximation = KernelApproximation.Nystrom, Rank = 30 });
        Tensor<double> scores = pca.Transform(newRows);

        Assert.That(kcca.RankX, Is.LessThanOrEqualTo(30));
        Assert.That(scores.Lengths[1], Is.EqualTo((nint)3));
    }

    [Test]
    public void MissingViews()
    {
        Tensor<bool> presence = Tensor.Create(Enumerable.Range(0, 120).Select(cell => cell % 7 != 1).ToArray(), [60, 2]);    // rows x views
        MultiviewCorrelation model = MultiviewCorrelation.Fit([x, y], new() { Components = 2, Ridge = 0.01, Presence = presence });
        Tensor<double> shared = model.SharedScores!;                               // rows x components
        Tensor<double> fromOne = model.Transform([newRows, null]);                 // of rows that have the first view alone

        Assert.That(shared.Lengths[0], Is.EqualTo((nint)60));
        Assert.That(fromOne.Lengths[0], Is.EqualTo((nint)20));
    }

    [Test]
    public void ManyViewsFromMoments()
    {
        CanonicalMoments shards = new(24, 5);                                      // columns of each view, as many views as there are
        shards.Accumulate([x, y]);
        MultiviewCorrelation streamed = MultiviewCorrelation.Fit(shards, new() { Objective = MultiviewObjective.SumCor, Ridge = 0.1 });
        Tensor<double> other = streamed.PredictView(0, newRows, 1);                // 20 x 5
        streamed.Save("views.npz");

        Assert.That(other.Lengths.ToArray(), Is.EqualTo((nint[])[20, 5]));
        Assert.That(MultiviewCorrelation.Load("views.npz").Eigenvalues, Is.EqualTo(streamed.Eigenvalues));
    }

    [Test]
    public void SparseWeights()
    {
        SparseCanonicalCorrelation sparse = SparseCanonicalCorrelation.Fit(x, y, new() { PenaltyX = SparsePenalty.Lasso(0.4), PenaltyY = SparsePenalty.Lasso(0.7) });
        Console.WriteLine($"correlation {sparse.Correlations[0]:0.000} after {sparse.Iterations[0]} steps, converged: {sparse.Converged[0]}");

        Assert.That(sparse.Correlations[0], Is.GreaterThan(0.3));
    }

    [Test]
    public void MeasuresOfDependence()
    {
        double cka = KernelAlignment.Centered(x, Kernel.Rbf(), y, Kernel.Rbf());
        double hsic = KernelAlignment.Hsic(x, Kernel.Rbf(), y, Kernel.Rbf(), new() { Unbiased = true });
        DistanceCorrelationResult distance = DistanceCorrelation.Compute(x, y, new() { Permutations = 199 });
        Console.WriteLine($"CKA {cka:0.000}, HSIC {hsic:0.0e0}, distance correlation {distance.Correlation:0.000}, p = {distance.PValue}");

        Assert.That(cka, Is.InRange(0, 1));
        Assert.That(distance.PValue, Is.LessThan(0.05));
    }
}
