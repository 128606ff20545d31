using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>
/// The node cases of the ONNX operator Attention (opsets 23 to 25), whose operands numpy draws from a seed that the case states or
/// that is 0 before every case, and the one whose results stand in the case: which key a query sees is written out here, away from
/// the library's own rules. Left out: cases in which queries follow the past but not the new keys, an alignment that is neither
/// top left nor bottom right.
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

    [TestCaseSource(typeof(OnnxNodeCase), nameof(OnnxNodeCase.All))]
    public void Node(object published)
    {
        OnnxNodeCase one = (OnnxNodeCase)published;
        OnnxNodeCase.Operands drawn = one.Draw();
        Tensor<float> k = Joined(drawn.PastKey, drawn.Key), v = Joined(drawn.PastValue, drawn.Value);
        Tensor<float>? bias = Padded(drawn.Bias, (int)k.Lengths[2]);
        AttentionOptions options = new()
        {
            Scale = one.Scale,
            SoftCap = one.SoftCap,
            Causal = !one.IsCausal ? CausalAlignment.None : one.Lengths is null ? CausalAlignment.TopLeft : CausalAlignment.BottomRight,
            WindowLeft = one.Left,
            KeyLengths = one.Lengths,
            Mask = drawn.Mask,
            Storage = one.IsHalf ? AttentionStorage.Float16 : AttentionStorage.Element,
        };
        AttentionResult<float> result = Attention.ForwardWithLogSumExp(drawn.Query, k, v, options, bias);
        double[,,,] scores = Scores(one, drawn.Query, k, bias, drawn.Mask);
        Agrees(result.Output, v, scores);

        // qk_matmul_output: mode 3 is the weights, and their logarithms with the log-sum-exp added are mode 2, the others where nothing is added.
        Tensor<float> weights = Attention.Weights(drawn.Query, k, options, bias);
        for (int pair = 0; pair < weights.FlattenedLength; pair++)
        {
            (int item, int head, int query, int key) = Place(weights.Lengths, pair);
            double weight = weights[item, head, query, key];
            if (double.IsNegativeInfinity(scores[item, head, query, key])) Assert.That(weight, Is.Zero);
            else Assert.That(Math.Log(weight) + result.LogSumExp[item, head, query], Is.EqualTo(scores[item, head, query, key]).Within(1e-5));
        }

        if (one.IsFolded) Agrees(Turned(Attention.Forward(Turned(drawn.Query), Turned(k), Turned(v), options with { Layout = AttentionLayout.BatchLengthHeadsWidth }, bias)), v, scores);
        if (one.Past == 0) return;
        KeyValueCache<float> cache = new(one.Batch, one.KeyHeads, OnnxNodeCase.Width, one.ValueWidth, pageSize: 5, storage: options.Storage);
        cache.Append(drawn.PastKey!, drawn.PastValue!);
        cache.Append(Turned(drawn.Key), Turned(drawn.Value), AttentionLayout.BatchLengthHeadsWidth);
        Agrees(Attention.Decode(drawn.Query, cache, options, bias).Output, v, scores);
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

    private static Tensor<float> Joined(Tensor<float>? past, Tensor<float> present) => past is null ? present : Tensor.ConcatenateOnDimension<float>(2, [past, present]);

    private static Tensor<float> Turned(Tensor<float> tensor) => Tensor.PermuteDimensions(tensor, [0, 2, 1, 3]);

    /// <summary>Where a mask of numbers ends, nothing is attended to.</summary>
    private static Tensor<float>? Padded(Tensor<float>? bias, int keys)
    {
        if (bias is null || bias.Lengths[^1] == keys) return bias;
        nint[] lengths = bias.Lengths.ToArray();
        int there = (int)lengths[^1];
        lengths[^1] = keys;
        float[] elements = bias.ToArray();
        return Tensor.Create([.. Enumerable.Range(0, elements.Length / there * keys).Select(i => i % keys < there ? elements[(i / keys * there) + (i % keys)] : float.NegativeInfinity)], lengths);
    }

    private static (int Item, int Head, int Row, int Column) Place(ReadOnlySpan<nint> lengths, int at)
    {
        int columns = (int)lengths[3], rows = (int)lengths[2], heads = (int)lengths[1];
        return (at / columns / rows / heads, at / columns / rows % heads, at / columns % rows, at % columns);
    }

    /// <summary>The element of a mask that a pair reads: dimensions of 1 repeat, and are left out in front.</summary>
    private static T Broadcast<T>(Tensor<T> tensor, ReadOnlySpan<int> place)
    {
        nint[] index = new nint[tensor.Rank];
        for (int d = 0; d < index.Length; d++) index[d] = tensor.Lengths[d] == 1 ? 0 : place[place.Length - index.Length + d];
        return tensor[index];
    }

    /// <summary>What the operator's softmax is taken of, in float64: -infinity for what it masks.</summary>
    private static double[,,,] Scores(OnnxNodeCase one, Tensor<float> q, Tensor<float> k, Tensor<float>? bias, Tensor<bool>? mask)
    {
        int keys = (int)k.Lengths[2];
        double[,,,] scores = new double[one.Batch, one.Heads, one.Queries, keys];
        for (int pair = 0; pair < scores.Length; pair++)
        {
            (int item, int head, int query, int key) = Place([one.Batch, one.Heads, one.Queries, keys], pair);
            int position = query + (one.Lengths is null ? one.Past : one.Lengths[item] - one.Queries);
            bool isSeen = (!one.IsCausal || key <= position) && (one.Left is null || position - key <= one.Left) && (one.Lengths is null || key < one.Lengths[item]);
            double score = Enumerable.Range(0, OnnxNodeCase.Width).Sum(d => (double)q[item, head, query, d] * k[item, head / (one.Heads / one.KeyHeads), key, d]) * (one.Scale ?? (1 / Math.Sqrt(OnnxNodeCase.Width)));
            if (one.SoftCap > 0) score = one.SoftCap * Math.Tanh(score / one.SoftCap);
            if (bias is not null) score += Broadcast(bias, [item, head, query, key]);
            scores[item, head, query, key] = isSeen && (mask is null || Broadcast(mask, [item, head, query, key])) ? score : double.NegativeInfinity;
        }

        return scores;
    }

    /// <summary>The operator's formula in float64.</summary>
    private static void Agrees(Tensor<float> output, Tensor<float> v, double[,,,] scores)
    {
        int group = scores.GetLength(1) / (int)v.Lengths[1], keys = scores.GetLength(3);
        Assert.That(output.Lengths.ToArray(), Is.EqualTo(new nint[] { scores.GetLength(0), scores.GetLength(1), scores.GetLength(2), v.Lengths[3] }));
        for (int at = 0; at < output.FlattenedLength; at++)
        {
            (int item, int head, int query, int d) = Place(output.Lengths, at);
            double sum = 0, expected = 0;
            for (int key = 0; key < keys; key++)
            {
                double weight = Math.Exp(scores[item, head, query, key]);
                sum += weight;
                if (weight > 0) expected += weight * v[item, head / group, key, d];
            }

            Assert.That((double)output[item, head, query, d], Is.EqualTo(sum == 0 ? 0 : expected / sum).Within(1e-6), $"{item} {head} {query} {d}");
        }
    }

    private static void Agrees(Tensor<float> output, Tensor<float> q, Tensor<float> k, Tensor<float> v, Func<int, int, int, bool> sees, double softCap = 0)
    {
        OnnxNodeCase shape = new("") { Batch = (int)q.Lengths[0], Heads = (int)q.Lengths[1], KeyHeads = (int)k.Lengths[1], Queries = (int)q.Lengths[2], SoftCap = softCap };
        double[,,,] scores = Scores(shape, q, k, null, null);
        for (int pair = 0; pair < scores.Length; pair++)
        {
            (int item, int head, int query, int key) = Place([scores.GetLength(0), scores.GetLength(1), scores.GetLength(2), scores.GetLength(3)], pair);
            if (!sees(item, query, key)) scores[item, head, query, key] = double.NegativeInfinity;
        }

        Agrees(output, v, scores);
    }
}
