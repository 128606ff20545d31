using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Decoding;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Few queries against many keys, dense or in a cache's pages, at every width of the host.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Hosts))]
[Parallelizable]
public sealed class AttentionDecodeTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] s_grown = [90, 0, 20];

    private AttentionOptions Plain => new() { Device = engine.Device };

    [Test]
    public void Few_queries_give_what_the_reference_gives()
    {
        (int Heads, int KeyHeads, int Lq, int Lk, int Dq, int Dv)[] shapes =
        [
            (1, 1, 1, 1, 1, 1), (8, 2, 1, 63, 40, 17), (8, 2, 2, 64, 80, 128), (6, 6, 3, 65, 5, 70), (5, 1, 3, 130, 16, 16), (4, 2, 1, 1025, 8, 33), (2, 1, 1, 2100, 3, 2),
        ];
        foreach ((int heads, int keyHeads, int lq, int lk, int dq, int dv) in shapes)
        {
            AttentionCase<T> one = new(2, heads, keyHeads, lq, lk, dq, dv, Plain);
            Assert.That(DecodePlan.Suits(one.Problem));
            Check(one, $"{heads} / {keyHeads}, {lq} x {lk}");
        }
    }

    [Test]
    public void Rules_and_masks_compose()
    {
        AttentionOptions all = Plain with { Causal = CausalAlignment.BottomRight, WindowLeft = 40, Prefix = 3, SoftCap = 2, AlibiSlopes = [0.1, 0.02, 0.3, 0], KeyLengths = [130, 0, 70] };
        Random random = new(5);
        bool[] keep = [.. Enumerable.Range(0, 2 * 150).Select(_ => random.Next(3) != 0)];
        Check(new(3, 4, 2, 2, 150, 6, 5, all, [2, 150]), "structure");
        Check(new(3, 4, 2, 2, 150, 6, 5, all with { Mask = Tensor.Create(keep, [(nint)2, 150]) }, [4, 1, 1]), "mask");
        Check(new(1, 4, 2, 2, 1500, 6, 5, Plain with { Causal = CausalAlignment.TopLeft }), "parts without keys");
        Check(new(1, 4, 2, 1, 200, 6, 5, Plain with { Scale = 1000 }), "large", 3000);
        Check(new(1, 4, 2, 2, 150, 6, 5, Plain with { Mask = Tensor.Create(new bool[150], [(nint)150]) }), "nothing");
    }

    [Test]
    public void What_is_masked_changes_no_bit([Values(double.NaN, 1e10)] double poison)
    {
        AttentionOptions options = Plain with { KeyLengths = [141], Mask = Tensor.Create([.. Enumerable.Range(0, 150).Select(key => key != 3)], [(nint)150]) };
        AttentionCase<T> clean = new(1, 2, 1, 2, 150, 8, 8, options), dirty = new(1, 2, 1, 2, 150, 8, 8, options);
        foreach (int key in (int[])[3, 141, 149])
        {
            for (int d = 0; d < 8; d++) dirty.Key[0, 0, key, d] = dirty.Value[0, 0, key, d] = T.CreateChecked(poison);
        }

        Assert.That(Attention.Forward(dirty.Query, dirty.Key, dirty.Value, options).SequenceEqual(Attention.Forward(clean.Query, clean.Key, clean.Value, options)));
    }

    [Test]
    public void Pages_strides_and_threads_change_no_bit()
    {
        AttentionCase<T> one = new(2, 8, 2, 2, 1300, 12, 20, Plain with { Causal = CausalAlignment.BottomRight });
        AttentionResult<T> expected = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options with { Threads = 1 });
        Assert.That(Attention.Forward(one.Query, one.Key, one.Value, one.Options).SequenceEqual(expected.Output));
        foreach (int page in (int[])[7, 64, 128, 2000])
        {
            KeyValueCache<T> cache = new(2, 2, 12, 20, page);
            foreach ((int start, int end) in ((int, int)[])[(0, 1000), (1000, 1001), (1001, 1300)]) cache.Append(Part(one.Key, start, end), Part(one.Value, start, end));
            AttentionResult<T> actual = Attention.Decode(one.Query, cache, one.Options);
            Assert.That(actual.Output.SequenceEqual(expected.Output), $"{page}");
            Assert.That(actual.LogSumExp.SequenceEqual(expected.LogSumExp), $"{page}");
            Assert.That(cache.PagesInUse, Is.EqualTo(2 * ((1300 + page - 1) / page)));
        }

        Tensor<T> turned = Tensor.PermuteDimensions(Tensor.PermuteDimensions(one.Key, [0, 1, 3, 2]).ToDenseTensor(), [0, 1, 3, 2]);
        Assert.That(Attention.Forward(one.Query, turned, one.Value, one.Options).SequenceEqual(expected.Output));
    }

    [Test]
    public void Sequences_grow_independently()
    {
        KeyValueCache<T> cache = new(3, 2, 6, pageSize: 16);
        Tensor<T> k = AttentionCase<T>.Random(1, 2, 90, 6), v = AttentionCase<T>.Random(2, 2, 90, 6);
        cache.Append(0, k, v);
        cache.Append(2, k[.., ..20, ..], v[.., ..20, ..]);
        Assert.That(Enumerable.Range(0, 3).Select(cache.Length), Is.EqualTo(s_grown));
        Assert.That(cache.PagesInUse, Is.EqualTo(6 + 2));
        Tensor<T> q = AttentionCase<T>.Random(3, 3, 4, 30, 6);

        // 30 queries of two heads share a key head: four blocks of rows.
        AttentionResult<T> result = Attention.Decode(q, cache, Plain with { Causal = CausalAlignment.BottomRight });
        Assert.That(Item(result.Output, 1).All(T.IsZero) && Item(result.LogSumExp, 1).All(T.IsNegativeInfinity));
        foreach ((int item, int length) in ((int, int)[])[(0, 90), (2, 20)])
        {
            AttentionResult<T> alone = Attention.ForwardWithLogSumExp(
                Item(q, item), k[.., ..length, ..].ToDenseTensor(), v[.., ..length, ..].ToDenseTensor(), Plain with { Causal = CausalAlignment.BottomRight });
            Assert.That(AttentionCase<T>.Doubles(Item(result.Output, item)), Is.EqualTo(AttentionCase<T>.Doubles(alone.Output)).Within(2 * Tolerances.Attention<T>(6, 90, 3)));
            Assert.That(AttentionCase<T>.Doubles(Item(result.LogSumExp, item)), Is.EqualTo(AttentionCase<T>.Doubles(alone.LogSumExp)).Within(2 * Tolerances.Attention<T>(6, 90, 3)));
        }

        long bytes = cache.Bytes;
        cache.Truncate(0, 33);
        Assert.That((cache.Length(0), cache.PagesInUse, cache.Bytes), Is.EqualTo((33, 3 + 2, bytes)));
        cache.Append(1, k[.., ..48, ..], v[.., ..48, ..]);
        Assert.That((cache.PagesInUse, cache.Bytes), Is.EqualTo((8, bytes)), "pages are used again");
        cache.Truncate(0, 0);
        Assert.That((cache.Length(0), cache.PagesInUse), Is.EqualTo((0, 5)));
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        KeyValueCache<T> cache = new(2, 2, 6, 5);
        Tensor<T> k = AttentionCase<T>.Random(1, 2, 2, 3, 6), v = AttentionCase<T>.Random(2, 2, 2, 3, 5);
        Refuses("k is 2 x 3 x 6; 4 dimensions are needed", () => cache.Append(AttentionCase<T>.Random(1, 2, 3, 6), v));
        Refuses("k has 2 heads and is 5 wide, v is 5 wide; the cache has 2 heads, keys 6 and values 5 wide; k is 2 x 2 x 3 x 5, v is 2 x 2 x 3 x 5", () => cache.Append(v, v));
        Refuses("k has 3 keys, v has 2 values: both need the same length; k is 2 x 2 x 3 x 6, v is 2 x 2 x 2 x 5", () => cache.Append(k, v[.., .., ..2, ..]));
        Refuses("k has a batch of 1, the cache 2 sequences", () => cache.Append(k[..1, .., .., ..], v[..1, .., .., ..]));
        v[1, 0, 2, 4] = T.NaN;
        Refuses("v holds NaN at batch 1, head 0, position 2, feature 4", () => cache.Append(k, v));
        Assert.That(cache.Length(0), Is.Zero, "nothing was appended");
        v[1, 0, 2, 4] = T.One;
        cache.Append(k, v);
        Tensor<T> q = AttentionCase<T>.Random(3, 2, 4, 1, 6);
        Refuses("KeyLengths is set", () => Attention.Decode(q, cache, Plain with { KeyLengths = [1, 2] }));
        Refuses("q is 5 wide, the cache's keys are 6: queries and keys need the same width; q is 2 x 4 x 1 x 5, the cache holds 2 sequences of 2 heads, keys 6 and values 5 wide", () => Attention.Decode(q[.., .., .., ..5], cache, Plain));
        Refuses("q has 3 heads, k has 2: the key heads must divide the query heads; q is 2 x 3 x 1 x 6, the cache holds 2 sequences of 2 heads", () => Attention.Decode(q[.., ..3, .., ..], cache, Plain));
        Refuses("q has a batch of 1, the cache 2 sequences", () => Attention.Decode(q[..1, .., .., ..], cache, Plain));
        q[1, 2, 0, 3] = T.PositiveInfinity;
        Refuses("q holds", () => Attention.Decode(q, cache, Plain));
        Assert.That(() => Attention.Decode(q, cache, Plain with { Dropout = 0.1 }), Throws.TypeOf<NotSupportedException>().With.Message.Contains("without dropout"));
        Assert.That(() => cache.Length(2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => cache.Truncate(0, 4), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new KeyValueCache<T>(1, 0, 4), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new KeyValueCache<T>(1, 1, 513), Throws.ArgumentException.With.Message.Contains("a key is 513 wide"));
        Assert.That(() => new KeyValueCache<Half>(1, 1, 4), Throws.TypeOf<NotSupportedException>());
    }

    private static void Refuses(string words, Action call) => Assert.That(() => call(), Throws.ArgumentException.With.Message.Contains(words));

    private static Tensor<T> Part(Tensor<T> tensor, int start, int end) => tensor[.., .., start..end, ..];

    private static Tensor<T> Item(Tensor<T> tensor, int item)
    {
        nint[] lengths = tensor.Lengths[1..].ToArray();
        int size = (int)lengths.Aggregate((nint)1, (product, length) => product * length);
        return Tensor.Create(tensor.ToArray().AsSpan(item * size, size).ToArray(), lengths);
    }

    private static void Check(AttentionCase<T> one, string what, double magnitude = 4)
    {
        (double[] output, double[] logSumExp) = AttentionReference.Forward(one.Problem, one.Inputs);
        AttentionResult<T> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options, one.Bias);
        double tolerance = Tolerances.Attention<T>(one.Problem.Width, one.Problem.Keys, magnitude);
        Assert.That(AttentionCase<T>.Doubles(result.Output), Is.EqualTo(output).Within(tolerance), what);
        Assert.That(AttentionCase<T>.Doubles(result.LogSumExp), Is.EqualTo(logSumExp).Within(tolerance), what);
    }
}
