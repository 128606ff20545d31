using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Models in files: the same bits, nothing fitted again, and hostile files refused.</summary>
[TestFixture]
[Parallelizable]
public sealed class FusionFileTests
{
    private static string[] Names => [.. FusionStrategy.All(FusionData.Halves(8, 2, 1)).Select(one => one.Name)];

    [TestCaseSource(nameof(Names))]
    public void A_model_of_a_file_gives_the_same_bits(string name)
    {
        using TemporaryFolder folder = new();
        ViewsSplit split = FusionData.Halves(72, 3, 4).WithMissing(0.15, 2).Split(0.3, 1);
        FusionModel saved = FusionStrategy.Save(folder["m.npz"], split.Train, name), read = FusionStrategy.Load(folder["m.npz"]);
        Assert.That((read.Strategy, read.Views.Count, read.Classes.Count, saved.IsKept), Is.EqualTo((name, 3, 4, true)));
        foreach (Views rows in (Views[])[split.Test, split.Test.Select("v1"), split.Test.Blind("v0")])
        {
            Assert.That(FusionData.Flat(read.PredictProbabilities(rows)), Is.EqualTo(FusionData.Flat(saved.PredictProbabilities(rows))));
            Assert.That(read.Predict(rows), Is.EqualTo(saved.Predict(rows)));
        }

        FusionExplanation explained = read.Explain(split.Test), before = saved.Explain(split.Test);
        Assert.That(explained.Weights, Is.EqualTo(before.Weights));
        Assert.That(FusionData.Flat(explained.RowWeights), Is.EqualTo(FusionData.Flat(before.RowWeights)));
    }

    /// <summary>In either precision, and of series, whose patches follow from the rows.</summary>
    [TestCase("lowrank")]
    [TestCase("graph")]
    [TestCase("translation")]
    public void A_network_of_a_file_answers_imputes_and_tells_its_training_as_before(string name)
    {
        using TemporaryFolder folder = new();
        Views wide = FusionData.Halves(40, 2, 3, float64: true);
        Tensor<double>[] series = [.. Enumerable.Range(0, 40).Select(i => Tensor.Create([.. Enumerable.Range(0, 2 * (5 + (i % 4))).Select(t => Math.Sin(t + (i % 2)))], [5 + (i % 4), 2]))];
        Views views = Views.Of(("v0", wide["v0"]), ("s", series)).WithTargets(Tensor.Create([.. wide.Labels!.SelectMany(label => (double[])[label, 100 - label])], [40, 2])).WithMissing(0.2, 1);
        TrainedFusionModel saved = (TrainedFusionModel)FusionStrategy.Save(folder["m.npz"], views, name), read = (TrainedFusionModel)FusionStrategy.Load(folder["m.npz"]);
        Assert.That(FusionData.Flat(read.PredictValues(views)), Is.EqualTo(FusionData.Flat(saved.PredictValues(views))));
        Assert.That((read.Rule, read.Training.BestEpoch, read.Training.Steps), Is.EqualTo((saved.Rule, saved.Training.BestEpoch, saved.Training.Steps)));
        Assert.That(read.Training.TrainingLosses, Is.EqualTo(saved.Training.TrainingLosses));
        if (name == "lowrank") return;
        double[] filled = new double[2], before = new double[2];
        for (int row = 0; row < 40; row++)
        {
            read.Impute(views.Take(row).Blind("v0"))["v0"].CopyRow<double>(0, filled);
            saved.Impute(views.Take(row).Blind("v0"))["v0"].CopyRow<double>(0, before);
            Assert.That(filled, Is.EqualTo(before));
        }
    }

    [Test]
    public void Targets_and_series_are_kept_too()
    {
        using TemporaryFolder folder = new();
        Views views = FusionData.Halves(60, 2, 3, float64: true);
        Views numbers = Views.Of([.. views.Names.Select(name => (name, views[name]))]).WithTargets(Tensor.Create([.. views.Labels!.SelectMany(label => (double[])[label, -label])], [60, 2]));
        foreach (string name in (string[])["concat", "kernel-mean", "alignf", "simplemkl", "soft-vote", "stacking", "snf", "label-propagation"])
        {
            foreach (Views rows in (Views[])[numbers, numbers.WithMissing(0.2, 1)])
            {
                FusionModel saved = FusionStrategy.Save(folder["t.npz"], rows, name), read = FusionStrategy.Load(folder["t.npz"]);
                Assert.That(saved.IsKept, Is.True, name);
                foreach (Views asked in (Views[])[rows, rows.Select("v1"), rows.Blind("v1")]) Assert.That(FusionData.Flat(read.PredictValues(asked)), Is.EqualTo(FusionData.Flat(saved.PredictValues(asked))), name);
                Assert.That(read.Explain(rows).Weights, Is.EqualTo(saved.Explain(rows).Weights), name);
            }
        }

        Tensor<float>[] Series(int shift) => [.. Enumerable.Range(0, 24).Select(i => Tensor.Create([.. Enumerable.Range(0, 6 + (i % 3)).Select(t => (float)Math.Sin((t * (1 + (i % 2))) + shift + (0.1 * i)))], [6 + (i % 3), 1]))];
        Views series = Views.Of(("a", Series(0)), ("b", Series(1))).WithLabels([.. Enumerable.Range(0, 24).Select(i => i % 2)]);
        foreach (string name in (string[])["common-clock", "warped-clock", "concat", "kernel-mean", "log-opinion"])
        {
            FusionModel saved = FusionStrategy.Save(folder["s.npz"], series, name);
            Assert.That(FusionData.Flat(FusionStrategy.Load(folder["s.npz"]).PredictProbabilities(series)), Is.EqualTo(FusionData.Flat(saved.PredictProbabilities(series))), name);
        }
    }

    /// <summary>Kernels at landmarks: their numbers are kept, and rows that lack views find the same landmarks.</summary>
    [Test]
    public void Landmarks_are_kept_too([Values] bool isOfTargets, [Values(KernelWeighting.Mean, KernelWeighting.AlignF)] KernelWeighting weighting)
    {
        using TemporaryFolder folder = new();
        ViewsSplit split = FusionData.Halves(90, 3, 4).WithMissing(0.15, 2).SplitFrom(70);
        Views train = split.Train;
        if (isOfTargets)
        {
            bool[] present = [.. Enumerable.Range(0, 210).Select(at => train.IsPresent(at / 3, at % 3))];
            train = Views.Of([.. train.Names.Select(name => (name, train[name]))]).WithPresence(Tensor.Create(present, [70, 3])).WithTargets(Tensor.Create([.. train.Labels!.Select(label => (double)label)], [70]));
        }

        FusionStrategy strategy = FusionStrategy.Kernel(weighting, new() { Landmarks = 20, Seed = 3, Tolerance = 1e-6 });
        FusionModel saved = FusionStrategy.Save(folder["m.npz"], train, strategy), read = FusionStrategy.Load(folder["m.npz"]);
        Assert.That(saved.IsKept, Is.True);
        foreach (Views rows in (Views[])[split.Test, split.Test.Select("v1"), split.Test.Blind("v0")]) Assert.That(Answers(read, rows), Is.EqualTo(Answers(saved, rows)));
        Assert.That(Answers(FusionStrategy.Named(strategy.Name).Fit(train), split.Test), Is.Not.EqualTo(Answers(saved, split.Test)), "the whole matrix is another model");

        Rewrite(folder["m.npz"], folder["h.npz"], (one, values) => one == "fitted_landmarks" ? [.. values.Reverse()] : values);
        Assert.That(() => FusionStrategy.Load(folder["h.npz"]), Throws.TypeOf<DataFormatException>().With.Message.Contains("ascending numbers of the 70 rows"));
        Assert.That(() => FusionStrategy.Save(folder["o.npz"], train, new FusionStrategy("kernel-mean", (rows, _) => KernelFusion.Fit(rows, new() { Cost = 3 }))), Throws.ArgumentException.With.Message.Contains("a strategy of its own"));
        Assert.That(() => FusionStrategy.Save(folder["o.npz"], train, FusionStrategy.SingleView("v0")), Throws.ArgumentException);

        double[] Answers(FusionModel model, Views rows) => FusionData.Flat(isOfTargets ? model.PredictValues(rows) : model.PredictProbabilities(rows));
    }

    /// <summary>What a file says is what is used: biases that lean to one class name it everywhere.</summary>
    [TestCase("kernel-mean", "fitted_biases", 3)]
    [TestCase("gated", "fitted_head.1.bias", 1)]
    [TestCase("graph", "fitted_head.1.bias", 1)]
    public void Nothing_is_fitted_when_a_file_is_read(string strategy, string array, int leaning)
    {
        using TemporaryFolder folder = new();
        Views views = FusionData.Halves(60, 2, 3);
        FusionStrategy.Save(folder["m.npz"], views, strategy);
        Rewrite(folder["m.npz"], folder["b.npz"], (name, values) => name == array ? [.. values.Select((_, at) => at < leaning ? 1e6 : 0)] : values);
        Assert.That(FusionStrategy.Load(folder["b.npz"]).Predict(views), Is.All.EqualTo(0));
    }

    [TestCase("kernel-mean", false)]
    [TestCase("stacking", false)]
    [TestCase("label-propagation", false)]
    [TestCase("concat", false)]
    [TestCase("gated", false)]
    [TestCase("graph", false)]
    [TestCase("stacking", true)]
    [TestCase("simplemkl", true)]
    [TestCase("label-propagation", true)]
    public void Hostile_files_are_refused(string strategy, bool isOfTargets)
    {
        using TemporaryFolder folder = new();
        Views views = FusionData.Halves(40, 2, 3);
        if (isOfTargets) views = Views.Of([.. views.Names.Select(name => (name, views[name]))]).WithTargets(Tensor.Create([.. views.Labels!.SelectMany(label => (double[])[label, label % 2])], [40, 2]));
        FusionStrategy.Save(folder["m.npz"], views, strategy);
        using NpzArchive archive = NpzArchive.Open(folder["m.npz"]);
        string[] optional = ["labels", "class_names", "groups", "fitted_objective", "fitted_sigmoids", "fitted_0_sigmoids", "fitted_1_sigmoids", "fitted_11_stacker", "fitted"];
        foreach (string name in archive.Names)
        {
            if (!optional.Contains(name))
            {
                Rewrite(folder["m.npz"], folder["h.npz"], (one, values) => one == name ? null : values);
                Assert.That(() => FusionStrategy.Load(folder["h.npz"]), Throws.TypeOf<DataFormatException>(), $"without {name}");
            }

            Rewrite(folder["m.npz"], folder["h.npz"], (one, values) => one == name ? [.. values, 1, 1, 1] : values);
            Assert.That(() => FusionStrategy.Load(folder["h.npz"]), Throws.TypeOf<DataFormatException>(), $"{name} of another length");
            if (!name.StartsWith("fitted_", StringComparison.Ordinal)) continue;
            Rewrite(folder["m.npz"], folder["h.npz"], (one, values) => one == name ? [.. values.Select(_ => double.NaN)] : values);
            string[] empty = ["iterations", "descents", "alignments", "validation_losses"];
            if (!empty.Any(one => name.EndsWith(one, StringComparison.Ordinal)))
                Assert.That(() => FusionStrategy.Load(folder["h.npz"]), Throws.TypeOf<DataFormatException>(), $"{name} of NaN");
        }

        Rewrite(folder["m.npz"], folder["h.npz"], (one, values) => one == "fitted" ? [2] : values);
        Assert.That(() => FusionStrategy.Load(folder["h.npz"]), Throws.TypeOf<DataFormatException>().With.Message.Contains("version 2"));
    }

    /// <summary>Copies an archive; null leaves an array out, and one of another length becomes a vector.</summary>
    private static void Rewrite(string from, string to, Func<string, double[], double[]?> change)
    {
        using NpzArchive source = NpzArchive.Open(from);
        using NpzWriter target = new(to);
        foreach (string name in source.Names)
        {
            nint[] shape = [.. source.ReadHeader(name).Shape.Select(length => (nint)length)];
            bool isWhole = TryIntegers(source, name, out double[] values);
            if (!isWhole)
            {
                Tensor<double> tensor = source.Read<double>(name);
                values = new double[tensor.FlattenedLength];
                tensor.FlattenTo(values);
            }

            double[]? changed = change(name, values);
            if (changed is null) continue;
            if (changed.Length != values.Length) shape = [changed.Length];
            if (isWhole && !changed.Any(double.IsNaN)) target.Add(name, Tensor.Create([.. changed.Select(value => (long)value)], shape));
            else target.Add(name, Tensor.Create(changed, shape));
        }

        target.Complete();
    }

    private static bool TryIntegers(NpzArchive source, string name, out double[] values)
    {
        values = [];
        try
        {
            Tensor<long> tensor = source.Read<long>(name);
            long[] whole = new long[tensor.FlattenedLength];
            tensor.FlattenTo(whole);
            values = [.. whole.Select(value => (double)value)];
            return true;
        }
        catch (DataFormatException)
        {
            return false;
        }
    }
}
