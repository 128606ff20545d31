using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[Parallelizable]
public sealed class AutoencoderTests
{
    private static readonly Views s_train = LearnedData.Three(1), s_test = LearnedData.Three(2, 80);

    private static AutoencoderOptions Options(AutoencoderMode mode) => new()
    {
        Mode = mode,
        Components = 3,
        Hidden = [16],
        Epochs = 60,
        BatchSize = 40,
        NoiseVariance = 0.1,
        Optimizer = new Adam { LearningRate = 0.01 },
        Seed = 1,
    };

    private static AutoencoderOptions Short(AutoencoderMode mode) => Options(mode) with { Epochs = 1, BatchSize = 240 };

    [TestCase(AutoencoderMode.Correlational)]
    [TestCase(AutoencoderMode.Split)]
    [TestCase(AutoencoderMode.Variational)]
    public void EveryViewIsRebuiltFromOthers(AutoencoderMode mode)
    {
        AutoencoderModel<float> model = AutoencoderAlignment.Fit<float>(s_train, Options(mode));
        Assert.That(model.Evaluate(s_test), Has.All.GreaterThan(0.6), "noise leaves about .9 of the variance to be told");
        if (mode == AutoencoderMode.Split) return;
        foreach (string source in (string[])["b", "c"]) Assert.That(model.Evaluate(s_test.Select("a", source))[0], Is.GreaterThan(0.5), source);
        Assert.That(model.Reconstruct("a", s_test.Select("b", "c")), Is.EqualTo(model.Reconstruct("a", s_test)), "the view itself is not read");
        Assert.That(model.Reconstruct("c", "b", Rows(s_test["b"])), Is.EqualTo(model.Reconstruct("c", s_test.Select("b"))));
    }

    [Test]
    public void ASplitCodeIsOfItsSourceAlone()
    {
        AutoencoderModel<float> model = AutoencoderAlignment.Fit<float>(s_train, Short(AutoencoderMode.Split) with { Source = "b" });
        Assert.That(model.Transform(s_test), Is.EqualTo(model.Transform("b", Rows(s_test["b"]))));
        Assert.That(() => model.Transform(s_test.Select("a")), Throws.ArgumentException.With.Message.Contain("'b' is needed"));
    }

    [Test]
    public void AProductOfExpertsAddsPrecisionsOfTheViewsThatAreThere()
    {
        AutoencoderModel<double> model = AutoencoderAlignment.Fit<double>(s_train, Options(AutoencoderMode.Variational) with { Epochs = 5 });
        Assert.That(Expected("a", "b", "c"), Is.EqualTo((GradientCheck.Flat(model.Transform(s_test)), GradientCheck.Flat(model.Variances(s_test)))).Using<(double[] Means, double[] Variances)>(Near));
        Views without = s_test.Blind("b");
        Assert.That(Expected("a", "c"), Is.EqualTo((GradientCheck.Flat(model.Transform(without)), GradientCheck.Flat(model.Variances(without)))).Using<(double[] Means, double[] Variances)>(Near));
        Assert.That(GradientCheck.Flat(model.Variances(s_test)).Zip(GradientCheck.Flat(model.Variances(without))), Has.All.Matches<(double All, double Without)>(pair => pair.All < pair.Without));

        // One view's code has precision 1 + p and mean p m / (1 + p): so p m is the mean over the variance.
        (double[] Means, double[] Variances) Expected(params string[] views)
        {
            double[][] means = [.. views.Select(view => GradientCheck.Flat(model.Transform(s_test.Select(view))))], variances = [.. views.Select(view => GradientCheck.Flat(model.Variances(s_test.Select(view))))];
            double[] precision = [.. variances[0].Select((_, i) => 1 + variances.Sum(one => (1 / one[i]) - 1))];
            return ([.. precision.Select((p, i) => means.Select((one, v) => one[i] / variances[v][i]).Sum() / p)], [.. precision.Select(p => 1 / p)]);
        }

        static bool Near((double[] Means, double[] Variances) a, (double[] Means, double[] Variances) b) =>
            a.Means.Zip(b.Means).Concat(a.Variances.Zip(b.Variances)).All(pair => Math.Abs(pair.First - pair.Second) < 1e-9);
    }

    [TestCase(AutoencoderMode.Correlational)]
    [TestCase(AutoencoderMode.Variational)]
    public void WhatIsStoredWhereAViewIsAbsentChangesNoBit(AutoencoderMode mode)
    {
        Views holed = s_train.WithMissing(0.4, 3), spoiled = Spoiled(holed, float.NaN), huge = Spoiled(holed, 1e30f);
        AutoencoderOptions options = Options(mode) with { Epochs = 2 };
        AutoencoderModel<float> model = AutoencoderAlignment.Fit<float>(holed, options);
        float[][] expected = Parameters(model);
        Assert.That(Parameters(AutoencoderAlignment.Fit<float>(spoiled, options)), Is.EqualTo(expected));
        Assert.That(Parameters(AutoencoderAlignment.Fit<float>(huge, options)), Is.EqualTo(expected));
        Views test = s_test.WithMissing(0.3, 5).Blind("a");
        Views given = test.Take([.. Enumerable.Range(0, test.Rows).Where(row => test.IsPresent(row, 1) || test.IsPresent(row, 2))]);
        Assert.That(model.Transform(Spoiled(given, float.NaN)), Is.EqualTo(model.Transform(given)));
        Assert.That(model.Reconstruct("a", Spoiled(given, 1e30f)), Is.EqualTo(model.Reconstruct("a", given)));
        Assert.That(model.Transform(s_test.Blind("a")), Is.EqualTo(model.Transform(s_test.Select("b", "c"))), "an absent view and one that is not given are the same");
    }

    [TestCase(AutoencoderMode.Correlational)]
    [TestCase(AutoencoderMode.Split)]
    [TestCase(AutoencoderMode.Variational)]
    public void EveryParameterMovesInOneStep(AutoencoderMode mode)
    {
        AutoencoderOptions options = Short(mode) with { Optimizer = new Sgd { LearningRate = 1e-12 } };
        float[][] before = Parameters(AutoencoderAlignment.Fit<float>(s_train, options)), after = Parameters(AutoencoderAlignment.Fit<float>(s_train, options with { Optimizer = new Sgd { LearningRate = 0.1 } }));
        string[] names = [.. AutoencoderAlignment.Fit<float>(s_train, options).Parameters.All.Select(parameter => parameter.Name)];
        for (int i = 0; i < names.Length; i++)
        {
            bool isUsed = mode != AutoencoderMode.Split || !names[i].StartsWith("encoder.", StringComparison.Ordinal) || names[i].StartsWith("encoder.0.", StringComparison.Ordinal);
            Assert.That(after[i], isUsed ? Is.Not.EqualTo(before[i]) : Is.EqualTo(before[i]), names[i]);
        }
    }

    [Test]
    public void SameBitsForAnyNumberOfThreads()
    {
        AutoencoderOptions options = Options(AutoencoderMode.Variational) with { Epochs = 3, Dropout = 0.2 };
        float[][] expected = Parameters(AutoencoderAlignment.Fit<float>(s_train, options with { Threads = 1 }));
        Assert.That(Parameters(AutoencoderAlignment.Fit<float>(s_train, options with { Threads = 3 })), Is.EqualTo(expected));
    }

    [Test]
    public void PixelsOfImagesHaveOneDeviation()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 60);
        ViewRows<float> rows = ViewRows<float>.Fit(Views.Of(("x", View.Images(x.Reshape([60, 2, 3]))), ("y", y)), "test");
        Assert.That(rows.Scales[0].Deviations.Distinct().Count(), Is.EqualTo(1));
        Assert.That(rows.Scales[1].Deviations.Distinct().Count(), Is.EqualTo(5));
    }

    [Test]
    public void BadViewsGiveOneClearError()
    {
        (Tensor<float> x, Tensor<float> y) = LearnedData.Pair(1, 30);
        Assert.That(() => AutoencoderAlignment.Fit<float>(Views.Of(("x", x))), Throws.ArgumentException.With.Message.Contain("one view, 'x'"));
        Assert.That(() => AutoencoderAlignment.Fit<float>(Views.Of(("x", x), ("g", View.Gram(Tensor.Create(new float[900], [30, 30]))))), Throws.ArgumentException.With.Message.Contain("'g' is Gram"));
        Assert.That(() => AutoencoderAlignment.Fit<float>(Views.Of(("x", x), ("y", y)).Blind("y")), Throws.ArgumentException.With.Message.Contain("'y' is in 0 of 30 rows"));
        Assert.That(() => AutoencoderAlignment.Fit<float>(Views.Of(("x", Tensor.Create(Array.Empty<float>(), [0, 3])), ("y", Tensor.Create(Array.Empty<float>(), [0, 2])))), Throws.ArgumentException.With.Message.Contain("is in 0 of 0 rows"));
        Assert.That(() => AutoencoderAlignment.Fit(x, y, new() { Source = "z" }), Throws.ArgumentException.With.Message.Contain("no view 'z'"));
        Assert.That(() => AutoencoderAlignment.Fit(x, y, new() { NoiseVariance = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contain("variance of the noise"));
        AutoencoderModel<float> model = AutoencoderAlignment.Fit(x, y, new() { Epochs = 1 });
        Assert.That(() => model.Transform("z", x), Throws.ArgumentException.With.Message.Contain("no view 'z'"));
        Assert.That(() => model.Transform("x", y), Throws.ArgumentException.With.Message.Contain("5 features; 6 are needed"));
        Assert.That(() => model.Reconstruct("y", "y", y), Throws.ArgumentException.With.Message.Contain("row 0 has no view to make a code from beside 'y'"));
        Assert.That(() => model.Variances(Views.Of(("x", x))), Throws.InvalidOperationException);
        x[3, 2] = float.NaN;
        Assert.That(() => AutoencoderAlignment.Fit(x, y), Throws.ArgumentException.With.Message.Contain("x[3, 2] is NaN"));
    }

    private static float[][] Parameters(AutoencoderModel<float> model) => [.. model.Parameters.All.Select(parameter => GradientCheck.Flat(parameter.Read()))];

    private static Tensor<float> Rows(View view)
    {
        float[] values = new float[view.Rows * view.Features];
        for (int row = 0; row < view.Rows; row++) view.CopyRow(row, values.AsSpan(row * view.Features, view.Features));
        return Tensor.Create(values, [view.Rows, view.Features]);
    }

    /// <summary>The same views with something else where they are absent.</summary>
    private static Views Spoiled(Views views, float value)
    {
        Tensor<bool> presence = Tensor.Create(new bool[views.Rows * views.Count], [views.Rows, views.Count]);
        (string, View)[] spoiled = new (string, View)[views.Count];
        for (int view = 0; view < views.Count; view++)
        {
            Tensor<float> rows = Rows(views[views.Names[view]]);
            for (int row = 0; row < views.Rows; row++)
            {
                presence[row, view] = views.IsPresent(row, view);
                for (int j = 0; j < rows.Lengths[1] && !presence[row, view]; j++) rows[row, j] = value;
            }

            spoiled[view] = (views.Names[view], rows);
        }

        return Views.Of(spoiled).WithPresence(presence);
    }
}
