using System.Numerics.Tensors;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Strategies that train a network, for 2, 3 and 6 views: classes and targets, absent views, bits, files.</summary>
[TestFixture]
[Parallelizable]
public sealed class TrainedFusionTests
{
    /// <summary>A network small enough to fit in milliseconds.</summary>
    private static readonly TrainedFusionOptions s_small = new() { Width = 8, Hidden = 8, Heads = 2, Rank = 3, Epochs = 2, BatchSize = 16, Seed = 3 };

    /// <summary>The strategies' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<FusionRule>().Select(rule => FusionStrategy.Trained(rule).Name)];

    private static IEnumerable<TestCaseData> Cases => from rule in Enum.GetValues<FusionRule>() from views in (int[])[2, 3, 6] select new TestCaseData(rule, views);

    [TestCaseSource(nameof(Cases))]
    public void A_strategy_names_classes_beyond_any_single_view(FusionRule rule, int count)
    {
        ViewsSplit split = FusionData.Halves(128, count, 1).Split(0.5, 3);
        TrainedFusionModel model = TrainedFusion.Fit(split.Train, s_small with { Rule = rule, Epochs = 40, BatchSize = 32, Width = 16, Hidden = 16, LearningRate = 0.015, ViewDropout = 0.2 });
        Assert.That((model.Strategy, model.Classes.Count, model.Views.Count), Is.EqualTo((TrainedFusion.NameOf(rule), 4, count)));
        Assert.That(FusionData.Accuracy(model, split.Test), Is.GreaterThan(0.75), "a view alone tells halves apart: 1/2 at best");
        Tensor<double> probabilities = model.PredictProbabilities(split.Test);
        Assert.That(probabilities.Lengths.ToArray(), Is.EqualTo(new nint[] { 64, 4 }));
        Assert.That(FusionData.Flat(probabilities).Chunk(4).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-9));
        FusionExplanation explained = model.Explain(split.Test.Blind("v0"));
        Assert.That(explained.Weights.Sum(), Is.EqualTo(1).Within(1e-9));
        Assert.That(FusionData.Flat(explained.RowWeights).Chunk(count), Is.All.Matches<double[]>(row => row![0] == 0 && Math.Abs(row.Sum() - 1) < 1e-9));
        Assert.That(explained.Gates is not null, Is.EqualTo(rule == FusionRule.Gated));
        Assert.That(explained.Attention is not null, Is.EqualTo(rule is FusionRule.Attention or FusionRule.CrossModal or FusionRule.Latent));
        Assert.That(explained.Gates?.Lengths.ToArray() ?? [64, 16, count], Is.EqualTo(new nint[] { 64, 16, count }));

        Views one = split.Test.Select("v1"), none = split.Test.Blind([.. split.Test.Names]);
        Assert.That(model.Predict(one), Is.EqualTo(model.Predict(split.Test.Blind([.. split.Test.Names.Except(["v1"])]))), "views that rows lack are views that are absent");
        Assert.That(FusionData.Flat(model.PredictProbabilities(none)).Chunk(4), Is.All.EqualTo(model.Prior.ToArray()));
        Assert.That(() => model.Predict(Views.Of(("other", Tensor.Create(new float[4], [2, 2])))), Throws.ArgumentException.With.Message.Contains("the model was fitted to v0, v1"));
        Assert.That(() => model.Predict(Views.Of(("v0", Tensor.Create(new float[6], [2, 3])))), Throws.ArgumentException.With.Message.Contains("'v0' has 3 features; the model was fitted to 2"));
    }

    [TestCaseSource(nameof(Cases))]
    public void What_is_stored_in_absent_cells_changes_no_bit(FusionRule rule, int count)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN, 1e30f])
        {
            ViewsSplit split = StrategyTests.Poisoned(60, count, poison).SplitFrom(40);
            TrainedFusionModel model = TrainedFusion.Fit(split.Train, s_small with { Rule = rule, Threads = poison == 0 ? 1 : 2 });
            FusionExplanation explained = model.Explain(split.Test);
            double[] bits = [.. FusionData.Flat(model.PredictProbabilities(split.Test)), .. explained.Weights, .. FusionData.Flat(explained.RowWeights), .. explained.Attention is { } looks ? FusionData.Flat(looks) : []];
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected), $"{poison}; and for any number of threads");
        }

        Assert.That(expected, Has.None.NaN);
    }

    [TestCaseSource(nameof(Cases))]
    public void Targets_are_predicted_too(FusionRule rule, int count)
    {
        Views views = FusionData.Halves(96, count, 2, float64: true);
        double[] targets = [.. views.Labels!.SelectMany(label => (double[])[label == 0 ? 300 : label == 1 ? 100 : -100, label % 2])];
        ViewsSplit split = views.WithLabels(new int[96]).WithTargets(Tensor.Create(targets, [96, 2])).Take([.. Enumerable.Range(0, 96)]).SplitFrom(72);
        Views train = OnlyTargets(split.Train), test = OnlyTargets(split.Test);
        TrainedFusionModel model = TrainedFusion.Fit(train, s_small with { Rule = rule, Epochs = 40, BatchSize = 32, Width = 16, Hidden = 16, LearningRate = 0.015, ViewDropout = 0.2 });
        Tensor<double> values = model.PredictValues(test);
        Assert.That(values.Lengths.ToArray(), Is.EqualTo(new nint[] { 24, 2 }));
        double Error(int output) => Enumerable.Range(0, 24).Average(i => Math.Pow(values[i, output] - test.Targets![i, output], 2));
        double Spread(int output) => Enumerable.Range(0, 24).Average(i => Math.Pow(test.Targets![i, output] - Enumerable.Range(0, 24).Average(j => test.Targets![j, output]), 2));
        Assert.That(Error(0), Is.LessThan(0.5 * Spread(0)));
        Tensor<double> bare = model.PredictValues(test.Blind([.. test.Names]));
        Assert.That(bare[0, 0], Is.EqualTo(Enumerable.Range(0, 72).Average(i => train.Targets![i, 0])).Within(1e-9));
        Assert.That(() => model.PredictProbabilities(test), Throws.InvalidOperationException);

        static Views OnlyTargets(Views rows) => Views.Of([.. rows.Names.Select(name => (name, rows[name]))]).WithTargets(rows.Targets!);
    }

    [TestCase(FusionRule.Gated)]
    [TestCase(FusionRule.CrossModal)]
    [TestCase(FusionRule.Latent)]
    [TestCase(FusionRule.Graph)]
    [TestCase(FusionRule.Translation)]
    public void Series_of_any_lengths_fuse_with_vectors(FusionRule rule)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN])
        {
            ViewsSplit split = Mixed(72, poison).SplitFrom(48);
            TrainedFusionModel model = TrainedFusion.Fit(split.Train, s_small with { Rule = rule, Epochs = 50, Width = 16, Hidden = 16, LearningRate = 0.01, ViewDropout = 0.2 });
            Assert.That(FusionData.Accuracy(model, split.Test), Is.GreaterThan(0.7));
            double[] bits = FusionData.Flat(model.PredictProbabilities(split.Test));
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected));
            if (model.Rule is not (FusionRule.Graph or FusionRule.Translation)) continue;
            Views filled = model.Impute(split.Test.Blind("series"));
            Assert.That(filled["series"].Kind, Is.EqualTo(ViewKind.Sequences));
            Assert.That(filled.IsComplete || split.Test.Select("vector").IsComplete is false, Is.True);
        }
    }

    [TestCase(FusionRule.Graph)]
    [TestCase(FusionRule.Translation)]
    public void Absent_cells_are_filled_by_what_the_present_ones_tell(FusionRule rule)
    {
        Views views = Twins(160, 1), rows = Twins(60, 2);
        TrainedFusionModel model = TrainedFusion.Fit(views, s_small with { Rule = rule, Epochs = 120, Width = 16, Hidden = 16, LearningRate = 0.01, ViewDropout = 0.4, Dropout = 0, Rebuilding = 1 });
        Views blind = rows.Blind("b"), filled = model.Impute(blind);
        double error = 0, spread = 0;
        for (int i = 0; i < 60; i++)
        {
            double[] truth = new double[3], found = new double[3];
            rows["b"].CopyRow<double>(i, truth);
            filled["b"].CopyRow<double>(i, found);
            for (int k = 0; k < 3; k++) (error, spread) = (error + Math.Pow(truth[k] - found[k], 2), spread + Math.Pow(truth[k] - 5, 2));
        }

        TestContext.Out.WriteLine($"{rule}: {1 - (error / spread):f2} of the variance");
        Assert.That(error, Is.LessThan(0.5 * spread));
        double[] kept = new double[3], given = new double[3];
        filled["a"].CopyRow<double>(7, kept);
        rows["a"].CopyRow<double>(7, given);
        Assert.That(kept, Is.EqualTo(given), "what was present stays as it was");
        Assert.That(filled.IsComplete, Is.True);
        Assert.That(filled.Labels, Is.EqualTo(rows.Labels));
        Assert.That(() => TrainedFusion.Fit(views, s_small).Impute(rows), Throws.InvalidOperationException.With.Message.Contains("gated rebuilds no views"));
    }

    /// <summary>Similarities to training rows; what stands in rows and columns of absent ones changes no bit.</summary>
    [TestCase("concat")]
    [TestCase("gated")]
    [TestCase("latent")]
    [TestCase("graph")]
    public void A_ready_Gram_matrix_is_a_view_as_any_other(string name)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN])
        {
            ViewsSplit split = WithGram(100, poison).Split(0.4, 2);
            FusionModel model = name == "concat"
                ? Concatenation.Fit(split.Train)
                : TrainedFusion.Fit(split.Train, s_small with { Rule = Enum.GetValues<FusionRule>().Single(rule => TrainedFusion.NameOf(rule) == name), Epochs = 40, Width = 16, Hidden = 16, LearningRate = 0.015, ViewDropout = 0.2 });
            Assert.That(FusionData.Accuracy(model, split.Test), Is.GreaterThan(0.7));
            double[] bits = [.. FusionData.Flat(model.PredictProbabilities(split.Test)), .. FusionData.Flat(model.PredictProbabilities(split.Test.Blind("v0"))), .. model.Explain(split.Test).Weights];
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected), $"{poison}");
            Assert.That(() => model.Predict(Views.Of(("g", View.Gram(Tensor.Create(new float[6], [2, 3]))))), Throws.ArgumentException.With.Message.Contains("'g' is a Gram matrix of 3 columns; the model's view had 100 rows in all"));
            Assert.That(() => model.Predict(Views.Of(("g", Tensor.Create(new float[6], [2, 3])))), Throws.ArgumentException.With.Message.Contains("'g' is of Vectors; the model was fitted to Gram"));
        }

        Views broken = Views.Of(("v", Tensor.Create(new float[40], [20, 2])), ("g", View.Gram(Tensor.Create(new float[60], [20, 3])))).WithLabels([.. Enumerable.Range(0, 20).Select(i => i % 2)]);
        Assert.That(() => FusionStrategy.Named(name).Fit(broken), Throws.ArgumentException.With.Message.Contains("view 'g' is a Gram matrix of 20 x 3: that of training rows is square"));
    }

    [Test]
    public void Rows_of_an_answer_do_not_lean_on_each_other_and_the_seed_decides()
    {
        ViewsSplit split = FusionData.Halves(60, 3, 6).Split(0.4, 1);
        foreach (FusionRule rule in Enum.GetValues<FusionRule>())
        {
            TrainedFusionModel model = TrainedFusion.Fit(split.Train, s_small with { Rule = rule }), other = TrainedFusion.Fit(split.Train, s_small with { Rule = rule, Seed = 4 });
            Assert.That(FusionData.Flat(model.PredictProbabilities(split.Test.Take(3))), Is.EqualTo(FusionData.Flat(model.PredictProbabilities(split.Test)).Skip(12).Take(4)).Within(1e-5), $"{rule}");
            Assert.That(FusionData.Flat(other.PredictProbabilities(split.Test)), Is.Not.EqualTo(FusionData.Flat(model.PredictProbabilities(split.Test))), $"{rule}");
        }
    }

    [Test]
    public void What_is_wrong_is_told_in_words()
    {
        Views views = FusionData.Halves(20, 2, 1);
        Assert.That(() => TrainedFusion.Fit(views, new() { Width = 30 }), Throws.ArgumentException.With.Message.Contains("Width 30 cannot be shared by 4 Heads"));
        Assert.That(() => TrainedFusion.Fit(views, new() { ViewDropout = 1 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ViewDropout"));
        Assert.That(() => TrainedFusion.Fit(views, new() { Rank = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Rank"));
        Views gram = Views.Of(("v", Tensor.Create(new float[40], [20, 2])), ("g", View.Gram(FusionData.Gram<float>(20, 3, 1)))).WithLabels([.. views.Labels!]);
        Assert.That(FusionStrategy.All(gram).Select(one => one.Name), Is.SupersetOf(Names).And.Contains("concat"));
        Assert.That(FusionStrategy.All(views).Select(one => one.Name), Is.SupersetOf(Names));
        List<double> told = [];
        TrainedFusion.Fit(views, s_small with { Progress = new Told(told.Add) });
        Assert.That(told, Is.EqualTo(new[] { 0.5, 1 }));
    }

    /// <summary>A vector that tells one half and a series that tells the other; one cell in twelve is absent.</summary>
    private static Views Mixed(int rows, float poison)
    {
        Random random = new(4);
        Tensor<float>[] series = new Tensor<float>[rows];
        float[] vector = new float[rows * 2];
        bool[] present = [.. Enumerable.Range(0, rows * 2).Select(at => at % 24 is not (5 or 18))];
        for (int i = 0; i < rows; i++)
        {
            int steps = 6 + random.Next(20);
            float sign = i % 4 < 2 ? 1 : -1;
            series[i] = Tensor.Create([.. Enumerable.Range(0, steps * 2).Select(at => (at % 2 == 0 ? sign * ((2f * (at / 2) / steps) - 1) : 0) + (0.2f * (float)FusionData.Gauss(random)))], [steps, 2]);
            if (!present[(2 * i) + 1]) series[i] = Tensor.Create([poison], [1, 1]);
            for (int k = 0; k < 2; k++) vector[(2 * i) + k] = present[2 * i] ? (i % 2 == 0 ? 1 : -1) + (0.3f * (float)FusionData.Gauss(random)) : poison;
        }

        return Views.Of(("vector", Tensor.Create(vector, [rows, 2])), ("series", View.Sequences(series))).WithLabels([.. Enumerable.Range(0, rows).Select(i => i % 4)]).WithPresence(Tensor.Create(present, [rows, 2]));
    }

    /// <summary>One half by a vector, the other by a Gram matrix; one cell in nine is absent.</summary>
    private static Views WithGram(int rows, float poison)
    {
        Views halves = FusionData.Halves(rows, 2, 9);
        float[] second = new float[rows * 3], gram = new float[rows * rows];
        for (int row = 0; row < rows; row++) halves["v1"].CopyRow(row, second.AsSpan(row * 3, 3));
        Gram.Compute(Tensor.Create(second, [rows, 3]), Kernel.Rbf()).FlattenTo(gram);
        bool[] present = [.. Enumerable.Range(0, rows * 2).Select(at => at % 18 is not (4 or 11))];
        for (int at = 0; at < gram.Length; at++)
        {
            if (!present[(at / rows * 2) + 1] || !present[(at % rows * 2) + 1]) gram[at] = poison;
        }

        return Views.Of(("v0", halves["v0"]), ("g", View.Gram(Tensor.Create(gram, [rows, rows])))).WithLabels([.. halves.Labels!]).WithPresence(Tensor.Create(present, [rows, 2]));
    }

    /// <summary>Two views, the second of which follows from the first.</summary>
    private static Views Twins(int rows, int seed)
    {
        Random random = new(seed);
        double[] a = [.. Enumerable.Range(0, rows * 3).Select(_ => FusionData.Gauss(random))];
        double[] b = [.. a.Select((value, at) => 5 + (2 * a[(at / 3 * 3) + ((at + 1) % 3)]) - value)];
        return Views.Of(("a", Tensor.Create(a, [rows, 3])), ("b", Tensor.Create(b, [rows, 3]))).WithLabels([.. Enumerable.Range(0, rows).Select(i => a[3 * i] > 0 ? 1 : 0)]);
    }

    private sealed class Told(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
