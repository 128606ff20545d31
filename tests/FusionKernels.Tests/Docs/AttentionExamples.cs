using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Docs;

/// <summary>The examples of docs/attention.md.</summary>
[TestFixture]
internal sealed class AttentionExamples : ExampleFixture
{
    [Test]
    public void AttendingWithMasks()
    {
        Tensor<float> o = Attention.Forward(queries, keys, values);                    // 2 x 4 x 10 x 8: four query heads read two key heads
        AttentionOptions options = new() { Causal = CausalAlignment.BottomRight, WindowLeft = 6, KeyLengths = [12, 9] };
        AttentionResult<float> result = Attention.ForwardWithLogSumExp(queries, keys, values, options);
        Tensor<float> weights = Attention.Weights(queries, keys, options);             // 2 x 4 x 10 x 12, stored because it was asked for
        Console.WriteLine($"query 0 of head 0 gives key 2 the weight {weights[0, 0, 0, 2]:f3}");

        Assert.That(o.Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 4, 10, 8 }));
        Assert.That(result.LogSumExp.Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 4, 10 }));
        Assert.That(Enumerable.Range(0, 12).Sum(key => weights[1, 3, 9, key]), Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void TakingGradientsOfAttention()
    {
        AttentionResult<float> forward = Attention.ForwardWithLogSumExp(queries, keys, values);
        Tensor<float> lossGradient = Tensor.CreateFromShape<float>(forward.Output.Lengths);
        lossGradient.Fill(1);                                                          // of the sum of all outputs
        AttentionGradients<float> gradients = Attention.Backward(queries, keys, values, forward, lossGradient);

        Assert.That(gradients.Key.Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 2, 12, 8 }));

        // Weights sum to 1, so every feature of the values together has a gradient of one for each query.
        Assert.That(gradients.Value.Sum(), Is.EqualTo(2 * 4 * 10 * 8).Within(1e-2));
    }

    [Test]
    public void DroppingWeights()
    {
        AttentionOptions dropped = new() { Dropout = 0.1, Seed = 42 };
        AttentionResult<float> training = Attention.ForwardWithLogSumExp(queries, keys, values, dropped);
        AttentionGradients<float> slopes = Attention.Backward(queries, keys, values, training, lossGradient, dropped);   // the same weights are dropped

        Assert.That(training.LogSumExp.SequenceEqual(Attention.ForwardWithLogSumExp(queries, keys, values).LogSumExp));
        Assert.That(slopes.Value.Lengths.ToArray(), Is.EqualTo(new nint[] { 2, 2, 12, 8 }));
    }

    [Test]
    public void PackingSequences()
    {
        Tensor<float> tokens = x[..9, ..16].ToDenseTensor().Reshape([9, 2, 8]);        // nine rows of two heads: sequences of 4, 0 and 5
        int[] ends = [0, 4, 4, 9];
        AttentionResult<float> packed = Attention.ForwardPacked(tokens, tokens, tokens, ends, ends, new() { Causal = CausalAlignment.TopLeft });

        Assert.That(packed.Output.Lengths.ToArray(), Is.EqualTo(new nint[] { 9, 2, 8 }));
        Assert.That(packed.Output[4, 0, 0], Is.EqualTo(tokens[4, 0, 0]).Within(1e-6f));
    }

    [Test]
    public void DecodingWithACache()
    {
        KeyValueCache<float> cache = new(sequences: 2, heads: 2, width: 8);
        cache.Append(keys, values);                                                    // 12 keys for each sequence
        Tensor<float> next = queries[.., .., ..1, ..];                                 // the query of the newest one
        AttentionResult<float> step = Attention.Decode(next, cache);

        Assert.That(step.Output.SequenceEqual(Attention.Forward(next.ToDenseTensor(), keys, values)));
    }

    [Test]
    public void MergingPartsOfTheKeys()
    {
        AttentionResult<float> early = Attention.ForwardWithLogSumExp(queries, keys, values, new() { KeyLengths = [5, 5] });
        AttentionResult<float> late = Attention.ForwardWithLogSumExp(queries, Tail(keys), Tail(values));
        AttentionResult<float> whole = Attention.Merge(early, late);                   // as over all 12 keys

        Tensor<float> expected = Attention.Forward(queries, keys, values);
        Assert.That(whole.Output.ToArray(), Is.EqualTo(expected.ToArray()).Within(1e-5f));

        static Tensor<float> Tail(Tensor<float> tensor) => tensor[.., .., 5.., ..].ToDenseTensor();
    }

    [Test]
    public void NormalizingScores()
    {
        Tensor<float> scores = Tensor.Create([1000f, 1001, float.NaN], [1, 3]);
        Tensor<bool> present = Tensor.Create([true, true, false], [3]);
        Tensor<float> shares = Softmax.Compute(scores, present);                       // 0.269, 0.731, 0
        Tensor<float> logarithms = Softmax.ComputeLog(scores, present);                // -1.313, -0.313, -infinity

        Assert.That(shares.ToArray(), Is.EqualTo(new[] { 0.26894142f, 0.7310586f, 0 }).Within(1e-6f));
        Assert.That(logarithms[0, 2], Is.EqualTo(float.NegativeInfinity));
    }
}
