using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>The fused kernel, one pass over tiles, against its parts; kinds of views; learners; targets.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class KernelFusionTests(TestEngine engine)
{
    [TestCase(3)]
    [TestCase(6)]
    public void One_pass_equals_the_sum_of_the_parts(int count)
    {
        Views views = FusionData.Halves(70, count, 2);
        KernelFusionOptions options = new() { Device = engine.Device };
        FusedKernel<float> kernel = KernelFusionFit.Kernels<float>(views, options);
        double[] weights = [.. Enumerable.Range(0, count).Select(m => m == 1 ? 0 : 1.0 / (count - 1))];
        FusedKernel<float> weighted = KernelFusionFit.WithWeights(kernel, views, weights, options);
        Tensor<float> fused = weighted.TrainGram(options);
        Tensor<float>[] parts = [.. Enumerable.Range(0, count).Select(m => kernel.TrainGram(m, options))];
        for (int i = 0; i < 70; i++)
        {
            Assert.That(fused[i, i], Is.EqualTo(1).Within(1e-6));
            for (int j = 0; j < 70; j++)
            {
                Assert.That(fused[i, j], Is.EqualTo(weights.Select((weight, m) => weight * parts[m][i, j]).Sum()).Within(1e-6));
                Assert.That(fused[i, j], Is.EqualTo(fused[j, i]));
            }
        }
    }

    /// <summary>The definition with absent views: over the views that both have, and over the root of what each has.</summary>
    [Test]
    public void Absent_views_follow_the_definition()
    {
        Views views = FusionData.Halves(40, 3, 2).WithMissing(0.4, 5);
        KernelFusionOptions options = new() { Device = engine.Device };
        FusedKernel<float> kernel = KernelFusionFit.Kernels<float>(views, options);
        Tensor<float>[] parts = [.. Enumerable.Range(0, 3).Select(m => kernel.TrainGram(m, options))];
        Tensor<float> fused = kernel.TrainGram(options), again = kernel.Against(views, [0, 1, 2], views.Names, options);
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < 40; j++)
            {
                double sum = 0, ownI = 0, ownJ = 0;
                for (int m = 0; m < 3; m++)
                {
                    (bool atI, bool atJ) = (views.IsPresent(i, m), views.IsPresent(j, m));
                    ownI += atI ? 1 : 0;
                    ownJ += atJ ? 1 : 0;
                    if (!atI || !atJ) Assert.That(parts[m][i, j], Is.EqualTo(0));
                    else sum += parts[m][i, j];
                }

                Assert.That(fused[i, j], Is.EqualTo(sum / Math.Sqrt(ownI * ownJ)).Within(1e-5));
                Assert.That(again[i, j], Is.EqualTo(sum / ownI / Math.Sqrt(ownJ / 3)).Within(1e-5));
            }
        }
    }

    /// <summary>
    /// Normalised, centred by the training rows that have the view, weighed and summed, of features, series and a ready matrix; new rows are centred by the means of
    /// the training rows. Written out in float64 over uncentred kernels.
    /// </summary>
    [TestCase(0.0)]
    [TestCase(0.3)]
    public void Centred_kernels_follow_the_definition(double rate)
    {
        Views all = Mixed(44).WithMissing(rate, 7);
        ViewsSplit split = all.SplitFrom(30);
        Dictionary<string, Kernel> named = new() { ["images"] = Kernel.Polynomial(0.5, 1, 2) };
        KernelFusionOptions options = new() { Device = engine.Device, Kernels = named }, centred = options with { Centered = true };
        double[] weights = [0.4, 0.3, 0.2, 0.1];
        FusedKernel<float> kernel = KernelFusionFit.WithWeights(KernelFusionFit.Kernels<float>(split.Train, centred), split.Train, weights, centred);
        double[][,] train = Parts(split.Train), news = Parts(split.Test);
        double[] scaleOfTrain = Shares(split.Train), scaleOfNews = Shares(split.Test);
        Same(kernel.TrainGram(centred), split.Train, train, (i, j) => 1 / Math.Sqrt(scaleOfTrain[i] * scaleOfTrain[j]));
        Same(kernel.SumOfViews(centred), split.Train, train, (i, j) => 1 / Math.Sqrt(scaleOfTrain[i] * scaleOfTrain[j]));
        Same(kernel.Against(split.Test, [0, 1, 2, 3], all.Names, centred), split.Test, news, (i, j) => 1 / (scaleOfNews[i] * Math.Sqrt(scaleOfTrain[j])));
        Assert.That(() => KernelFusion.Fit(split.Train, centred with { Weighting = KernelWeighting.Product }), Throws.ArgumentException.With.Message.Contains("a product takes them as they are"));
        Assert.That(() => KernelFusion.Fit(split.Train, centred with { Learner = KernelLearner.GaussianProcess }), Throws.ArgumentException.With.Message.Contains("k(x, x) = 1"));
        Assert.That(FusionData.Accuracy(KernelFusion.Fit(split.Train, centred with { Learner = KernelLearner.Ridge, Weighting = KernelWeighting.AlignF }), split.Test), Is.GreaterThan(0.8));

        // The parts' sum of weights that a row has.
        double[] Shares(Views rows) => [.. Enumerable.Range(0, rows.Rows).Select(row => Enumerable.Range(0, 4).Sum(m => rows.IsPresent(row, m) ? weights[m] : 0))];

        // By view: the kernel as it is, of rows against the training rows.
        double[][,] Parts(Views rows)
        {
            FusedKernel<double> plain = KernelFusionFit.Kernels<double>(split.Train, options with { Device = null });
            return [.. Enumerable.Range(0, 4).Select(m =>
            {
                double[] only = [.. Enumerable.Range(0, 4).Select(other => other == m ? 1.0 : 0)];
                Tensor<double> gram = KernelFusionFit.WithWeights(plain, split.Train, only, options).Against(rows, [0, 1, 2, 3], all.Names, null);
                double[,] values = new double[rows.Rows, split.Train.Rows];
                for (int i = 0; i < rows.Rows; i++)
                {
                    for (int j = 0; j < split.Train.Rows; j++) values[i, j] = gram[i, j];
                }

                return values;
            })];
        }

        void Same(Tensor<float> fused, Views rows, double[][,] parts, Func<int, int, double> scale)
        {
            for (int i = 0; i < rows.Rows; i++)
            {
                for (int j = 0; j < split.Train.Rows; j++)
                {
                    double sum = 0;
                    for (int m = 0; m < 4; m++)
                    {
                        if (!rows.IsPresent(i, m) || !split.Train.IsPresent(j, m)) continue;
                        int[] there = [.. Enumerable.Range(0, split.Train.Rows).Where(row => split.Train.IsPresent(row, m))];
                        double own = there.Average(row => parts[m][i, row]), other = there.Average(row => train[m][j, row]), mean = there.Average(a => there.Average(b => train[m][a, b]));
                        sum += weights[m] * (parts[m][i, j] - own - other + mean);
                    }

                    Assert.That(fused[i, j], Is.EqualTo(sum == 0 ? 0 : sum * scale(i, j)).Within(2e-5), $"{i}, {j}");
                }
            }
        }
    }

    /// <summary>Rows that lack a view meet what would have been fitted to the others alone, whatever the training rows lack.</summary>
    [TestCase(0.0)]
    [TestCase(0.3)]
    public void Rows_that_lack_views_meet_a_learner_of_the_others(double rate)
    {
        ViewsSplit split = FusionData.Halves(120, 3, 5).Split(0.3, 1);
        Views train = rate > 0 ? split.Train.WithMissing(rate, 2) : split.Train;
        KernelFusionOptions options = new() { Device = engine.Device };
        KernelFusionModel model = KernelFusion.Fit(train, options);
        Views few = split.Test.Blind("v1"), known = train.Select("v0", "v2");
        KernelFusionModel alone = KernelFusion.Fit(known.Take([.. Enumerable.Range(0, known.Rows).Where(row => known.IsPresent(row, 0) || known.IsPresent(row, 1))]), options);
        double[] expected = FusionData.Flat(alone.PredictProbabilities(split.Test.Select("v0", "v2"), options));
        Assert.That(FusionData.Flat(model.PredictProbabilities(few, options)), Is.EqualTo(expected).Within(1e-3));
        Assert.That(model.Predict(few, options), Is.EqualTo(alone.Predict(split.Test.Select("v0", "v2"), options)));

        // Row by row, whichever rows come together.
        Views mixed = split.Test.WithMissing(0.4, 9);
        double[] whole = FusionData.Flat(model.PredictProbabilities(mixed, options));
        Assert.That(FusionData.Flat(model.PredictProbabilities(mixed.Take(7), options)), Is.EqualTo(whole.AsSpan(28, 4).ToArray()).Within(1e-6));
        KernelFusionModel scaled = KernelFusion.Fit(train, options with { Absent = AbsentViews.Rescale });
        Assert.That(FusionData.Flat(scaled.PredictProbabilities(mixed, options)), Is.Not.EqualTo(whole).Within(1e-6));
        Assert.That(FusionData.Flat(scaled.PredictProbabilities(split.Test, options)), Is.EqualTo(FusionData.Flat(model.PredictProbabilities(split.Test, options))));
    }

    [TestCase(KernelWeighting.Mean)]
    [TestCase(KernelWeighting.Product)]
    [TestCase(KernelWeighting.AlignF)]
    [TestCase(KernelWeighting.EasyMkl)]
    [TestCase(KernelWeighting.SimpleMkl)]
    public void Vectors_series_images_and_gram_matrices_fuse_in_one_call(KernelWeighting weighting)
    {
        Views views = Mixed(48);
        foreach (SequenceKernel sequences in Enum.GetValues<SequenceKernel>())
        {
            KernelFusionOptions options = new() { Device = engine.Device, Weighting = weighting, Sequences = sequences };
            ViewsSplit split = views.WithMissing(0.2, 3).SplitFrom(32);
            KernelFusionModel model = KernelFusion.Fit(split.Train, options);
            Assert.That(FusionData.Accuracy(model.Predict(split.Test, options), split.Test), Is.GreaterThan(0.8), sequences.ToString());
            Assert.That(model.Weights, Has.Count.EqualTo(4));
        }
    }

    [TestCase(KernelLearner.Svm, 5e-3)]
    [TestCase(KernelLearner.Ridge, 5e-2)] // the temperature is fitted to rows held out, which stay landmarks
    [TestCase(KernelLearner.GaussianProcess, 5e-3)]
    [TestCase(KernelLearner.LaplaceProcess, 1e-2)] // what rounding leaves of the smallest eigenvalues is dropped
    public void Landmarks_that_are_all_rows_lose_nothing(KernelLearner learner, double tolerance)
    {
        ViewsSplit split = FusionData.Halves(100, 3, 3).WithMissing(0.2, 4).Split(0.3, 1);
        foreach (KernelWeighting weighting in (KernelWeighting[])[KernelWeighting.Mean, KernelWeighting.Product, KernelWeighting.AlignF])
        {
            KernelFusionOptions options = new() { Device = engine.Device, Learner = learner, Weighting = weighting };
            KernelFusionModel whole = KernelFusion.Fit(split.Train, options), some = KernelFusion.Fit(split.Train, options with { Landmarks = new() { Landmarks = 1000 } });
            Assert.That(some.Weights, Is.EqualTo(whole.Weights));
            foreach (Views rows in (Views[])[split.Test, split.Test.Blind("v1")])
            {
                Assert.That(FusionData.Flat(some.PredictProbabilities(rows, options)), Is.EqualTo(FusionData.Flat(whole.PredictProbabilities(rows, options))).Within(tolerance), weighting.ToString());
            }
        }
    }

    [TestCase(KernelWeighting.Mean)]
    [TestCase(KernelWeighting.Product)]
    [TestCase(KernelWeighting.AlignF)]
    [TestCase(KernelWeighting.SimpleMkl)]
    public void Landmarks_learn_from_all_rows(KernelWeighting weighting)
    {
        Views views = Mixed(120).WithMissing(0.2, 3);
        ViewsSplit split = views.SplitFrom(90);
        KernelFusionOptions options = new() { Device = engine.Device, Weighting = weighting, Landmarks = new() { Landmarks = 30, Seed = 2 } };
        KernelFusionModel model = KernelFusion.Fit(split.Train, options);
        Assert.That(FusionData.Accuracy(model.Predict(split.Test, options), split.Test), Is.GreaterThan(0.8));
        Assert.That(model.Weights.Sum(), Is.EqualTo(1).Within(1e-9));
        double[] blind = FusionData.Flat(model.PredictProbabilities(split.Test.Blind(split.Test.Names[0]), options));
        Assert.That(blind, Has.All.Matches<double>(value => value is >= 0 and <= 1));
        Assert.That(FusionData.Flat(KernelFusion.Fit(split.Train, options).PredictProbabilities(split.Test.Blind(split.Test.Names[0]), options)), Is.EqualTo(blind), "the same seed, the same bits");
    }

    [Test]
    public void Landmarks_serve_targets()
    {
        Views views = FusionData.Halves(120, 3, 3);
        double[] targets = [.. views.Labels!.Select(label => label < 2 ? 101.0 : 99)];
        ViewsSplit split = Views.Of([.. views.Names.Select(name => (name, views[name]))]).WithTargets(Tensor.Create(targets, [120, 1])).Split(0.4, 1);
        foreach (KernelLearner learner in (KernelLearner[])[KernelLearner.Ridge, KernelLearner.GaussianProcess])
        {
            KernelFusionModel model = KernelFusion.Fit(split.Train, new() { Device = engine.Device, Learner = learner, Landmarks = new() { Landmarks = 40 } });
            double[] wanted = FusionData.Flat(split.Test.Targets!), predicted = FusionData.Flat(model.PredictValues(split.Test));
            Assert.That(Math.Sqrt(wanted.Zip(predicted, (a, b) => (a - b) * (a - b)).Average()), Is.LessThan(0.6), learner.ToString());
        }
    }

    [Test]
    public void Learners_name_the_same_classes()
    {
        ViewsSplit split = FusionData.Halves(80, 2, 3).Split(0.4, 1);
        foreach (KernelLearner learner in (KernelLearner[])[KernelLearner.Svm, KernelLearner.Ridge, KernelLearner.GaussianProcess, KernelLearner.LaplaceProcess])
        {
            KernelFusionModel model = KernelFusion.Fit(split.Train, new() { Device = engine.Device, Learner = learner });
            double[] probabilities = FusionData.Flat(model.PredictProbabilities(split.Test));
            Assert.That(FusionData.Accuracy(model, split.Test), Is.GreaterThan(0.9), learner.ToString());
            Assert.That(probabilities.Chunk(4).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-9));
            Assert.That(probabilities.Chunk(4).Where((row, i) => row.Max() == row[split.Test.Labels![i]]).Count() / (double)split.Test.Rows, Is.GreaterThan(0.9));
        }
    }

    [Test]
    public void Targets_are_predicted_by_every_learner_that_can()
    {
        Views views = FusionData.Halves(80, 3, 3);
        double[] targets = [.. views.Labels!.SelectMany(label => (double[])[label < 2 ? 101 : 99, label is 0 or 3 ? 1 : -1])];
        views = Views.Of([.. views.Names.Select(name => (name, views[name]))]).WithTargets(Tensor.Create(targets, [80, 2]));
        ViewsSplit split = views.Split(0.4, 1);
        double[] wanted = FusionData.Flat(split.Test.Targets!);
        foreach (FusionModel model in (FusionModel[])
            [
                KernelFusion.Fit(split.Train, new() { Device = engine.Device }), KernelFusion.Fit(split.Train, new() { Learner = KernelLearner.GaussianProcess, Weighting = KernelWeighting.AlignF }),
                LateFusion.Fit(split.Train), Concatenation.Fit(split.Train),
            ])
        {
            double[] predicted = FusionData.Flat(model.PredictValues(split.Test));
            double error = Math.Sqrt(wanted.Zip(predicted, (a, b) => (a - b) * (a - b)).Average());
            Assert.That(error, Is.LessThan(0.75), model.Strategy); // the targets deviate by 1
            Assert.That(() => model.Predict(split.Test), Throws.InvalidOperationException.With.Message.Contains("PredictValues"));
        }

        Assert.That(() => KernelFusion.Fit(views, new() { Weighting = KernelWeighting.EasyMkl }), Throws.ArgumentException.With.Message.Contains("targets"));
        Assert.That(() => KernelFusion.Fit(views, new() { Learner = KernelLearner.Svm }), Throws.ArgumentException.With.Message.Contains("targets"));
        Assert.That(() => LateFusion.Fit(views, new() { Rule = LateRule.HardVote }), Throws.ArgumentException.With.Message.Contains("targets"));
    }

    /// <summary>Four kinds of views of two classes; each of them knows.</summary>
    private static Views Mixed(int rows)
    {
        Random random = new(2);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 2)];
        float[] vectors = [.. Enumerable.Range(0, rows * 2).Select(at => (labels[at / 2] * 2) + (float)FusionData.Gauss(random))];
        double[] images = [.. Enumerable.Range(0, rows * 4).Select(at => (labels[at / 4] == at % 2 ? 2 : 0) + FusionData.Gauss(random))];
        Tensor<float>[] series = new Tensor<float>[rows];
        for (int i = 0; i < rows; i++)
        {
            int length = 8 + random.Next(5);
            float[] values = [.. Enumerable.Range(0, length).Select(t => (labels[i] == 0 ? t : length - t) / 4f)];
            series[i] = Tensor.Create(values, [length]);
        }

        float[] gram = new float[rows * rows];
        for (int at = 0; at < gram.Length; at++) gram[at] = at / rows == at % rows ? 1 : labels[at / rows] == labels[at % rows] ? 0.4f : 0.1f;
        return Views.Of(
            ("vectors", Tensor.Create(vectors, [rows, 2])),
            ("images", Tensor.Create([.. images.Select(value => (float)value)], [rows, 2, 2])),
            ("series", series),
            ("gram", View.Gram(Tensor.Create(gram, [rows, rows])))).WithLabels(labels);
    }
}
