using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Strategies of numbers, for 2, 3 and 6 views: against their definitions, and nothing from absent cells or held-out rows.</summary>
[TestFixture]
[Parallelizable]
public sealed class TargetStrategyTests
{
    private const double Alpha = 0.5;
    private static readonly string[] s_names = ["stacking", "simplemkl", "snf", "label-propagation"];
    private static readonly string[] s_classesOnly = ["easymkl", "log-opinion", "hard-vote", "evidential"];

    private static IEnumerable<TestCaseData> Cases => from name in s_names from views in (int[])[2, 3, 6] select new TestCaseData(name, views);

    [TestCaseSource(nameof(Cases))]
    public void Numbers_are_predicted_better_than_by_any_single_view(string name, int count)
    {
        ViewsSplit split = Numbers(160, count, 0, isComplete: true).SplitFrom(100);
        FusionModel model = FusionStrategy.Named(name).Fit(split.Train);
        Tensor<double> values = model.PredictValues(split.Test);
        Assert.That((model.Strategy, model.Classes.Count, values.Lengths[0], values.Lengths[1]), Is.EqualTo((name, 0, (nint)60, (nint)2)));
        double single = split.Test.Names.Min(view => Error(FusionStrategy.SingleView(view).Fit(split.Train).PredictValues(split.Test), split.Test));
        Assert.That(Error(values, split.Test), Is.LessThan(0.95 * single));
        FusionExplanation explained = model.Explain(split.Test.Blind("v0"));
        Assert.That(explained.Weights.Sum(), Is.EqualTo(1).Within(1e-9));
        Assert.That(FusionData.Flat(explained.RowWeights).Chunk(count), Is.All.Matches<double[]>(row => row![0] == 0 && Math.Abs(row.Sum() - 1) < 1e-9));
        Assert.That(() => model.PredictProbabilities(split.Test), Throws.InvalidOperationException.With.Message.Contains("it predicts numbers"));
        Assert.That(() => FusionStrategy.Named(name).Fit(FusionData.Halves(40, 2, 1)).PredictValues(FusionData.Halves(40, 2, 1)), Throws.InvalidOperationException.With.Message.Contains("it predicts classes"));
    }

    [TestCaseSource(nameof(Cases))]
    public void What_is_stored_in_absent_cells_changes_no_bit(string name, int count)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN, 1e30f, float.NegativeInfinity])
        {
            ViewsSplit split = Numbers(80, count, poison).SplitFrom(50);
            FusionModel model = FusionStrategy.Named(name).Fit(split.Train, new() { Threads = expected is null ? 1 : 2 });
            double[] bits = [.. FusionData.Flat(model.PredictValues(split.Test)), .. model.Explain(split.Test).Weights];
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected), $"{poison}");
        }

        Assert.That(expected, Has.All.Matches<double>(double.IsFinite));
    }

    [TestCaseSource(nameof(Cases))]
    public void Whole_views_may_be_absent_at_test_and_rows_without_any_are_the_mean(string name, int count)
    {
        ViewsSplit split = Numbers(90, count, float.NaN).SplitFrom(60);
        FusionModel model = FusionStrategy.Named(name).Fit(split.Train);
        Views one = split.Test.Select("v1");
        double[] blind = FusionData.Flat(model.PredictValues(split.Test.Blind([.. split.Test.Names.Except(["v1"])])));
        Assert.That(FusionData.Flat(model.PredictValues(one)), Is.EqualTo(blind), "views that rows lack are views that are absent");
        Assert.That(blind.Where((_, at) => at % 2 == 0).Distinct().Count(), Is.GreaterThan(10), "what is there is used");
        double[] means = [.. Enumerable.Range(0, 2).Select(c => Enumerable.Range(0, split.Train.Rows).Average(i => split.Train.Targets![i, c]))];
        foreach (double[] row in FusionData.Flat(model.PredictValues(split.Test.Blind([.. split.Test.Names]))).Chunk(2)) Assert.That(row, Is.EqualTo(means).Within(1e-9 * means[1]));
    }

    /// <summary>By row, the mean and weighted deviations of the views' own models; weights the best of all subsets' least squares that are nowhere negative.</summary>
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(6)]
    public void Stacked_values_are_non_negative_least_squares_on_values_out_of_fold(int count)
    {
        ViewsSplit split = Numbers(120, count, float.NaN).SplitFrom(90);
        Views train = split.Train;
        LateFusionModel model = LateFusion.Fit(train, new() { Rule = LateRule.Stacking, Folds = 3, Seed = 5 });
        double[,,] held = new double[train.Rows, count, 2];
        foreach (ViewsSplit fold in train.Folds(3, 5))
        {
            for (int m = 0; m < count; m++)
            {
                int[] known = Present(fold.Train, m), asked = Present(fold.Test, m);
                Tensor<double> values = KernelFusion.Fit(fold.Train.Select($"v{m}").Take(known)).PredictValues(fold.Test.Select($"v{m}").Take(asked));
                for (int i = 0; i < asked.Length; i++) (held[fold.TestRows[asked[i]], m, 0], held[fold.TestRows[asked[i]], m, 1]) = (values[i, 0], values[i, 1]);
            }
        }

        double[] means = [.. Enumerable.Range(0, 2).Select(c => Enumerable.Range(0, train.Rows).Average(i => train.Targets![i, c]))];
        Tensor<double> predicted = model.PredictValues(split.Test);
        int isFew = 0;
        for (int i = 0; i < split.Test.Rows; i++)
        {
            int[] there = [.. Enumerable.Range(0, count).Where(m => split.Test.IsPresent(i, m))];
            int[] rows = [.. Enumerable.Range(0, train.Rows).Where(row => there.All(m => train.IsPresent(row, m)))];
            double[][] said = [.. there.Select(m => FusionData.Flat(model.Models[m].PredictValues(split.Test.Select($"v{m}").Take(i))))];
            for (int c = 0; c < 2; c++)
            {
                double expected = means[c];
                if (there.Length > 0 && rows.Length <= there.Length) (expected, isFew) = (said.Average(one => one[c]), isFew + 1);
                else if (there.Length > 0)
                {
                    Matrix<double> a = Matrix<double>.Build.Dense(rows.Length, there.Length, (r, k) => held[rows[r], there[k], c] - means[c]);
                    double[] weights = NonNegative(a, Vector<double>.Build.Dense(rows.Length, r => train.Targets![rows[r], c] - means[c]));
                    for (int k = 0; k < there.Length; k++) expected += weights[k] * (said[k][c] - means[c]);
                }

                Assert.That(predicted[i, c], Is.EqualTo(expected).Within(1e-6 * (1 + Math.Abs(means[c]))), $"row {i}, output {c}");
            }
        }

        Assert.That(isFew, Is.LessThan(split.Test.Rows));
    }

    /// <summary>Targets that no view knows are predicted no better than by their mean, and hardly worse.</summary>
    [Test]
    public void Stacking_of_numbers_leaks_nothing()
    {
        Random random = new(5);
        Views noise = Views.Of(("a", Gaussian(random, 200, 4)), ("b", Gaussian(random, 200, 4))).WithTargets(Tensor.Create([.. Enumerable.Range(0, 200).Select(_ => FusionData.Gauss(random))], [200]));
        double stacked = 0, mean = 0;
        foreach (ViewsSplit fold in noise.Folds(4, 1))
        {
            stacked += Error(LateFusion.Fit(fold.Train, new() { Rule = LateRule.Stacking }).PredictValues(fold.Test), fold.Test) / 4;
            double centre = FusionData.Flat(fold.Train.Targets!).Average();
            mean += Error(Tensor.Create([.. Enumerable.Repeat(centre, fold.Test.Rows)], [fold.Test.Rows, 1]), fold.Test) / 4;
        }

        Assert.That(stacked / mean, Is.InRange(0.97, 1.06));
        double single = noise.Folds(4, 1).Average(fold => Error(KernelFusion.Fit(fold.Train.Select("a")).PredictValues(fold.Test), fold.Test));
        Assert.That(stacked, Is.LessThan(single), "a view that knows nothing is not believed");
    }

    [TestCase(2)]
    [TestCase(3)]
    [TestCase(6)]
    public void Spread_values_are_the_closed_form_on_the_weighted_graph(int count)
    {
        const int Rows = 48;
        Views numbers = Numbers(Rows, 2, 0, isComplete: true);
        Tensor<double>[] grams = [.. Enumerable.Range(0, count).Select(m => Positive(FusionData.Gram<double>(Rows, 3 + m, m)))];
        Views views = Views.Of([.. grams.Select((gram, m) => ($"g{m}", View.Gram(gram)))]).WithTargets(numbers.Targets!);
        GraphFusionModel model = GraphFusion.Fit(views, new() { Neighbours = 6 });
        Matrix<double> y = Matrix<double>.Build.Dense(Rows, 2, (i, c) => numbers.Targets![i, c]);
        Matrix<double> expected = Spread(Graph.FromGrams(grams, 6, new() { ViewWeights = [.. model.Weights] }), y);
        for (int i = 0; i < Rows; i++)
        {
            for (int c = 0; c < 2; c++) Assert.That(model.TrainingScores[i, c], Is.EqualTo(expected[i, c]).Within(1e-4), $"row {i}, output {c}");
        }

        // Weights of 1 / (2 root of roughness), of deviations that have spread over the graphs so weighed.
        Matrix<double>[] singles = [.. grams.Select(gram => Normalized(Graph.FromGram(gram, 6)))];
        Matrix<double> sum = singles.Zip(model.Weights, (s, weight) => weight * s).Aggregate((a, b) => a + b), f = Matrix<double>.Build.DenseIdentity(Rows) - (Alpha * sum);
        Matrix<double> deviations = Matrix<double>.Build.Dense(Rows, 2, (i, c) => (y[i, c] - y.Column(c).Average()) / Math.Sqrt(y.Column(c).Average(value => Math.Pow(value - y.Column(c).Average(), 2))));
        f = (1 - Alpha) * f.Solve(deviations);
        double[] smooth = [.. singles.Select(s => 1 / Math.Sqrt((f.Transpose() * (f - (s * f))).Trace() / Math.Pow(f.FrobeniusNorm(), 2)))];
        for (int m = 0; m < count; m++) Assert.That(model.Weights[m], Is.EqualTo(smooth[m] / smooth.Sum()).Within(1e-5));
    }

    /// <summary>Numbers of classes are predicted as the mean of the numbers by the classes' probabilities.</summary>
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(6)]
    public void Numbered_classes_are_their_mean_by_probability(int count)
    {
        Views views = FusionData.Halves(80, count, 7).WithMissing(0.2, 3);
        Views numbers = OfTargets(views, [.. views.Labels!.Select(label => 10.0 + label)], 1);
        ViewsSplit classes = views.SplitFrom(60), values = numbers.SplitFrom(60);
        GraphFusionOptions options = new() { Method = GraphFusionMethod.NetworkFusion };
        Tensor<double> shares = GraphFusion.Fit(classes.Train, options).PredictProbabilities(classes.Test), predicted = GraphFusion.Fit(values.Train, options).PredictValues(values.Test);
        for (int i = 0; i < 20; i++) Assert.That(predicted[i, 0], Is.EqualTo(Enumerable.Range(0, 4).Sum(c => shares[i, c] * (10 + c))).Within(1e-4), $"row {i}");
    }

    [TestCaseSource(nameof(s_names))]
    public void Units_and_origin_of_targets_carry_over(string name)
    {
        ViewsSplit split = Numbers(80, 3, 0).SplitFrom(60);
        Views other = OfTargets(split.Train, [.. FusionData.Flat(split.Train.Targets!).Select((value, at) => at % 2 == 0 ? (1e3 * value) + 7 : value)], 2);
        FusionModel plain = FusionStrategy.Named(name).Fit(split.Train), scaled = FusionStrategy.Named(name).Fit(other);
        Tensor<double> before = plain.PredictValues(split.Test), after = scaled.PredictValues(split.Test);
        if (name != "stacking") Assert.That(scaled.Explain(split.Test).Weights, Is.EqualTo(plain.Explain(split.Test).Weights).Within(1e-6));
        for (int i = 0; i < split.Test.Rows; i++)
        {
            Assert.That(after[i, 0], Is.EqualTo((1e3 * before[i, 0]) + 7).Within(0.1), $"row {i}");
            Assert.That(after[i, 1], Is.EqualTo(before[i, 1]).Within(1e-4), $"row {i}");
        }
    }

    [TestCase("snf")]
    [TestCase("label-propagation")]
    public void Values_of_graphs_stay_among_the_targets(string name)
    {
        ViewsSplit split = Numbers(80, 3, 0).SplitFrom(60);
        double[] targets = FusionData.Flat(split.Train.Targets!), values = FusionData.Flat(FusionStrategy.Named(name).Fit(split.Train).PredictValues(split.Test));
        for (int c = 0; c < 2; c++)
        {
            double[] own = [.. targets.Where((_, at) => at % 2 == c)];
            Assert.That(values.Where((_, at) => at % 2 == c), Is.All.InRange(own.Min(), own.Max()));
        }

        Views same = OfTargets(split.Train, [.. Enumerable.Repeat(4.25, 60)], 1);
        Assert.That(FusionData.Flat(FusionStrategy.Named(name).Fit(same).PredictValues(split.Test)), Is.All.EqualTo(4.25).Within(1e-12));
    }

    [Test]
    public void What_is_defined_over_classes_refuses_numbers_in_one_sentence()
    {
        Views views = Numbers(40, 2, 0);
        foreach (string name in s_classesOnly)
        {
            Assert.That(() => FusionStrategy.Named(name).Fit(views), Throws.ArgumentException.With.Message.EqualTo(
                $"{name} is defined over classes, and the views have targets: take a strategy of numbers, as kernel-mean, alignf, soft-vote or stacking"));
        }

        Views constant = OfTargets(views, [.. Enumerable.Repeat(2.0, 40)], 1);
        Assert.That(() => FusionStrategy.Named("simplemkl").Fit(constant), Throws.ArgumentException.With.Message.Contains("the targets are the same in every row"));
    }

    [Test]
    public void A_report_has_errors_of_numbers_and_a_reason_where_there_are_classes_only()
    {
        FusionStrategy[] strategies = [.. FusionStrategy.All(Numbers(8, 2, 0)).Where(one => !TrainedFusionTests.Names.Contains(one.Name))];
        FusionReport report = FusionReport.Compare(Numbers(80, 2, 0, isComplete: true), strategies, folds: 2, seed: 1);
        Assert.That(report.Rows.Where(row => row.Error is not null).Select(row => row.Name), Is.EquivalentTo(s_classesOnly));
        Assert.That(report.Rows.Where(row => row.Error is not null).Select(row => row.Error), Is.All.Contains("is defined over classes"));
        foreach (string name in s_names)
        {
            FusionReportRow row = report.Rows.Single(one => one.Name == name);
            Assert.That(row.Score, Is.LessThan(report.Rows[0].Score), name);
            Assert.That((row.Missing.Count, row.Blinded.Count, row.Weights.Count), Is.EqualTo((3, 2, 2)));
        }
    }

    /// <summary>A kernel that is solved must be positive semi-definite, whatever the training rows lack.</summary>
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(6)]
    public void Products_of_kernels_learn_from_rows_that_lack_views(int count)
    {
        ViewsSplit split = Numbers(160, count, float.NaN).SplitFrom(110);
        Tensor<double> values = FusionStrategy.Named("kernel-product").Fit(split.Train).PredictValues(split.Test);
        double[] wanted = FusionData.Flat(split.Test.Targets!), means = [.. Enumerable.Range(0, 2).Select(c => Enumerable.Range(0, split.Train.Rows).Average(i => split.Train.Targets![i, c]))];
        double spread = Math.Sqrt(wanted.Select((value, at) => (value - means[at % 2]) * (value - means[at % 2])).Average());
        Assert.That(Error(values, split.Test), Is.LessThan(0.95 * spread));
    }

    [TestCase("align")]
    [TestCase("alignf")]
    [TestCase("simplemkl")]
    public void Weights_do_not_depend_on_the_units_of_targets(string name)
    {
        Views views = Numbers(90, 3, 0, isComplete: true);
        double[] scaled = [.. FusionData.Flat(views.Targets!).Select((value, at) => at % 2 == 0 ? value : (1e4 * value) - 7)];
        IReadOnlyList<double> weights = FusionStrategy.Named(name).Fit(views).Explain(views).Weights;
        Assert.That(FusionStrategy.Named(name).Fit(OfTargets(views, scaled, 2)).Explain(views).Weights, Is.EqualTo(weights).Within(1e-6));
    }

    /// <summary>Views of parts of what the targets are made of: view m tells one of their terms, with noise.</summary>
    private static Views Numbers(int rows, int count, float poison, bool isComplete = false)
    {
        Random random = new(8);
        double[] terms = [.. Enumerable.Range(0, rows * count).Select(_ => FusionData.Gauss(random))], targets = new double[rows * 2];
        bool[] present = [.. Enumerable.Range(0, rows * count).Select(_ => random.Next(4) > 0 || isComplete)];
        (string, View)[] views = new (string, View)[count];
        for (int m = 0; m < count; m++)
        {
            float[] values = new float[rows * 3];
            for (int at = 0; at < values.Length; at++)
            {
                // Every view hears the sum beside its own term.
                int row = at / 3;
                double sum = terms.AsSpan(row * count, count).ToArray().Sum() / Math.Sqrt(count), value = (at % 3 == 2 ? sum : terms[(row * count) + m]) + (0.7 * FusionData.Gauss(random));
                values[at] = present[(row * count) + m] ? (float)value : poison;
                targets[row * 2] = sum;
                targets[(row * 2) + 1] = 50 + terms[row * count] + terms[(row * count) + 1];
            }

            views[m] = ($"v{m}", Tensor.Create(values, [rows, 3]));
        }

        return Views.Of(views).WithTargets(Tensor.Create(targets, [rows, 2])).WithPresence(Tensor.Create(present, [rows, count]));
    }

    private static Views OfTargets(Views views, double[] targets, int outputs)
    {
        bool[] present = [.. Enumerable.Range(0, views.Rows * views.Count).Select(at => views.IsPresent(at / views.Count, at % views.Count))];
        Views rows = views.Labels is null ? views : Views.Of([.. views.Names.Select(name => (name, views[name]))]).WithPresence(Tensor.Create(present, [views.Rows, views.Count]));
        return rows.WithTargets(Tensor.Create(targets, [views.Rows, outputs]));
    }

    private static Tensor<float> Gaussian(Random random, int rows, int columns) => Tensor.Create([.. Enumerable.Range(0, rows * columns).Select(_ => (float)FusionData.Gauss(random))], [rows, columns]);

    private static Tensor<double> Positive(Tensor<double> gram) => Tensor.Create([.. FusionData.Flat(gram).Select(value => value * value)], gram.Lengths);

    private static int[] Present(Views views, int view) => [.. Enumerable.Range(0, views.Rows).Where(row => views.IsPresent(row, view))];

    private static double Error(Tensor<double> values, Views rows)
    {
        double[] targets = FusionData.Flat(rows.Targets!), found = FusionData.Flat(values);
        return Math.Sqrt(targets.Select((target, at) => Math.Pow(found[at] - target, 2)).Average());
    }

    private static double[] NonNegative(Matrix<double> a, Vector<double> b)
    {
        double[] best = new double[a.ColumnCount];
        double least = b.L2Norm();
        for (int subset = 1; subset < 1 << a.ColumnCount; subset++)
        {
            int[] kept = [.. Enumerable.Range(0, a.ColumnCount).Where(k => (subset >> k & 1) == 1)];
            Matrix<double> part = Matrix<double>.Build.DenseOfColumnVectors(kept.Select(a.Column));
            Vector<double> x = part.QR().Solve(b);
            double distance = (b - (part * x)).L2Norm();
            if (x.Any(value => !(value >= 0)) || !(distance < least)) continue;
            (best, least) = (new double[a.ColumnCount], distance);
            for (int k = 0; k < kept.Length; k++) best[kept[k]] = x[k];
        }

        return best;
    }

    private static Matrix<double> Normalized(SparseMatrix<double> graph)
    {
        Matrix<double> w = Matrix<double>.Build.Dense(graph.Rows, graph.Columns, (i, j) => graph[i, j]), root = Matrix<double>.Build.DenseOfDiagonalVector(w.RowSums().Map(degree => 1 / Math.Sqrt(degree)));
        return root * w * root;
    }

    private static Matrix<double> Spread(SparseMatrix<double> graph, Matrix<double> targets)
    {
        Matrix<double> given = targets.Append(Matrix<double>.Build.Dense(targets.RowCount, 1, 1)), spread = (Matrix<double>.Build.DenseIdentity(graph.Rows) - (Alpha * Normalized(graph))).Solve(given);
        return Matrix<double>.Build.Dense(targets.RowCount, targets.ColumnCount, (i, c) => spread[i, c] / spread[i, targets.ColumnCount]);
    }
}
