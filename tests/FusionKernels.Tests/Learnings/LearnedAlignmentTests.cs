using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[Parallelizable]
public sealed class LearnedAlignmentTests
{
    [Test]
    public void LinearNetworksReachTheCorrelationsOfLinearCca()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1);
        IReadOnlyList<double> linear = CanonicalCorrelation.Fit(x, y).Correlations;
        DeepCanonicalCorrelationModel<float> model = DeepCanonicalCorrelation.Fit(x, y, new()
        {
            Components = 3,
            Epochs = 400,
            Optimizer = new Adam { LearningRate = 0.02, CosineSteps = 400 },
            Seed = 1,
        });
        Assert.That(model.Correlations, Is.EqualTo(linear.Take(3)).Within(1e-3));
        Assert.That(model.Evaluate(x, y), Is.EqualTo(model.Correlations).Within(1e-4));
        Assert.That(model.Training.TrainingLosses[^1], Is.EqualTo(-linear.Take(3).Sum()).Within(2e-3));
    }

    [Test]
    public void SmallBatchesNeedARunningCovariance()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1);
        DeepCanonicalCorrelationOptions options = new() { Components = 3, Epochs = 40, BatchSize = 6, Optimizer = new Adam { LearningRate = 0.005 } };
        Assert.That(() => DeepCanonicalCorrelation.Fit(x, y, options), Throws.ArgumentException.With.Message.Contain("running covariance"));
        DeepCanonicalCorrelationModel<float> model = DeepCanonicalCorrelation.Fit(x, y, options with { Keep = 0.98 });
        Assert.That(model.Correlations.Sum(), Is.GreaterThan(0.97 * CanonicalCorrelation.Fit(x, y).Correlations.Take(3).Sum()));
    }

    [Test]
    public void BentViewsCorrelateMoreBehindNetworks()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, isBent: true);
        (Tensor<float> newX, Tensor<float> newY) = LearnedData.Pair(2, isBent: true);
        DeepCanonicalCorrelationModel<float> model = DeepCanonicalCorrelation.Fit(x, y, new()
        {
            HiddenX = [24],
            HiddenY = [24],
            Components = 2,
            Reconstruction = 0.02,
            Epochs = 150,
            Optimizer = new AdamW { LearningRate = 0.01, WeightDecay = 0.1 },
            ValidationShare = 0.2,
            Patience = 40,
        });
        CanonicalCorrelation cca = CanonicalCorrelation.Fit(x, y, new() { Components = 2 });
        (Tensor<float> u, Tensor<float> v) = cca.Transform(newX, newY);
        double linear = Math.Abs(Correlation(u, v, 0)) + Math.Abs(Correlation(u, v, 1));
        Assert.That(model.Evaluate(newX, newY).Sum(), Is.GreaterThan(linear));
    }

    [TestCase(ContrastiveLoss.InfoNce)]
    [TestCase(ContrastiveLoss.SigLip)]
    public void PartnersFindEachOther(ContrastiveLoss loss)
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1);
        (Tensor<float> newX, Tensor<float> newY) = LearnedData.Pair(3, 60);
        ContrastiveModel<float> model = ContrastiveAlignment.Fit(x, y, new() { Components = 8, Loss = loss, BatchSize = 60, Epochs = 60, Optimizer = new Adam { LearningRate = 0.01 } });
        RetrievalResult found = model.Evaluate(newX, newY);
        Assert.That(found.AToB.MeanAveragePrecision, Is.GreaterThan(0.25), "chance is about .08");
        Assert.That(model.Scale, Is.InRange(1, 100));
    }

    [Test]
    public void AbsentViewsCannotChangeABit()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 60);
        Tensor<bool> presence = Tensor.Create(new bool[120], [60, 2]);
        for (int i = 0; i < 60; i++) (presence[i, 0], presence[i, 1]) = (i % 7 != 0, i % 5 != 1 || i % 7 == 0);
        ContrastiveOptions options = new() { Components = 4, BatchSize = 20, Epochs = 3, Presence = presence };
        float[] before = GradientCheck.Flat(ContrastiveAlignment.Fit(x, y, options).Parameters["x.0.weight"].Read());
        for (int j = 0; j < 6; j++) x[0, j] = x[7, j] = float.NaN;
        for (int j = 0; j < 5; j++) y[1, j] = float.PositiveInfinity;
        Assert.That(GradientCheck.Flat(ContrastiveAlignment.Fit(x, y, options).Parameters["x.0.weight"].Read()), Is.EqualTo(before));
        Assert.That(() => ContrastiveAlignment.Fit(x, y, options with { Presence = null }), Throws.ArgumentException.With.Message.Contain("x[0, 0] is NaN"));
    }

    [Test]
    public void BadViewsGiveOneClearError()
    {
        (Tensor<float> x, Tensor<float> _) = LearnedData.Pair(1, 30);
        (Tensor<float> _, Tensor<float> y) = LearnedData.Pair(1, 31);
        Assert.That(() => DeepCanonicalCorrelation.Fit(x, y), Throws.ArgumentException.With.Message.Contain("'x' has 30 rows, 'y' has 31"));
        Assert.That(() => ContrastiveAlignment.Fit(x, x, new() { Labels = [1, 2] }), Throws.ArgumentException.With.Message.Contain("2 labels for 30 rows"));
        Assert.That(() => DeepCanonicalCorrelation.Fit(Tensor.Create(new float[6], [1, 6]), Tensor.Create(new float[6], [1, 6])), Throws.ArgumentException.With.Message.Contain("at least two"));
    }

    private static double Correlation(Tensor<float> u, Tensor<float> v, int column)
    {
        double[] a = [.. Enumerable.Range(0, (int)u.Lengths[0]).Select(i => (double)u[i, column])], b = [.. Enumerable.Range(0, (int)v.Lengths[0]).Select(i => (double)v[i, column])];
        return MathNet.Numerics.Statistics.Correlation.Pearson(a, b);
    }
}
