using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/fusion.md.</summary>
[TestFixture]
internal sealed class FusionExamples : ExampleFixture
{
    [Test]
    public void FusingViews()
    {
        Views views = Views.Of(("images", images), ("texts", texts)).WithLabels(labels);
        ViewsSplit split = views.Split(testFraction: 0.25, seed: 1);
        KernelFusionModel model = KernelFusion.Fit(split.Train, new() { Weighting = KernelWeighting.AlignF });
        int[] classes = model.Predict(split.Test);
        Tensor<double> probabilities = model.PredictProbabilities(split.Test.Blind("texts"));   // whole views may be absent
        Console.WriteLine($"weights {string.Join(", ", model.Weights)}");

        Assert.That(classes, Is.EqualTo(split.Test.Labels));
        Assert.That(probabilities.Lengths.ToArray(), Is.EqualTo(new nint[] { split.Test.Rows, 2 }));
    }

    [Test]
    public void TrainingFusion()
    {
        ViewsSplit split = Views.Of(("images", images), ("texts", texts)).WithLabels(labels).Split(testFraction: 0.25, seed: 1);
        TrainedFusionModel model = TrainedFusion.Fit(split.Train, new() { Rule = FusionRule.Gated, Width = 16, Heads = 2 });
        FusionExplanation why = model.Explain(split.Test);
        Console.WriteLine($"row 0 leans on {why.RowWeights[0, 0]:p0} images; its first feature on {why.Gates![0, 0, 0]:p0}");
        TrainedFusionModel graph = TrainedFusion.Fit(split.Train, new() { Rule = FusionRule.Graph });
        Views filled = graph.Impute(split.Test.Blind("texts"));                                 // texts, as the images tell them

        Assert.That(model.Predict(split.Test), Is.EqualTo(split.Test.Labels));
        Assert.That(filled.IsComplete, Is.True);
    }

    [Test]
    public void ComparingStrategies()
    {
        Views views = Views.Of(("images", images), ("texts", texts)).WithLabels(labels);
        FusionReport report = FusionReport.Compare(views, [FusionStrategy.Named("kernel-mean"), FusionStrategy.Named("stacking")], folds: 3, seed: 1);
        Console.WriteLine(report);                                                // every single view and the majority class beside them
        File.WriteAllText("report.html", report.ToHtml());

        Assert.That(report.Rows, Has.Count.EqualTo(5));
        Assert.That(File.ReadAllText("report.html"), Does.Contain("stacking"));
    }

    [Test]
    public void WeighingKernels()
    {
        Tensor<float>[] grams = [Gram.Compute(images, Kernel.Rbf()), Gram.Compute(texts, Kernel.Laplacian())];
        KernelWeightsResult learned = KernelWeights.AlignF(grams, labels);
        KernelSvm svm = KernelSvm.Fit(grams[0], labels, new() { Cost = 10, Probabilities = true });
        Console.WriteLine($"weights {string.Join(", ", learned.Weights)}; {svm.SupportVectors} support vectors");

        Assert.That(learned.Weights.Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(svm.Predict(grams[0]), Is.EqualTo(labels));
    }

    [Test]
    public void LandmarkingManyRows()
    {
        NystromFactor factor = Nystrom.Fit(x, Kernel.Rbf(), new() { Landmarks = 20, Choice = LandmarkChoice.Leverage, Seed = 1 });
        KernelSvm svm = KernelSvm.Fit(factor, labels);                                     // nothing of n x n is stored
        Tensor<float> landmarks = Tensor.Create([.. factor.Landmarks.SelectMany(i => x[i..(i + 1), ..].ToArray())], [20, 24]);
        int[] classes = svm.Predict(Gram.Compute(x, landmarks, Kernel.Rbf()));             // new rows against the landmarks alone
        KernelFusionModel fused = KernelFusion.Fit(Views.Of(("images", images), ("texts", texts)).WithLabels(labels), new() { Landmarks = new() { Landmarks = 20 } });

        Assert.That(classes, Has.Length.EqualTo(60));
        Assert.That(factor.Rank, Is.LessThanOrEqualTo(20));
    }

    [Test]
    public void VotingLate()
    {
        Views views = Views.Of(("images", images), ("texts", texts)).WithLabels(labels).WithMissing(rate: 0.2, seed: 1);
        LateFusionModel model = LateFusion.Fit(views, new() { Rule = LateRule.Evidential });
        FusionExplanation why = model.Explain(views);
        Console.WriteLine($"row 0 leans on {why.RowWeights[0, 0]:p0} images; {why.Uncertainty[0]:p0} of the evidence is open");

        Assert.That(model.Predict(views), Is.EqualTo(labels));
    }
}
