using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>What every strategy owes, for 2, 3 and 6 views: classes, probabilities, explanations, and nothing from absent cells. <see cref="TrainedFusionTests"/> asks the same of those that train.</summary>
[TestFixture]
[Parallelizable]
public sealed class StrategyTests
{
    private static IEnumerable<TestCaseData> Cases =>
        from name in FusionStrategy.All(FusionData.Halves(8, 2, 1)).Select(one => one.Name).Except(TrainedFusionTests.Names) from views in (int[])[2, 3, 6] select new TestCaseData(name, views);

    [TestCaseSource(nameof(Cases))]
    public void A_strategy_names_classes_beyond_any_single_view(string name, int count)
    {
        Views views = FusionData.Halves(88, count, 1);
        ViewsSplit split = views.Split(0.5, 3);
        FusionModel model = FusionStrategy.Named(name).Fit(split.Train);
        Assert.That((model.Strategy, model.Classes.Count, model.Views.Count), Is.EqualTo((name, 4, count)));

        // A view alone tells halves apart: 1/2 at best. Decisions of such views still add up to more.
        Assert.That(FusionData.Accuracy(model, split.Test), Is.GreaterThan(name == "hard-vote" ? 0.6 : 0.75));
        Tensor<double> probabilities = model.PredictProbabilities(split.Test);
        Assert.That(probabilities.Lengths.ToArray(), Is.EqualTo(new nint[] { 44, 4 }));
        Assert.That(FusionData.Flat(probabilities).Chunk(4).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-9));
        FusionExplanation explained = model.Explain(split.Test.Blind("v0"));
        Assert.That(explained.Weights.Sum(), Is.EqualTo(1).Within(1e-9));
        Assert.That(FusionData.Flat(explained.RowWeights).Chunk(count), Is.All.Matches<double[]>(row => row![0] == 0 && Math.Abs(row.Sum() - 1) < 1e-9));
    }

    [TestCaseSource(nameof(Cases))]
    public void What_is_stored_in_absent_cells_changes_no_bit(string name, int count)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN, 1e30f, float.NegativeInfinity])
        {
            Views views = Poisoned(80, count, poison);
            ViewsSplit split = views.SplitFrom(50);
            FusionModel model = FusionStrategy.Named(name).Fit(split.Train);
            double[] bits = [.. FusionData.Flat(model.PredictProbabilities(split.Test)), .. model.Predict(split.Test).Select(label => (double)label), .. model.Explain(split.Test).Weights];
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected), $"{poison}");
        }

        Assert.That(expected, Has.None.NaN);
    }

    [TestCaseSource(nameof(Cases))]
    public void Whole_views_may_be_absent_at_test_and_rows_without_any_are_the_prior(string name, int count)
    {
        ViewsSplit split = FusionData.Halves(60, count, 4).Split(0.4, 1);
        FusionModel model = FusionStrategy.Named(name).Fit(split.Train);
        Views one = split.Test.Select("v1");
        Assert.That(model.Predict(one), Is.EqualTo(model.Predict(split.Test.Blind([.. split.Test.Names.Except(["v1"])]))), "views that rows lack are views that are absent");
        Views none = split.Test.Blind([.. split.Test.Names]);
        Assert.That(FusionData.Flat(model.PredictProbabilities(none)).Chunk(4), Is.All.EqualTo(model.Prior.ToArray()));
        Assert.That(model.Predict(none).Distinct().Count(), Is.EqualTo(1));
        Assert.That(() => model.Predict(Views.Of(("other", Tensor.Create(new float[4], [2, 2])))), Throws.ArgumentException.With.Message.Contains("the model was fitted to v0, v1"));
        Assert.That(() => model.Predict(Views.Of(("v0", Tensor.Create(new float[6], [2, 3])))), Throws.ArgumentException.With.Message.Contains("'v0' has 3 features; the model was fitted to 2"));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_same_rows_give_the_same_bits(string name, int count)
    {
        if (count == 6) return;
        ViewsSplit split = FusionData.Halves(60, count, 6, float64: true).WithMissing(0.2, 1).Split(0.4, 1);
        double[] first = Bits(1), second = Bits(2);
        Assert.That(second, Is.EqualTo(first));

        double[] Bits(int threads) => FusionData.Flat(FusionStrategy.Named(name).Fit(split.Train, new() { Threads = threads }).PredictProbabilities(split.Test, new() { Threads = threads }));
    }

    [Test]
    public void What_is_wrong_is_told_in_words()
    {
        Views views = FusionData.Halves(20, 2, 1);
        Assert.That(() => FusionStrategy.Named("kernel-meen"), Throws.ArgumentException.With.Message.Contains("no strategy 'kernel-meen'; there are concat, common-clock, warped-clock"));
        float[] values = new float[40];
        values[23] = float.NaN;
        Views broken = Views.Of(("good", Tensor.Create(new float[20], [20, 1])), ("bad", Tensor.Create(values, [20, 2]))).WithLabels([.. Enumerable.Range(0, 20).Select(i => i % 2)]);
        foreach (FusionStrategy strategy in FusionStrategy.All(views))
        {
            Assert.That(() => strategy.Fit(broken), Throws.ArgumentException.With.Message.Contains("view 'bad', row").And.Message.Contains("feature 1 is not a finite number"), strategy.Name);
            Assert.That(() => strategy.Fit(views.WithLabels(new int[20])), Throws.ArgumentException.With.Message.Contains("one class"), strategy.Name);
            Assert.That(() => strategy.Fit(Views.Of(("a", Tensor.Create(new float[4], [4, 1])))), Throws.ArgumentException.With.Message.Contains("neither labels nor targets"), strategy.Name);
            using CancellationTokenSource cancelled = new();
            cancelled.Cancel();
            Assert.That(() => strategy.Fit(views, new() { Cancellation = cancelled.Token }), Throws.InstanceOf<OperationCanceledException>(), strategy.Name);
        }
    }

    /// <summary>Views with a quarter of the cells absent and filled with a value.</summary>
    internal static Views Poisoned(int rows, int count, float poison)
    {
        Random random = new(8);
        bool[] present = [.. Enumerable.Range(0, rows * count).Select(_ => random.Next(4) > 0)];
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 4)];
        (string, View)[] views = new (string, View)[count];
        for (int m = 0; m < count; m++)
        {
            float[] values = new float[rows * 3];
            for (int at = 0; at < values.Length; at++)
            {
                float value = ((labels[at / 3] + m) % 4 < 2 ? 1 : -1) + (0.5f * (float)FusionData.Gauss(random));
                values[at] = present[(at / 3 * count) + m] ? value : poison;
            }

            views[m] = ($"v{m}", Tensor.Create(values, [rows, 3]));
        }

        return Views.Of(views).WithLabels(labels).WithPresence(Tensor.Create(present, [rows, count]));
    }
}
