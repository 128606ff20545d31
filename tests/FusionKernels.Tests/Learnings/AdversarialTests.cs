using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[Parallelizable]
public sealed class AdversarialTests
{
    private static AdversarialOptions Options => new()
    {
        HiddenX = [16],
        HiddenY = [16],
        Components = 4,
        Epochs = 60,
        BatchSize = 60,
        Reversal = 0.3,
        TripletWeight = 1,
        Optimizer = new Adam { LearningRate = 0.01 },
        Seed = 1,
    };

    [Test]
    public void TheDiscriminatorIsLedAstray()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1);
        (Tensor<float> newX, Tensor<float> newY) = LearnedData.Pair(2, 120);

        // Classes alone leave the networks free to keep the modalities apart.
        AdversarialOptions options = Options with { Labels = Classes(x), TripletWeight = 0, PairWeight = 0 };
        AdversarialModel<float> against = AdversarialAlignment.Fit(x, y, options with { Reversal = 1 }), without = AdversarialAlignment.Fit(x, y, options with { Reversal = 0 });
        double led = against.DiscriminatorAccuracy(newX, newY), free = without.DiscriminatorAccuracy(newX, newY);
        TestContext.Out.WriteLine($"modality named right: {led:f3} against, {free:f3} without");
        Assert.That(free, Is.GreaterThan(0.8));
        Assert.That(led, Is.EqualTo(0.5).Within(0.15));
    }

    [Test]
    public void ClassesFindEachOther()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1);
        (Tensor<float> newX, Tensor<float> newY) = LearnedData.Pair(2, 120);
        AdversarialModel<float> model = AdversarialAlignment.Fit(x, y, Options with { Labels = Classes(x) });
        RetrievalResult found = model.Evaluate(newX, newY, Classes(newX), Classes(newX));
        Assert.That(found.AToB.MeanAveragePrecision, Is.GreaterThan(0.8), "chance is about .5");
        Assert.That(found.BToA.MeanAveragePrecision, Is.GreaterThan(0.7));
    }

    [Test]
    public void GeneratorsTellTheOtherView()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1);
        (Tensor<float> newX, Tensor<float> newY) = LearnedData.Pair(2, 120);
        TranslationOptions options = new() { Epochs = 60, BatchSize = 40, Optimizer = new Adam { LearningRate = 0.01 } };
        (double ofX, double ofY) = AdversarialTranslation.Fit(x, y, options).Evaluate(newX, newY);
        Assert.That((ofX, ofY), Is.EqualTo((0.7, 0.7)).Using<(double X, double Y)>((a, b) => a.X > b.X && a.Y > b.Y), $"{ofX:f3}, {ofY:f3}");

        // Without partners the cycle teaches: what goes there comes back.
        TranslationModel<float> cycle = AdversarialTranslation.Fit(x, y, options with { PairWeight = 0, CycleWeight = 1 });
        Assert.That(ExplainedVariance.Of(newX, cycle.TranslateY(cycle.TranslateX(newX))), Is.GreaterThan(0.7));
    }

    [Test]
    public void EveryParameterMovesInOneStep()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 40);
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 3)];
        ParameterSet<float> Aligned(double rate) => AdversarialAlignment.Fit(x, y, Options with { Labels = labels, Epochs = 1, BatchSize = 40, Optimizer = new Sgd { LearningRate = rate } }).Parameters;
        ParameterSet<float> Translated(double rate) => AdversarialTranslation.Fit(x, y, new() { HiddenX = [8], HiddenY = [8], CycleWeight = 1, Epochs = 1, BatchSize = 40, Optimizer = new Sgd { LearningRate = rate } }).Parameters;
        foreach ((ParameterSet<float> before, ParameterSet<float> after) in new[] { (Aligned(1e-12), Aligned(0.1)), (Translated(1e-12), Translated(0.1)) })
        {
            foreach (Parameter<float> parameter in after.All) Assert.That(GradientCheck.Flat(parameter.Read()), Is.Not.EqualTo(GradientCheck.Flat(before[parameter.Name].Read())), parameter.Name);
        }
    }

    [Test]
    public void SameBitsForAnyNumberOfThreads()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 60);
        AdversarialOptions options = Options with { Epochs = 3, Dropout = 0.2 };
        Assert.That(AdversarialAlignment.Fit(x, y, options with { Threads = 3 }).TransformX(x), Is.EqualTo(AdversarialAlignment.Fit(x, y, options with { Threads = 1 }).TransformX(x)));
    }

    [Test]
    public void BadInputGivesOneClearError()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 30);
        int[] labels = new int[30];
        (labels[4], labels[7]) = (-1, 2);
        Assert.That(() => AdversarialAlignment.Fit(x, y, new() { Labels = labels }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contain("a label is out of range").And.Message.Contain("0 to 29"));
        labels[4] = 30;
        Assert.That(() => AdversarialAlignment.Fit(x, y, new() { Labels = labels }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contain("30"));
        Assert.That(() => AdversarialAlignment.Fit(x, y, new() { Labels = [1] }), Throws.ArgumentException.With.Message.Contain("1 labels for 30 rows"));
        Assert.That(() => AdversarialAlignment.Fit(x, y, new() { TripletWeight = 0, PairWeight = 0 }), Throws.ArgumentException.With.Message.Contain("nothing teaches"));
        Assert.That(() => AdversarialAlignment.Fit(x, y, new() { Reversal = double.NaN }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contain("reversal"));
        Assert.That(() => AdversarialTranslation.Fit(x, y, new() { Reversal = 0, PairWeight = 0 }), Throws.ArgumentException.With.Message.Contain("nothing teaches"));
        (Tensor<float> _, Tensor<float> longer) = LearnedData.Pair(1, 31);
        Assert.That(() => AdversarialTranslation.Fit(x, longer), Throws.ArgumentException.With.Message.Contain("'x' has 30 rows, 'y' has 31"));
        Assert.That(() => AdversarialAlignment.Fit(x, y, new() { Epochs = 1 }).DiscriminatorAccuracy(x[..0, ..], y), Throws.ArgumentException.With.Message.Contain("no rows"));
    }

    private static int[] Classes(Tensor<float> rows) => [.. Enumerable.Range(0, (int)rows.Lengths[0]).Select(i => rows[i, 0] > 0 ? 1 : 0)];
}
