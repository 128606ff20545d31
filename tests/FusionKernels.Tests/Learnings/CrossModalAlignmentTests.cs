using System.Numerics.Tensors;
using FusionKernels.Tests.Fusion;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>Views that look at each other: different lengths and clocks, key masks, weights, latent queries.</summary>
[TestFixture]
[Parallelizable]
public sealed class CrossModalAlignmentTests
{
    private static readonly CrossModalOptions s_small = new() { Width = 16, Hidden = 16, Heads = 2, Patch = 4, BatchSize = 24, Epochs = 40, Optimizer = new AdamW { LearningRate = 0.005 } };

    [TestCase(0)]
    [TestCase(3)]
    public void Series_of_other_lengths_and_clocks_name_their_class(int latents)
    {
        (Tensor<float>[] x, Tensor<float>[] y, int[] labels) = Pairs(72, 1);
        (Tensor<float>[] newX, Tensor<float>[] newY, int[] asked) = Pairs(40, 2);
        CrossModalModel<float> model = CrossModalAlignment.Fit(x, y, s_small with { Labels = labels, Latents = latents });
        Views rows = Views.Of(("x", View.Sequences(newX)), ("y", View.Sequences(newY))).WithLabels(asked);
        Assert.That(FusionData.Accuracy(model.Predict(rows), rows), Is.GreaterThan(0.8), "four classes, of which a view alone tells halves");
        Assert.That(model.Transform(newX, newY).X.Lengths.ToArray(), Is.EqualTo(new nint[] { 40, 16 }));

        // Weights: of each place, sum 1 over what is there of each other view, 0 within the view; of latent queries, 1 over all.
        Tensor<double> attention = model.Attention(rows.WithPresence(Tensor.Create([.. Enumerable.Range(0, 80).Select(at => at != 1)], [40, 2])));
        int placesX = newX.Max(one => ((int)one.Lengths[0] + 3) / 4), placesY = newY.Max(one => ((int)one.Lengths[0] + 3) / 4), all = placesX + placesY;
        Assert.That(attention.Lengths.ToArray(), Is.EqualTo(new nint[] { 40, latents == 0 ? all : latents, all }));
        for (int row = 0; row < 40; row++)
        {
            int there = ((int)newY[row].Lengths[0] + 3) / 4;
            double kept = Enumerable.Range(0, there).Sum(key => attention[row, 0, placesX + key]), beyond = Enumerable.Range(there, placesY - there).Sum(key => attention[row, 0, placesX + key]);
            double within = Enumerable.Range(0, placesX).Sum(key => attention[row, 0, key]);
            Assert.That(beyond, Is.EqualTo(0), "keys behind a series' end");
            Assert.That(latents == 0 ? kept : kept + within, Is.EqualTo(row == 0 && latents == 0 ? 0 : 1).Within(1e-5));
            if (latents == 0) Assert.That(within, Is.EqualTo(0));
        }
    }

    [TestCase(0)]
    [TestCase(2)]
    public void What_is_not_there_changes_no_bit(int latents)
    {
        double[]? expected = null;
        foreach (float poison in (float[])[0, float.NaN, 1e30f])
        {
            (Tensor<float>[] x, Tensor<float>[] y, int[] labels) = Pairs(30, 1);
            Tensor<bool> presence = Tensor.Create([.. Enumerable.Range(0, 60).Select(at => at is not (3 or 10 or 22))], [30, 2]);
            foreach (int row in (int[])[5, 11]) x[row] = Tensor.Create([.. Enumerable.Repeat(poison, 14)], [7, 2]);
            y[1] = Tensor.Create([poison], [1, 1]);
            CrossModalModel<float> model = CrossModalAlignment.Fit(x, y, s_small with { Epochs = 2, Latents = latents, Presence = presence, Labels = labels, Threads = poison == 0 ? 1 : 2 });
            Views rows = Views.Of(("x", View.Sequences(x)), ("y", View.Sequences(y))).WithPresence(presence);
            double[] bits = [.. FusionData.Flat(model.PredictProbabilities(rows)), .. FusionData.Flat(model.Attention(rows)), .. GradientCheck.Flat(model.Transform("y", View.Sequences(y[2..]))).Select(value => (double)value)];
            expected ??= bits;
            Assert.That(bits, Is.EqualTo(expected), $"{poison}; and for any number of threads");
        }

        Assert.That(expected, Has.None.NaN);
    }

    [Test]
    public void A_masked_key_that_is_NaN_leaves_the_layers_outputs_as_they_are()
    {
        ParameterSet<double> parameters = new(seed: 1);
        MultiHeadAttention<double> attention = new(parameters.In("attention"), 8, 2, context: 6);
        TransformerBlock<double> block = new(parameters.In("block"), 8, 2, context: 6);
        LatentQueries<double> latent = new(parameters.In("latent"), 3, 8, 2, 6);
        using Tape<double> tape = new();
        Tensor<double> context = GradientCheck.Values(2, 2, 5, 6);
        bool[] keep = [true, false, true, true, false, false, false, true, true, true];
        double[] expected = Bits();
        for (int item = 0; item < 10; item++)
        {
            for (int k = 0; !keep[item] && k < 6; k++) context[item / 5, item % 5, k] = double.NaN;
        }

        Assert.That(Bits(), Is.EqualTo(expected));
        Assert.That(expected, Has.None.NaN);

        double[] Bits()
        {
            tape.Clear();
            Var<double> x = tape.Constant(GradientCheck.Values(1, 2, 4, 8)), seen = tape.Constant(context);
            Var<double> weights = attention.Weights(x, seen, keep);
            double[] shares = FusionData.Flat(weights.Read());
            Assert.That(shares.Chunk(5).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-12));
            Assert.That(shares.Where((_, at) => !keep[(at / 20 * 5) + (at % 5)]), Is.All.EqualTo(0));
            return
            [
                .. shares, .. FusionData.Flat(attention.Forward(x, seen, keep).Read()), .. FusionData.Flat(block.Forward(x, seen, keep).Read()), .. FusionData.Flat(block.Weights(x, seen, keep).Read()),
                .. FusionData.Flat(latent.Forward(seen, keep).Read()), .. FusionData.Flat(latent.Weights(seen, keep).Read()),
            ];
        }
    }

    [Test]
    public void Without_labels_pairs_are_told_from_what_was_put_together_by_chance()
    {
        Random random = new(3);
        double[] causes = [.. Enumerable.Range(0, 160 * 3).Select(_ => FusionData.Gauss(random))];
        Tensor<double> x = Tensor.Create([.. causes.Select(cause => cause + (0.1 * FusionData.Gauss(random)))], [160, 3]), y = Tensor.Create([.. causes.Select(cause => (2 * cause) + (0.1 * FusionData.Gauss(random)))], [160, 3]);
        CrossModalModel<double> model = CrossModalAlignment.Fit(x[..120, ..], y[..120, ..], s_small with { Epochs = 60 });
        RetrievalResult found = model.Evaluate(x[120.., ..], y[120.., ..]);
        Assert.That(found.AToB.RecallAt1, Is.GreaterThan(0.3), "chance is .025");
        double[] pairs = FusionData.Flat(model.PredictProbabilities(Views.Of(("x", x[120.., ..]), ("y", y[120.., ..])))), strangers = FusionData.Flat(model.PredictProbabilities(Views.Of(("x", x[120.., ..]), ("y", y[80..120, ..]))));
        Assert.That(pairs.Average(), Is.GreaterThan(strangers.Average() + 0.3));
        Assert.That(() => model.Predict(Views.Of(("x", x))), Throws.InvalidOperationException.With.Message.Contain("without labels"));
        Assert.That(model.Parameters.All.Select(one => one.Name), Is.Unique);
        Assert.That(() => CrossModalAlignment.Fit(x, y[..3, ..]), Throws.ArgumentException.With.Message.Contain("'x' has 160 rows, 'y' has 3"));
        Assert.That(() => CrossModalAlignment.Fit(x, y, s_small with { Heads = 3 }), Throws.ArgumentException.With.Message.Contain("Width 16 cannot be shared by 3 Heads"));
    }

    /// <summary>Motions of two sensors, 40 to learn from and 40 to name: 39 at least, with latent queries too; what an accelerometer's record alone finds among a gyroscope's is a case of <see cref="LearnedRealDataTests"/>.</summary>
    [Test]
    [Category("Slow")]
    public void Motions_of_two_sensors_are_named_by_attention()
    {
        (Views train, Views test) = (FusionRealDataTests.Motions("TRAIN"), FusionRealDataTests.Motions("TEST"));
        foreach (int latents in (int[])[0, 4])
        {
            CrossModalModel<float> model = CrossModalAlignment.Fit<float>(train, new() { Latents = latents, BatchSize = 20, Epochs = 60 });
            double named = FusionData.Accuracy(model.Predict(test), test);
            RetrievalResult found = model.Evaluate(test);
            TestContext.Out.WriteLine($"latents {latents}: named {named:p1}, accelerometer to gyroscope {found.AToB.RecallAt1:p1}, back {found.BToA.RecallAt1:p1}");
            Assert.That(named, Is.GreaterThanOrEqualTo(39 / 40.0));
        }
    }

    /// <summary>Two sets of series whose rises and falls tell one half of the class each; the second on a clock of its own.</summary>
    private static (Tensor<float>[] X, Tensor<float>[] Y, int[] Labels) Pairs(int rows, int seed)
    {
        Random random = new(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(i => i % 4)];
        return ([.. labels.Select(label => Series(8 + random.Next(9), 2, label < 2))], [.. labels.Select(label => Series(15 + random.Next(20), 1, label % 2 == 0))], labels);

        Tensor<float> Series(int steps, int channels, bool rises) => Tensor.Create(
            [.. Enumerable.Range(0, steps * channels).Select(at => ((rises ? 1 : -1) * ((2f * (at / channels) / steps) - 1)) + (0.2f * (float)FusionData.Gauss(random)))], [steps, channels]);
    }
}
