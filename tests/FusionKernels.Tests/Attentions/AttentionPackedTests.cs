using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Sequences packed one after the other against each of them alone, and, bit for bit, against a padded batch.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Hosts))]
[Parallelizable]
public sealed class AttentionPackedTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Lengths of 5, 0, 49, 32 and 1 queries, and of 7, 3, 131, 0 and 40 keys: 32 queries take more blocks than 49 at 512 bits.
    private static readonly int[] s_queries = [0, 5, 5, 54, 86, 87], s_keys = [0, 7, 10, 141, 141, 181];

    private AttentionOptions Plain => new() { Device = engine.Device };

    [Test]
    public void Each_sequence_is_as_if_alone()
    {
        AttentionOptions all = Plain with { Causal = CausalAlignment.BottomRight, SoftCap = 3, AlibiSlopes = [0.1, 0.2, 0.3, 0.4], Prefix = 2 };
        foreach (AttentionOptions options in (AttentionOptions[])[Plain, all])
        {
            (Tensor<T> q, Tensor<T> k, Tensor<T> v, Tensor<T> gradient) = Operands();
            AttentionResult<T> packed = Attention.ForwardPacked(q, k, v, s_queries, s_keys, options);
            AttentionGradients<T> gradients = Attention.BackwardPacked(q, k, v, s_queries, s_keys, packed, gradient, options);
            Assert.That(packed.LogSumExp.Lengths.ToArray(), Is.EqualTo(new nint[] { 4, 87 }));
            AttentionOptions alone = options with { Layout = AttentionLayout.BatchLengthHeadsWidth };
            for (int i = 0; i + 1 < s_queries.Length; i++)
            {
                Tensor<T> oneQ = Rows(q, s_queries, i), oneK = Rows(k, s_keys, i), oneV = Rows(v, s_keys, i);
                AttentionResult<T> forward = Attention.ForwardWithLogSumExp(oneQ, oneK, oneV, alone);
                AttentionGradients<T> backward = Attention.Backward(oneQ, oneK, oneV, forward, Rows(gradient, s_queries, i), alone);
                Agrees(Rows(packed.Output, s_queries, i), forward.Output, $"output {i}");
                Agrees(packed.LogSumExp[.., s_queries[i]..s_queries[i + 1]], forward.LogSumExp, $"log-sum-exp {i}");
                Agrees(Rows(gradients.Query, s_queries, i), backward.Query, $"queries {i}");
                Agrees(Rows(gradients.Key, s_keys, i), backward.Key, $"keys {i}");
                Agrees(Rows(gradients.Value, s_keys, i), backward.Value, $"values {i}");
            }
        }
    }

    [Test]
    public void Padding_changes_no_bit_of_what_is_there()
    {
        int sequences = s_queries.Length - 1;
        (Tensor<T> q, Tensor<T> k, Tensor<T> v, Tensor<T> gradient) = Operands();
        AttentionOptions options = Plain with { Causal = CausalAlignment.TopLeft, Dropout = 0.2, Seed = 7, Mask = Mask(sequences) };
        AttentionOptions padded = options with { Layout = AttentionLayout.BatchLengthHeadsWidth, KeyLengths = [.. Enumerable.Range(0, sequences).Select(i => s_keys[i + 1] - s_keys[i])] };
        Tensor<T> paddedQ = Padded(q, s_queries, 49), paddedK = Padded(k, s_keys, 131), paddedV = Padded(v, s_keys, 131), bias = AttentionCase<T>.Random(9, 4, 1, 131);
        AttentionResult<T> packed = Attention.ForwardPacked(q, k, v, s_queries, s_keys, options, bias), whole = Attention.ForwardWithLogSumExp(paddedQ, paddedK, paddedV, padded, bias);
        AttentionGradients<T> gradients = Attention.BackwardPacked(q, k, v, s_queries, s_keys, packed, gradient, options, bias);
        AttentionGradients<T> expected = Attention.Backward(paddedQ, paddedK, paddedV, whole, Padded(gradient, s_queries, 49), padded, bias);
        Assert.That(packed.Output.SequenceEqual(Unpadded(whole.Output, s_queries)));
        Assert.That(gradients.Query.SequenceEqual(Unpadded(expected.Query, s_queries)));
        Assert.That(gradients.Key.SequenceEqual(Unpadded(expected.Key, s_keys)));
        Assert.That(gradients.Value.SequenceEqual(Unpadded(expected.Value, s_keys)));
        Assert.That(gradients.Bias!.SequenceEqual(expected.Bias!));
        Assert.That(Attention.ForwardPacked(q, k, v, s_queries, s_keys, options with { Threads = 1 }, bias).Output.SequenceEqual(packed.Output));
    }

    /// <summary>Sequences enough that a piece of the backward pass is a key head; of 0 to 9 queries and 0 to 13 keys.</summary>
    [Test]
    public void Padding_changes_nothing_of_many_sequences()
    {
        int[] queryStarts = Starts(10), keyStarts = Starts(14);
        AttentionOptions options = Plain with { Causal = CausalAlignment.TopLeft };
        AttentionOptions padded = options with { Layout = AttentionLayout.BatchLengthHeadsWidth, KeyLengths = [.. Enumerable.Range(0, 40).Select(i => i % 14)] };
        Tensor<T> q = AttentionCase<T>.Random(1, queryStarts[^1], 4, 6), k = AttentionCase<T>.Random(2, keyStarts[^1], 2, 6);
        Tensor<T> v = AttentionCase<T>.Random(3, keyStarts[^1], 2, 5), gradient = AttentionCase<T>.Random(4, queryStarts[^1], 4, 5);
        AttentionResult<T> packed = Attention.ForwardPacked(q, k, v, queryStarts, keyStarts, options);
        AttentionGradients<T> gradients = Attention.BackwardPacked(q, k, v, queryStarts, keyStarts, packed, gradient, options);
        Tensor<T> paddedQ = Padded(q, queryStarts, 9), paddedK = Padded(k, keyStarts, 13), paddedV = Padded(v, keyStarts, 13);
        AttentionResult<T> whole = Attention.ForwardWithLogSumExp(paddedQ, paddedK, paddedV, padded);
        AttentionGradients<T> expected = Attention.Backward(paddedQ, paddedK, paddedV, whole, Padded(gradient, queryStarts, 9), padded);
        Assert.That(gradients.Query.SequenceEqual(Unpadded(expected.Query, queryStarts)));

        // Queries are summed in blocks, which padding cuts otherwise.
        for (int i = 0; i < 40; i++)
        {
            Agrees(Rows(gradients.Key, keyStarts, i), First(expected.Key, i, i % 14), $"keys {i}");
            Agrees(Rows(gradients.Value, keyStarts, i), First(expected.Value, i, i % 14), $"values {i}");
        }

        static int[] Starts(int period)
        {
            int[] starts = new int[41];
            for (int i = 0; i < 40; i++) starts[i + 1] = starts[i] + (i % period);
            return starts;
        }

        static Tensor<T> First(Tensor<T> padded, int item, int count) => padded[item..(item + 1), 0..count, .., ..].ToDenseTensor();
    }

    [Test]
    public void Weights_are_those_of_each_sequence_and_0_beyond_it()
    {
        (Tensor<T> q, Tensor<T> k, _, _) = Operands();
        int sequences = s_queries.Length - 1;
        AttentionOptions options = Plain with { Causal = CausalAlignment.BottomRight, SoftCap = 3, Mask = Mask(sequences) };
        Tensor<T> bias = AttentionCase<T>.Random(9, 4, 1, 131), weights = Attention.WeightsPacked(q, k, s_queries, s_keys, options, bias);
        Assert.That(weights.Lengths.ToArray(), Is.EqualTo(new nint[] { sequences, 4, 49, 131 }));
        AttentionOptions alone = options with { Layout = AttentionLayout.BatchLengthHeadsWidth };
        for (int i = 0; i < sequences; i++)
        {
            (int queries, int keys) = (s_queries[i + 1] - s_queries[i], s_keys[i + 1] - s_keys[i]);
            Tensor<bool> mask = alone.Mask![i..(i + 1), .., ..queries, ..keys].ToDenseTensor();
            Tensor<T> expected = Attention.Weights(Rows(q, s_queries, i), Rows(k, s_keys, i), alone with { Mask = mask }, bias[.., .., ..keys].ToDenseTensor());
            Agrees(weights[i..(i + 1), .., ..queries, ..keys], expected, $"weights {i}");
            Assert.That(weights[i..(i + 1), .., queries.., ..].All(T.IsZero) && weights[i..(i + 1), .., .., keys..].All(T.IsZero), $"beyond sequence {i}");
        }
    }

    /// <summary>Each sequence's keys in two parts, of which one may be empty.</summary>
    [Test]
    public void Parts_of_packed_keys_merge_to_the_whole()
    {
        (Tensor<T> q, Tensor<T> k, Tensor<T> v, _) = Operands();
        AttentionResult<T> whole = Attention.ForwardPacked(q, k, v, s_queries, s_keys, Plain);
        AttentionResult<T>[] parts = [.. Enumerable.Range(0, 2).Select(part => Attention.ForwardPacked(
            q, Taken(k, part), Taken(v, part), s_queries, [0, .. Enumerable.Range(1, s_keys.Length - 1).Select(i => Enumerable.Range(0, i).Sum(j => Share(j, part)))], Plain))];
        AttentionResult<T> merged = Attention.MergePacked(parts);
        Assert.That(merged.Output.Lengths.ToArray(), Is.EqualTo(whole.Output.Lengths.ToArray()));
        Agrees(merged.Output, whole.Output, "output");
        Agrees(merged.LogSumExp, whole.LogSumExp, "log-sum-exp");
        using DeviceAttentionResult<T> first = Upload(parts[0]), second = Upload(parts[1]), resident = Attention.MergePacked(first, second);
        Agrees(resident.Output.Download(), whole.Output, "resident output");
        Agrees(resident.LogSumExp.Download(), whole.LogSumExp, "resident log-sum-exp");
        Assert.That(() => Attention.MergePacked(whole, whole with { LogSumExp = whole.LogSumExp[.., ..86].ToDenseTensor() }), Throws.ArgumentException.With.Message.Contains("87 x 4 x 5 and a log-sum-exp of 4 x 86"));
        Assert.That(() => Attention.MergePacked(Array.Empty<AttentionResult<T>>()), Throws.ArgumentException.With.Message.Contains("there are no parts"));

        DeviceAttentionResult<T> Upload(AttentionResult<T> result) => new(engine.Device.Upload(result.Output), engine.Device.Upload(result.LogSumExp));

        // A third of the keys, and the others.
        static int Share(int sequence, int part) => (s_keys[sequence + 1] - s_keys[sequence]) / 3 is var third && part == 0 ? third : s_keys[sequence + 1] - s_keys[sequence] - third;

        static Tensor<T> Taken(Tensor<T> packed, int part) => Tensor.ConcatenateOnDimension<T>(0, [.. Enumerable.Range(0, s_keys.Length - 1).Select(i => part == 0 ? packed[s_keys[i]..(s_keys[i] + Share(i, 0)), .., ..] : packed[(s_keys[i] + Share(i, 0))..s_keys[i + 1], .., ..])]);
    }

    [Test]
    public void Results_of_resident_sequences_are_those_of_copied_ones_bit_for_bit()
    {
        (Tensor<T> q, Tensor<T> k, Tensor<T> v, Tensor<T> gradient) = Operands();
        AttentionOptions options = Plain with { Causal = CausalAlignment.TopLeft, Dropout = 0.2, Seed = 7, Mask = Mask(s_queries.Length - 1) };
        Tensor<T> bias = AttentionCase<T>.Random(9, 4, 1, 131);
        AttentionResult<T> expected = Attention.ForwardPacked(q, k, v, s_queries, s_keys, options, bias);
        AttentionGradients<T> expectedGradients = Attention.BackwardPacked(q, k, v, s_queries, s_keys, expected, gradient, options, bias);
        using DeviceTensor<T> onQ = engine.Device.Upload(q), onK = engine.Device.Upload(k), onV = engine.Device.Upload(v), onGradient = engine.Device.Upload(gradient), onBias = engine.Device.Upload(bias);
        using DeviceAttentionResult<T> forward = Attention.ForwardPacked(onQ, onK, onV, s_queries, s_keys, options, onBias);
        using DeviceAttentionGradients<T> gradients = Attention.BackwardPacked(onQ, onK, onV, s_queries, s_keys, forward, onGradient, options, onBias);
        Assert.That(forward.Output.Download().SequenceEqual(expected.Output) && forward.LogSumExp.Download().SequenceEqual(expected.LogSumExp));
        AttentionGradients<T> actual = gradients.Download();
        Assert.That(actual.Query.SequenceEqual(expectedGradients.Query) && actual.Key.SequenceEqual(expectedGradients.Key) && actual.Value.SequenceEqual(expectedGradients.Value));
        Assert.That(actual.Bias!.SequenceEqual(expectedGradients.Bias!));
        Assert.That(() => Attention.ForwardPacked(onQ, onK, onV, [0, 5], s_keys, options), Throws.ArgumentException.With.Message.Contains("cumulative lengths of queries"));
        k[s_keys[2], 1, 2] = T.NaN;
        using DeviceTensor<T> bad = engine.Device.Upload(k);
        Assert.That(() => Attention.ForwardPacked(onQ, bad, onV, s_queries, s_keys, Plain), Throws.ArgumentException.With.Message.Contains("k holds NaN at batch 2, head 1, position 0, feature 2"));
    }

    [Test]
    public void No_sequences_give_nothing()
    {
        Tensor<T> nothing = AttentionCase<T>.Random(1, 0, 2, 4);
        AttentionResult<T> packed = Attention.ForwardPacked(nothing, nothing, nothing, [0], [0], Plain);
        Assert.That(packed.Output.Lengths.ToArray(), Is.EqualTo(new nint[] { 0, 2, 4 }));
        Assert.That(Attention.BackwardPacked(nothing, nothing, nothing, [0], [0], packed, nothing, Plain).Key.IsEmpty);
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Tensor<T> q = AttentionCase<T>.Random(1, 6, 2, 4), k = AttentionCase<T>.Random(2, 8, 1, 4);
        Refuses("the cumulative lengths of queries begin with 1; 0 is needed", [1, 6], [0, 8], "q is 6 x 2 x 4");
        Refuses("the cumulative lengths of queries begin with nothing", [], []);
        Refuses("the cumulative lengths of keys begin with -2", [0, 6], [-2, 8]);
        Refuses("the cumulative lengths of queries go backwards: 3 at place 2 follows 4", [0, 4, 3, 6], [0, 1, 2, 8], "q is 6 x 2 x 4");
        Refuses("the cumulative lengths of keys go backwards: -1 at place 1 follows 0", [0, 6], [0, -1], "k is 8 x 1 x 4");
        Refuses("the cumulative lengths of keys end at 7; 8 rows are there", [0, 6], [0, 7], "k is 8 x 1 x 4");
        Refuses("2 cumulative lengths of queries, 3 of keys", [0, 6], [0, 1, 8], "q is 6 x 2 x 4, k is 8 x 1 x 4");
        Assert.That(() => Attention.ForwardPacked(q, k, k, [0, 6], [0, 8], Plain with { KeyLengths = [1] }), Throws.ArgumentException.With.Message.Contains("KeyLengths is set"));
        Assert.That(() => Attention.ForwardPacked(k.Reshape([8, 4]), k, k, [0, 8], [0, 8], Plain), Throws.ArgumentException.With.Message.Contains("q has 2 dimensions"));
        k[5, 0, 1] = T.NaN;
        Assert.That(() => Attention.ForwardPacked(q, k, k, [0, 3, 6], [0, 4, 8], Plain), Throws.ArgumentException.With.Message.Contains("k holds NaN at batch 1, head 0, position 1, feature 1"));

        void Refuses(string words, int[] queries, int[] keys, string shapes = "") =>
            Assert.That(() => Attention.ForwardPacked(q, k, k, queries, keys, Plain), Throws.ArgumentException.With.Message.Contains(words).And.Message.Contains(shapes));
    }

    // Short sequences alone may take another kernel.
    private static void Agrees(Tensor<T> packed, Tensor<T> alone, string what) =>
        Assert.That(AttentionCase<T>.Doubles(packed), Is.EqualTo(AttentionCase<T>.Doubles(alone)).Within(2 * Tolerances.Attention<T>(6, 131, 4)), what);

    private static (Tensor<T> Q, Tensor<T> K, Tensor<T> V, Tensor<T> Gradient) Operands() => (
        AttentionCase<T>.Random(1, s_queries[^1], 4, 6), AttentionCase<T>.Random(2, s_keys[^1], 2, 6), AttentionCase<T>.Random(3, s_keys[^1], 2, 5), AttentionCase<T>.Random(4, s_queries[^1], 4, 5));

    private static Tensor<T> Rows(Tensor<T> packed, int[] starts, int i) => packed[starts[i]..starts[i + 1], .., ..].ToDenseTensor();

    private static Tensor<bool> Mask(int sequences)
    {
        Random random = new(8);
        return Tensor.Create([.. Enumerable.Range(0, sequences * 49 * 131).Select(_ => random.Next(5) != 0)], [(nint)sequences, 1, 49, 131]);
    }

    private static Tensor<T> Padded(Tensor<T> packed, int[] starts, int longest)
    {
        int heads = (int)packed.Lengths[1], width = (int)packed.Lengths[2], sequences = starts.Length - 1;
        Tensor<T> padded = Tensor.CreateFromShape<T>([sequences, longest, heads, width]);
        for (int i = 0; i < sequences; i++)
        {
            for (int row = starts[i]; row < starts[i + 1]; row++)
            {
                for (int at = 0; at < heads * width; at++) padded[i, row - starts[i], at / width, at % width] = packed[row, at / width, at % width];
            }
        }

        return padded;
    }

    private static IEnumerable<T> Unpadded(Tensor<T> padded, int[] starts)
    {
        int heads = (int)padded.Lengths[2], width = (int)padded.Lengths[3];
        for (int i = 0; i + 1 < starts.Length; i++)
        {
            for (int row = 0; row < starts[i + 1] - starts[i]; row++)
            {
                for (int at = 0; at < heads * width; at++) yield return padded[i, row, at / width, at % width];
            }
        }
    }
}
