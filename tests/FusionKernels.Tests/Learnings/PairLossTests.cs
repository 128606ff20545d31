using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class PairLossTests(TestEngine engine)
{
    private static Tensor<double> V(int seed, params int[] lengths) => GradientCheck.Values(seed, lengths);

    [TestCase(CorrelationObjective.NuclearNorm)]
    [TestCase(CorrelationObjective.Frobenius)]
    [TestCase(CorrelationObjective.SquaredFrobenius)]
    [TestCase(CorrelationObjective.TopComponents)]
    public void CorrelationGradients(CorrelationObjective objective)
    {
        CorrelationLossOptions options = new() { Objective = objective, Components = 1, Ridge = 0.05 };
        GradientCheck.Run(engine, x => Loss.CanonicalCorrelation(x[0], x[1], options), V(1, 9, 2), V(2, 9, 3));
    }

    [Test]
    public void CorrelationIsTheSumOfSingularValues()
    {
        if (!engine.Device.Description.SupportsFloat64) Assert.Ignore("no float64");
        Tensor<double> a = V(1, 40, 3), b = V(2, 40, 4);
        using Tape<double> tape = new(engine.Device);
        double loss = Loss.CanonicalCorrelation(tape.Constant(a), tape.Constant(b), new() { Ridge = 1e-12 }).ToScalar();
        Assert.That(-loss, Is.EqualTo(CanonicalCorrelation.Fit(a, b).Correlations.Sum()).Within(1e-9));
    }

    [Test]
    public void RunningCovarianceMixesAndCorrects()
    {
        if (!engine.Device.Description.SupportsFloat64) Assert.Ignore("no float64");
        using Tape<double> tape = new(engine.Device);
        Tensor<double> a = V(1, 9, 3), b = V(2, 9, 3);
        RunningCovariance running = new(keep: 0.5);
        tape.IsTraining = true;
        double alone = Loss.CanonicalCorrelation(tape.Constant(a), tape.Constant(b)).ToScalar();
        Assert.That(Loss.CanonicalCorrelation(tape.Constant(a), tape.Constant(b), new() { Running = running }).ToScalar(), Is.EqualTo(alone).Within(1e-12), "the first batch is all there is");
        Assert.That(Loss.CanonicalCorrelation(tape.Constant(a), tape.Constant(b), new() { Running = running }).ToScalar(), Is.EqualTo(alone).Within(1e-12), "the same batch again");
        Assert.That(running.HasSeen);
    }

    [Test]
    public void TooSmallBatchIsRefused()
    {
        using Tape<float> tape = new(engine.Device);
        Var<float> a = tape.Constant(Tensor.Create(new float[18], [6, 3])), b = tape.Constant(Tensor.Create(new float[12], [6, 2]));
        Assert.That(() => Loss.CanonicalCorrelation(a, b), Throws.ArgumentException.With.Message.Contain("more than 6 rows"));
    }

    [Test]
    public void ContrastiveGradients()
    {
        Tensor<double> scale = V(9, 1);
        scale[0] = 1.3;
        GradientCheck.Run(engine, x => Loss.InfoNce(x[0], x[1], x[2]), V(1, 4, 3), V(2, 4, 3), scale);
        GradientCheck.Run(engine, x => Loss.InfoNce(x[0], x[1], x[2], 0, 1, 0, 2), V(1, 4, 3), V(2, 4, 3), scale);
        GradientCheck.Run(engine, x => Loss.SigLip(x[0], x[1], x[2], x[3]), V(1, 4, 3), V(2, 4, 3), scale, V(8, 1));
        GradientCheck.Run(engine, x => Loss.Triplet(x[0], x[1], x[2]), V(1, 4, 3), V(2, 4, 3), V(3, 4, 3));
    }

    [TestCase(2)]
    [TestCase(7)]
    [TestCase(64)]
    public void ConstantEmbeddingsLoseTheLogarithmOfTheRows(int rows)
    {
        using Tape<float> tape = new(engine.Device);
        float[] same = new float[rows * 5];
        Array.Fill(same, 0.3f);
        Var<float> a = tape.Constant(Tensor.Create(same, [rows, 5])), scale = tape.Constant(2f);
        Assert.That(Loss.InfoNce(a, a, scale).ToScalar(), Is.EqualTo(Math.Log(rows)).Within(1e-5));
    }

    [Test]
    public void TemperatureStaysWithinItsBounds()
    {
        using Tape<float> tape = new(engine.Device);
        Var<float> a = tape.Constant(Tensor.Create(GradientCheck.Values(1, 5, 3).Select(v => (float)v).ToArray(), [5, 3]));
        float At(double logScale) => Loss.InfoNce(a, a, tape.Constant((float)logScale)).ToScalar();
        Assert.That(At(40), Is.EqualTo(At(Math.Log(100))));
        Assert.That(At(-3), Is.EqualTo(At(0)));
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public void AttentionGradients(bool isMasked, bool isCausal)
    {
        bool[] keep = isMasked ? [true, false, true, true, true, false] : [];
        GradientCheck.Run(engine, x => x[0].Attention(x[1], x[2], 2, keep, isCausal), V(1, 2, 2, 4), V(2, 2, 3, 4), V(3, 2, 3, 6));
        GradientCheck.Run(engine, x => ComposedAttention.Record(x[0], x[1], x[2], 2, keep, isCausal), V(1, 2, 2, 4), V(2, 2, 3, 4), V(3, 2, 3, 6));
    }

    [Test]
    public void MaskedKeysCannotBeSeenNotEvenAsNaN()
    {
        using Tape<float> tape = new(engine.Device);
        Tensor<float> q = Single(1, 2, 5, 8), k = Single(2, 2, 7, 8), v = Single(3, 2, 7, 8);
        bool[] keep = [.. Enumerable.Range(0, 14).Select(i => i % 3 != 1)];
        float[] clean = Value(), fused = clean;
        for (int i = 0; i < 14; i++)
        {
            if (keep[i]) continue;
            for (int j = 0; j < 8; j++) k[i / 7, i % 7, j] = v[i / 7, i % 7, j] = float.NaN;
        }

        Assert.That(Value(), Is.EqualTo(clean));
        Assert.That(Composed(), Is.EqualTo(fused).Within(1e-5f));

        float[] Value() => GradientCheck.Flat(tape.Constant(q).Attention(tape.Constant(k), tape.Constant(v), 2, keep).Read());
        float[] Composed() => GradientCheck.Flat(ComposedAttention.Record(tape.Constant(q), tape.Constant(k), tape.Constant(v), 2, keep, isCausal: false).Read());
    }

    [Test]
    public void EveryParameterOfEveryBlockMoves()
    {
        ParameterSet<float> parameters = new(seed: 4);
        TransformerBlock<float> self = new(parameters.In("self"), 8, 2, dropout: 0.1), cross = new(parameters.In("cross"), 8, 2, context: 6);
        LatentQueries<float> latent = new(parameters.In("latent"), 3, 8, 2, context: 8);
        Embedding<float> places = new(parameters.In("places"), 5, 8), modalities = new(parameters.In("modalities"), 1, 8);
        using Tape<float> tape = new(engine.Device) { IsTraining = true };
        Optimizer<float> optimizer = new(parameters, new AdamW());
        float[][] before = [.. parameters.All.Select(parameter => GradientCheck.Flat(parameter.Read()))];
        Var<float> x = modalities.Add(places.AddPositions(tape.Constant(Single(1, 2, 5, 8))), 0);
        Var<float> y = latent.Forward(cross.Forward(self.Forward(x), tape.Constant(Single(2, 2, 9, 6))));
        tape.Backward((y * tape.Constant(Single(3, 2, 3, 8))).Sum());
        optimizer.Step(tape);
        for (int i = 0; i < before.Length; i++)
        {
            // The offset of keys shifts all scores of a query alike, and softmax does not see it.
            if (parameters.All[i].Name.EndsWith("key.bias", StringComparison.Ordinal)) continue;
            Assert.That(GradientCheck.Flat(parameters.All[i].Read()), Is.Not.EqualTo(before[i]), parameters.All[i].Name);
        }
    }

    private static Tensor<float> Single(int seed, params int[] lengths) =>
        Tensor.Create(GradientCheck.Values(seed, lengths).Select(value => (float)value).ToArray(), lengths.Select(length => (nint)length).ToArray());

    [Test]
    public void TripletsOfABatchFollowTheirDefinition()
    {
        int[] groups = [0, 1, 0, 2, 1];
        const double Margin = 0.2;
        Tensor<double> u = V(1, 5, 3), v = V(2, 5, 3);
        GradientCheck.Run(engine, x => AdversarialAlignment.Triplets(x[0], x[1], groups, Margin), u, v);
        using Tape<double> tape = new(engine.Device);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < 5; i++)
        {
            int[] alike = [.. Enumerable.Range(0, 5).Where(j => groups[j] == groups[i])];
            for (int j = 0; j < 5; j++)
            {
                if (groups[j] == groups[i]) continue;
                sum += 0.5 * Math.Max(0, Product(u, i, v, j) - alike.Average(k => Product(u, i, v, k)) + Margin);
                sum += 0.5 * Math.Max(0, Product(v, i, u, j) - alike.Average(k => Product(v, i, u, k)) + Margin);
                count++;
            }
        }

        Assert.That(AdversarialAlignment.Triplets(tape.Constant(u), tape.Constant(v), groups, Margin).ToScalar(), Is.EqualTo(sum / count).Within(1e-12));
        Assert.That(AdversarialAlignment.Triplets(tape.Constant(u), tape.Constant(v), [3, 3, 3, 3, 3], Margin).ToScalar(), Is.Zero, "nothing is apart");

        static double Product(Tensor<double> a, int i, Tensor<double> b, int j) => Enumerable.Range(0, 3).Sum(k => a[i, k] * b[j, k]);
    }
}
