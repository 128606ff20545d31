using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Gradients, weights and merged parts against the definition in float64, at every width of the host and on every device.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Real))]
[Parallelizable]
public sealed class AttentionBackwardTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AttentionOptions Plain => new() { Device = engine.Device };

    /// <summary>Few heads take two passes over their pairs on the host, many one.</summary>
    private static readonly int[] s_batches = [3, 32];

    [Test]
    public void Gradients_are_those_of_the_reference([ValueSource(nameof(s_batches))] int batch)
    {
        (int Lq, int Lk, int Dq, int Dv)[] shapes = [(1, 1, 1, 1), (7, 3, 2, 5), (17, 33, 10, 7), (49, 129, 12, 3), (130, 20, 5, 9), (9, 11, 33, 70)];
        foreach ((int lq, int lk, int dq, int dv) in shapes) Check(new(batch, 4, 2, lq, lk, dq, dv, Plain), $"{lq} x {lk}");
    }

    [Test]
    public void Masks_and_score_rules_reach_the_gradients([ValueSource(nameof(s_batches))] int batch)
    {
        AttentionOptions all = Plain with
        {
            SoftCap = 1.5,
            Scale = 2,
            AlibiSlopes = [0.25, 0.03],
            Causal = CausalAlignment.BottomRight,
            WindowLeft = 30,
            Prefix = 2,
            KeyLengths = [60, 20, 0, .. Enumerable.Range(20, batch - 3)],
        };
        Check(new(batch, 2, 1, 40, 60, 6, 5, all), "structure");
        Check(new(batch, 2, 1, 40, 60, 6, 5, all with { Dropout = 0.3, Seed = 4 }), "dropout");
        Random random = new(3);
        bool[] keep = [.. Enumerable.Range(0, 40 * 60).Select(_ => random.Next(3) != 0)];
        Check(new(batch, 2, 1, 40, 60, 6, 5, all with { Mask = Tensor.Create(keep, [(nint)40, 60]) }), "mask");
    }

    [Test]
    public void Bias_gradients_sum_over_what_repeats_them()
    {
        foreach (nint[] shape in (nint[][])[[60], [40, 1], [40, 60], [2, 1, 60], [3, 1, 40, 60], [3, 2, 40, 60], [1, 1, 1, 1]])
        {
            Check(new(3, 2, 1, 40, 60, 6, 5, Plain with { Causal = CausalAlignment.TopLeft, SoftCap = 2 }, shape), $"bias of {string.Join(" x ", shape)}");
        }
    }

    [Test]
    public void Empty_lengths_give_gradients_of_zero()
    {
        foreach ((int batch, int lq, int lk) in ((int, int, int)[])[(0, 3, 3), (2, 0, 3), (2, 3, 0)])
        {
            AttentionCase<T> one = new(batch, 2, 1, lq, lk, 4, 3, Plain, [1]);
            AttentionGradients<T> gradients = Gradients(one);
            Assert.That(gradients.Query.All(T.IsZero) && gradients.Key.All(T.IsZero) && gradients.Value.All(T.IsZero) && gradients.Bias!.All(T.IsZero));
        }
    }

    [Test]
    public void What_is_masked_gets_no_gradient_and_changes_no_bit([ValueSource(nameof(s_batches))] int batch)
    {
        AttentionOptions options = Plain with { KeyLengths = [20, .. Enumerable.Repeat(50, batch - 1)] };
        AttentionCase<T> clean = new(batch, 2, 1, 30, 50, 4, 4, options), dirty = new(batch, 2, 1, 30, 50, 4, 4, options);
        for (int key = 20; key < 50; key++) dirty.Key[0, 0, key, 1] = dirty.Value[0, 0, key, 2] = T.NaN;
        AttentionGradients<T> expected = Gradients(clean), actual = Gradients(dirty);
        Assert.That(actual.Query.SequenceEqual(expected.Query));
        Assert.That(actual.Key.SequenceEqual(expected.Key));
        Assert.That(actual.Value.SequenceEqual(expected.Value));
        for (int key = 20; key < 50; key++) Assert.That(T.IsZero(actual.Key[0, 0, key, 0]) && T.IsZero(actual.Value[0, 0, key, 0]));
    }

    [Test]
    public void A_query_that_attends_to_nothing_changes_no_bit([ValueSource(nameof(s_batches))] int batch)
    {
        bool[] keep = [.. Enumerable.Range(0, 30 * 50).Select(pair => pair / 50 != 9)];
        AttentionOptions options = Plain with { Mask = Tensor.Create(keep, [(nint)30, 50]) };
        AttentionCase<T> clean = new(batch, 2, 1, 30, 50, 4, 4, options), dirty = new(batch, 2, 1, 30, 50, 4, 4, options);
        for (int item = 0; item < batch; item++) dirty.Query[item, 1, 9, 0] = dirty.OutputGradient[item, 1, 9, 3] = T.NaN;
        AttentionGradients<T> expected = Gradients(clean), actual = Gradients(dirty);
        Assert.That(actual.Query.SequenceEqual(expected.Query) && actual.Key.SequenceEqual(expected.Key) && actual.Value.SequenceEqual(expected.Value));
    }

    [Test]
    public void Threads_and_layouts_change_no_bit()
    {
        AttentionOptions causal = Plain with { Causal = CausalAlignment.BottomRight };
        AttentionCase<T> one = new(2, 4, 2, 100, 70, 8, 12, causal, [4, 1, 70]), many = new(32, 2, 1, 50, 30, 8, 12, causal);
        AttentionGradients<T> expected = Gradients(one, one.Options with { Threads = 1 }), threaded = Gradients(one);
        Assert.That(threaded.Query.SequenceEqual(expected.Query) && threaded.Key.SequenceEqual(expected.Key) && threaded.Value.SequenceEqual(expected.Value) && threaded.Bias!.SequenceEqual(expected.Bias!));
        AttentionGradients<T> manyExpected = Gradients(many, causal with { Threads = 1 }), manyThreaded = Gradients(many);
        Assert.That(manyThreaded.Query.SequenceEqual(manyExpected.Query) && manyThreaded.Key.SequenceEqual(manyExpected.Key) && manyThreaded.Value.SequenceEqual(manyExpected.Value));
        AttentionOptions turned = one.Options with { Layout = AttentionLayout.BatchLengthHeadsWidth };
        Tensor<T> q = Turned(one.Query), k = Turned(one.Key), v = Turned(one.Value);
        AttentionResult<T> forward = Attention.ForwardWithLogSumExp(q, k, v, turned, one.Bias);
        AttentionGradients<T> other = Attention.Backward(q, k, v, forward, Turned(one.OutputGradient), turned, one.Bias);
        Assert.That(Turned(other.Query).SequenceEqual(expected.Query) && Turned(other.Key).SequenceEqual(expected.Key) && Turned(other.Value).SequenceEqual(expected.Value));
    }

    [Test]
    public void Weights_are_the_softmax_of_the_scores()
    {
        AttentionOptions options = Plain with { Causal = CausalAlignment.BottomRight, WindowLeft = 100, KeyLengths = [140, 30] };
        AttentionCase<T> one = new(2, 2, 1, 50, 140, 6, 5, options, [50, 140]);
        Tensor<T> weights = Attention.Weights(one.Query, one.Key, options, one.Bias);
        for (int item = 0; item < 2; item++)
        {
            for (int query = 0; query < 50; query++)
            {
                double[] scores = AttentionReference.Scores(one.Problem, one.Inputs, item, 1, query);
                double sum = AttentionReference.LogSum(scores);
                for (int key = 0; key < 140; key++)
                {
                    double expected = AttentionReference.WeightOf(scores[key], sum);
                    Assert.That(double.CreateChecked(weights[item, 1, query, key]), Is.EqualTo(expected).Within(Tolerances.Attention<T>(6, 140, 4)), $"{item} {query} {key}");
                }
            }
        }
    }

    [Test]
    public void Parts_merge_to_the_whole()
    {
        AttentionCase<T> one = new(2, 2, 2, 30, 90, 8, 6, Plain);
        AttentionResult<T> whole = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Plain);
        AttentionResult<T>[] parts = [.. new[] { (0, 50), (50, 51), (51, 90) }.Select(range => Attention.ForwardWithLogSumExp(
            one.Query, Part(one.Key, range.Item1, range.Item2), Part(one.Value, range.Item1, range.Item2), Plain))];
        AttentionResult<T> empty = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Plain with { KeyLengths = [0, 0] });
        AttentionResult<T> merged = Attention.Merge(empty, parts[0], parts[1], parts[2]);
        double tolerance = Tolerances.Attention<T>(8, 90, 3);
        Assert.That(AttentionCase<T>.Doubles(merged.Output), Is.EqualTo(AttentionCase<T>.Doubles(whole.Output)).Within(tolerance));
        Assert.That(AttentionCase<T>.Doubles(merged.LogSumExp), Is.EqualTo(AttentionCase<T>.Doubles(whole.LogSumExp)).Within(tolerance));
        Assert.That(Attention.Merge(empty).LogSumExp.All(T.IsNegativeInfinity));
    }

    [Test]
    public void Parts_of_the_keys_give_their_share_of_the_gradients()
    {
        AttentionCase<T> one = new(2, 2, 2, 30, 90, 8, 6, Plain);
        AttentionResult<T> whole = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Plain);
        AttentionGradients<T> expected = Attention.Backward(one.Query, one.Key, one.Value, whole, one.OutputGradient, Plain);
        double[] query = new double[expected.Query.FlattenedLength];
        double tolerance = 40 * Tolerances.Attention<T>(8, 90, 4);
        foreach ((int from, int to) in ((int, int)[])[(0, 50), (50, 51), (51, 90)])
        {
            AttentionGradients<T> part = Attention.Backward(one.Query, Part(one.Key, from, to), Part(one.Value, from, to), whole, one.OutputGradient, Plain);
            double[] share = AttentionCase<T>.Doubles(part.Query);
            for (int i = 0; i < query.Length; i++) query[i] += share[i];
            Assert.That(AttentionCase<T>.Doubles(part.Key), Is.EqualTo(AttentionCase<T>.Doubles(Part(expected.Key, from, to))).Within(tolerance), $"dK {from}");
            Assert.That(AttentionCase<T>.Doubles(part.Value), Is.EqualTo(AttentionCase<T>.Doubles(Part(expected.Value, from, to))).Within(tolerance), $"dV {from}");
        }

        Assert.That(query, Is.EqualTo(AttentionCase<T>.Doubles(expected.Query)).Within(tolerance), "dQ");
    }

    [Test]
    public void Softmax_is_that_of_its_definition()
    {
        foreach (int length in (int[])[1, 3, 16, 17, 47, 100])
        {
            Tensor<T> x = AttentionCase<T>.Random(length, 5, length);
            for (int i = 0; i < length; i++) x[4, i] = x[4, i] * T.CreateChecked(1000);
            Tensor<bool> mask = Tensor.Create([.. Enumerable.Range(0, length).Select(i => i % 3 != 1)], [(nint)length]);
            if (length > 1) x[2, 1] = T.NaN;
            ExecutionOptions options = new() { Device = engine.Device };
            Tensor<T> soft = Softmax.Compute(x, mask, options), logs = Softmax.ComputeLog(x, mask, options);
            for (int row = 0; row < 5; row++)
            {
                double[] scores = [.. Enumerable.Range(0, length).Select(i => mask[i] ? double.CreateChecked(x[row, i]) : double.NegativeInfinity)];
                double sum = AttentionReference.LogSum(scores);
                for (int i = 0; i < length; i++)
                {
                    Assert.That(double.CreateChecked(soft[row, i]), Is.EqualTo(AttentionReference.WeightOf(scores[i], sum)).Within(Tolerances.Attention<T>(1, length, row == 4 ? 2000 : 3)));
                    Assert.That(double.CreateChecked(logs[row, i]), Is.EqualTo(scores[i] - sum).Within(Tolerances.Attention<T>(1, length, row == 4 ? 2000 : 3)));
                }
            }
        }
    }

    private static Tensor<T> Turned(Tensor<T> tensor) => Tensor.PermuteDimensions(tensor, [0, 2, 1, 3]);

    private static Tensor<T> Part(Tensor<T> tensor, int from, int to) => tensor.Slice(NRange.All, NRange.All, from..to, NRange.All).ToDenseTensor();

    private static AttentionGradients<T> Gradients(AttentionCase<T> one, AttentionOptions? options = null)
    {
        AttentionResult<T> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options ?? one.Options, one.Bias);
        return Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, options ?? one.Options, one.Bias);
    }

    private static void Check(AttentionCase<T> one, string what)
    {
        (double[] query, double[] key, double[] value, double[] bias) = AttentionReference.Backward(one.Problem, one.Inputs, AttentionCase<T>.Doubles(one.OutputGradient));
        AttentionGradients<T> gradients = Gradients(one);
        int pairs = Math.Max(one.Problem.Keys, one.Problem.Queries) * one.Problem.GroupSize;
        double tolerance = 4 * (one.Problem.ValueWidth + 4) * Tolerances.Attention<T>(one.Problem.Width, pairs, 4);
        Assert.That(AttentionCase<T>.Doubles(gradients.Query), Is.EqualTo(query).Within(tolerance), $"{what}: dQ");
        Assert.That(AttentionCase<T>.Doubles(gradients.Key), Is.EqualTo(key).Within(tolerance), $"{what}: dK");
        Assert.That(AttentionCase<T>.Doubles(gradients.Value), Is.EqualTo(value).Within(tolerance), $"{what}: dV");
        if (one.Bias is null) return;
        double[] summed = new double[gradients.Bias!.FlattenedLength];
        for (int i = 0; i < bias.Length; i++) summed[one.BiasIndex(i)] += bias[i];
        Assert.That(AttentionCase<T>.Doubles(gradients.Bias), Is.EqualTo(summed).Within(tolerance * 10), $"{what}: dBias");
    }
}
