using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>
/// The node cases of the ONNX operator Attention (opsets 23 to 25) whose operands a stated seed of numpy draws, and the one whose
/// results stand in the case: which key a query sees is written out here, away from the library's own rules.
/// </summary>
[Parallelizable]
public sealed class OnnxAttentionTests
{
    private static readonly float[] s_ofSeed0 = [0.5488135f, 0.71518937f, 0.60276338f], s_ofSeed42 = [0.37454012f, 0.95071431f, 0.73199394f];

    [Test]
    public void The_generator_is_that_of_numpy()
    {
        // numpy.random.seed(0); numpy.random.rand(3), and seed(42).
        Assert.That(new NumpyRandom(0).Floats(3), Is.EqualTo(s_ofSeed0).Within(1e-7f));
        Assert.That(new NumpyRandom(42).Floats(3), Is.EqualTo(s_ofSeed42).Within(1e-7f));
    }

    [Test]
    public void Softcap_neginf_mask_and_poison()
    {
        foreach (bool isPoisoned in (bool[])[false, true])
        {
            NumpyRandom random = new(42);
            Tensor<float> q = random.Tensor(1, 1, 4, 8), k = random.Tensor(1, 1, 6, 8), v = random.Tensor(1, 1, 6, 8), bias = Tensor.CreateFromShape<float>([6]);
            bias[4] = bias[5] = float.NegativeInfinity;
            if (isPoisoned) for (int d = 0; d < 16; d++) v[0, 0, 4 + (d / 8), d % 8] = 1000;
            Agrees(Attention.Forward(q, k, v, new() { SoftCap = 0.5 }, bias), q, k, v, (_, _, key) => key < 4, softCap: 0.5);
        }
    }

    [Test]
    public void Gqa_causal_nonpad_decode()
    {
        NumpyRandom random = new(0);
        Tensor<float> q = random.Tensor(2, 4, 1, 8), k = random.Tensor(2, 2, 8, 8), v = random.Tensor(2, 2, 8, 8);
        int[] lengths = [8, 5];
        AttentionOptions options = new() { Causal = CausalAlignment.BottomRight };
        Agrees(Attention.Forward(q, k, v, options with { KeyLengths = lengths }), q, k, v, (item, _, key) => key < lengths[item]);
        KeyValueCache<float> cache = new(2, 2, 8, pageSize: 3);
        for (int item = 0; item < 2; item++) cache.Append(item, Rows(k, item, lengths[item]), Rows(v, item, lengths[item]));
        Agrees(Attention.Decode(q, cache, options).Output, q, k, v, (item, _, key) => key < lengths[item]);

        static Tensor<float> Rows(Tensor<float> tensor, int item, int count) =>
            Tensor.Create([.. Enumerable.Range(0, 2 * count * 8).Select(i => tensor[item, i / (count * 8), i / 8 % count, i % 8])], [2, count, 8]);
    }

    [Test]
    public void Causal_nonpad_continued_prefill_and_negative_offset()
    {
        foreach ((int seed, int queries, int length) in ((int, int, int)[])[(1, 2, 4), (7, 4, 2)])
        {
            NumpyRandom random = new(seed);
            Tensor<float> q = random.Tensor(1, 2, queries, 8), k = random.Tensor(1, 2, 4, 8), v = random.Tensor(1, 2, 4, 8);
            Tensor<float> output = Attention.Forward(q, k, v, new() { Causal = CausalAlignment.BottomRight, KeyLengths = [length] });
            Agrees(output, q, k, v, (_, query, key) => key < length && key <= query + length - queries);
        }
    }

    [Test]
    public void Causal_with_past_and_present()
    {
        NumpyRandom random = new(2);
        Tensor<float> q = random.Tensor(2, 3, 4, 8), k = random.Tensor(2, 3, 4, 8), v = random.Tensor(2, 3, 4, 8), pastK = random.Tensor(2, 3, 3, 8), pastV = random.Tensor(2, 3, 3, 8);
        KeyValueCache<float> cache = new(2, 3, 8, pageSize: 4);
        cache.Append(pastK, pastV);
        cache.Append(k, v);
        Tensor<float> allK = Tensor.ConcatenateOnDimension(2, new Tensor<float>[] { pastK, k }), allV = Tensor.ConcatenateOnDimension(2, new Tensor<float>[] { pastV, v });
        AttentionOptions options = new() { Causal = CausalAlignment.BottomRight };
        Agrees(Attention.Decode(q, cache, options).Output, q, allK, allV, (_, query, key) => key <= query + 3);
        Agrees(Attention.Forward(q, allK, allV, options), q, allK, allV, (_, query, key) => key <= query + 3);
    }

    [Test]
    public void Boolean_masks_with_rows_of_nothing()
    {
        NumpyRandom random = new(3);
        Tensor<float> q = random.Tensor(1, 2, 2, 8), k = random.Tensor(1, 2, 2, 8), v = random.Tensor(1, 2, 2, 8);
        AttentionOptions options = new() { Causal = CausalAlignment.TopLeft, Mask = Tensor.Create([true, false, false, false], [(nint)2, 2]) };
        Agrees(Attention.Forward(q, k, v, options), q, k, v, (_, query, key) => query == 0 && key == 0);

        random = new(13);
        (q, k, v) = (random.Tensor(1, 2, 2, 8), random.Tensor(1, 2, 2, 8), random.Tensor(1, 2, 2, 8));
        options = new() { Mask = Tensor.Create([false, false, true, true], [(nint)2, 2]) };
        Agrees(Attention.Forward(q, k, v, options), q, k, v, (_, query, _) => query == 1);
        Tensor<float> weights = Attention.Weights(q, k, options);
        Assert.That(weights[0, 1, 0, 0] + weights[0, 1, 0, 1], Is.Zero);
        Assert.That(weights[0, 1, 1, 0] + weights[0, 1, 1, 1], Is.EqualTo(1).Within(1e-6f));
    }

    [Test]
    public void Bidirectional_window()
    {
        Tensor<float> zeros = Tensor.CreateFromShape<float>([1, 1, 5, 1]), v = Tensor.Create([0f, 1, 2, 3, 4], [1, 1, 5, 1]);
        Tensor<float> output = Attention.Forward(zeros, zeros, v, new() { WindowLeft = 1, WindowRight = 2 });
        Assert.That(output.ToArray(), Is.EqualTo(new[] { 1, 1.5f, 2.5f, 3, 3.5f }).Within(1e-6f));
    }

    /// <summary>The operator's formula in float64.</summary>
    private static void Agrees(Tensor<float> output, Tensor<float> q, Tensor<float> k, Tensor<float> v, Func<int, int, int, bool> sees, double softCap = 0)
    {
        int group = (int)(q.Lengths[1] / k.Lengths[1]), keys = (int)k.Lengths[2];
        Assert.That(output.Lengths.ToArray(), Is.EqualTo(q.Lengths.ToArray()));
        for (int place = 0; place < q.FlattenedLength / 8; place++)
        {
            int query = place % (int)q.Lengths[2], head = place / (int)q.Lengths[2] % (int)q.Lengths[1], item = place / (int)(q.Lengths[2] * q.Lengths[1]);
            double[] weights = new double[keys];
            for (int key = 0; key < keys; key++)
            {
                if (!sees(item, query, key)) continue;
                double score = Enumerable.Range(0, 8).Sum(d => (double)q[item, head, query, d] * k[item, head / group, key, d]) / Math.Sqrt(8);
                weights[key] = Math.Exp(softCap > 0 ? softCap * Math.Tanh(score / softCap) : score);
            }

            double sum = weights.Sum();
            for (int d = 0; d < 8; d++)
            {
                double expected = sum == 0 ? 0 : Enumerable.Range(0, keys).Where(key => weights[key] > 0).Sum(key => weights[key] / sum * v[item, head / group, key, d]);
                Assert.That((double)output[item, head, query, d], Is.EqualTo(expected).Within(1e-6), $"{item} {head} {query} {d}");
            }
        }
    }
}
