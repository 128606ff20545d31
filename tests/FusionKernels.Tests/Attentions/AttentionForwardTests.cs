using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Outputs and log-sum-exps against the definition in float64, at every width of the host and on every device.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Real))]
[Parallelizable]
public sealed class AttentionForwardTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AttentionOptions Plain => new() { Device = engine.Device };

    [Test]
    public void Every_shape_is_that_of_the_reference()
    {
        (int Lq, int Lk, int Dq, int Dv)[] shapes =
        [
            (1, 1, 1, 1), (1, 7, 3, 2), (7, 1, 2, 5), (15, 16, 8, 9), (17, 33, 40, 7), (47, 127, 64, 64), (48, 128, 16, 8), (49, 129, 80, 3), (100, 300, 5, 33), (3, 5, 512, 512),
        ];
        foreach ((int lq, int lk, int dq, int dv) in shapes) Check(new(1, 2, 1, lq, lk, dq, dv, Plain), $"{lq} x {lk}, {dq}, {dv}");
    }

    [Test]
    public void Empty_lengths_give_what_they_can()
    {
        foreach ((int batch, int lq, int lk) in ((int, int, int)[])[(0, 3, 3), (2, 0, 3), (2, 3, 0)])
        {
            AttentionCase<T> one = new(batch, 2, 2, lq, lk, 4, 3, Plain);
            AttentionResult<T> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Plain);
            Assert.That(result.Output.Lengths.ToArray(), Is.EqualTo(new nint[] { batch, 2, lq, 3 }));
            Assert.That(result.Output.All(T.IsZero));
            Assert.That(result.LogSumExp.All(T.IsNegativeInfinity));
        }
    }

    [Test]
    public void Grouped_heads_read_the_key_heads_of_their_group()
    {
        foreach ((int heads, int keyHeads) in ((int, int)[])[(4, 4), (4, 2), (6, 1)]) Check(new(2, heads, keyHeads, 9, 20, 8, 8, Plain), $"{heads} / {keyHeads}");
    }

    [Test]
    public void Structure_masks_what_the_reference_masks([Values] CausalAlignment causal, [Values(20, 61)] int queries)
    {
        (int? Left, int? Right, int Prefix)[] windows = [(null, null, 0), (3, null, 0), (null, 2, 0), (5, 1, 0), (0, 0, 0), (4, 4, 7), (null, null, 30)];
        foreach ((int? left, int? right, int prefix) in windows)
        {
            AttentionOptions options = Plain with { Causal = causal, WindowLeft = left, WindowRight = right, Prefix = prefix };
            Check(new(2, 2, 1, queries, 40, 6, 5, options), $"{left} {right} {prefix}");
            Check(new(3, 2, 1, queries, 40, 6, 5, options with { KeyLengths = [0, 17, 40] }), $"{left} {right} {prefix}, lengths");
        }

        Check(new(1, 1, 1, 150, 400, 4, 4, Plain with { Causal = causal, WindowLeft = 20, WindowRight = 30 }), "blocks left out");
    }

    [Test]
    public void Score_rules_compose()
    {
        Tensor<bool> mask = Mask(7, 3, 2, 50, 140);
        AttentionOptions all = Plain with
        {
            SoftCap = 1.5,
            Scale = 2,
            AlibiSlopes = [0.25, 0.03],
            Causal = CausalAlignment.BottomRight,
            WindowLeft = 90,
            KeyLengths = [140, 100, 3],
            Mask = mask,
        };
        Check(new(3, 2, 2, 50, 140, 8, 8, all, [2, 50, 140]), "all");
        Check(new(3, 2, 2, 50, 140, 8, 8, Plain with { SoftCap = 0.5 }), "cap");
        Check(new(3, 2, 2, 50, 140, 8, 8, Plain with { AlibiSlopes = [0.5, 0] }), "alibi");
        foreach (nint[] shape in (nint[][])[[140], [50, 1], [50, 140], [2, 1, 140], [3, 1, 50, 140], [1, 1, 1, 1]]) Check(new(3, 2, 2, 50, 140, 8, 8, Plain, shape), $"bias of {shape.Length}");
    }

    [Test]
    public void Dense_masks_repeat_their_ones()
    {
        foreach (nint[] shape in (nint[][])[[140], [50, 1], [50, 140], [2, 1, 140], [3, 1, 50, 140]]) Check(new(3, 2, 2, 50, 140, 8, 8, Plain with { Mask = Mask(8, shape) }), $"mask of {shape.Length}");
        Tensor<bool> none = Tensor.Create(new bool[50 * 140], [(nint)50, 140]);
        AttentionCase<T> empty = new(1, 1, 1, 50, 140, 4, 4, Plain with { Mask = none });
        AttentionResult<T> result = Attention.ForwardWithLogSumExp(empty.Query, empty.Key, empty.Value, empty.Options);
        Assert.That(result.Output.All(T.IsZero));
        Assert.That(result.LogSumExp.All(T.IsNegativeInfinity));
    }

    [Test]
    public void Logits_of_a_thousand_stay_finite()
    {
        Check(new(1, 1, 1, 30, 200, 8, 4, Plain with { Scale = 1000 }), "large", magnitude: 3000);
        Check(new(1, 1, 1, 30, 200, 8, 4, Plain, [200]), "bias");
    }

    [Test]
    public void What_is_masked_changes_no_bit([Values(double.NaN, 1e10, double.PositiveInfinity)] double poison)
    {
        Tensor<bool> mask = Mask(9, 1, 1, 60, 150);
        for (int query = 0; query < 60; query++)
        {
            for (int key = 0; key < 150; key++) if (key is 3 or > 140) mask[0, 0, query, key] = false;
        }

        AttentionOptions[] options = [Plain with { Mask = mask }, Plain with { KeyLengths = [141], Mask = mask }, Plain with { Mask = mask, Causal = CausalAlignment.TopLeft, SoftCap = 3 }];
        foreach (AttentionOptions one in options)
        {
            AttentionCase<T> clean = new(1, 2, 1, 60, 150, 8, 8, one), dirty = new(1, 2, 1, 60, 150, 8, 8, one);
            foreach (int key in (int[])[3, 141, 149])
            {
                for (int d = 0; d < 8; d++) dirty.Key[0, 0, key, d] = dirty.Value[0, 0, key, d] = T.CreateChecked(poison);
            }

            AttentionResult<T> expected = Attention.ForwardWithLogSumExp(clean.Query, clean.Key, clean.Value, one);
            AttentionResult<T> actual = Attention.ForwardWithLogSumExp(dirty.Query, dirty.Key, dirty.Value, one);
            Assert.That(actual.Output.SequenceEqual(expected.Output));
            Assert.That(actual.LogSumExp.SequenceEqual(expected.LogSumExp));
        }
    }

    [Test]
    public void A_bias_of_minus_infinity_masks()
    {
        AttentionCase<T> one = new(1, 1, 1, 20, 30, 4, 4, Plain, [20, 30]);
        for (int query = 0; query < 20; query++)
        {
            for (int key = 0; key < 30; key++) if (key >= query) one.Bias![query, key] = T.NegativeInfinity;
        }

        for (int d = 0; d < 4; d++) one.Value[0, 0, 29, d] = T.NaN;
        Check(one, "bias");
    }

    [Test]
    public void Threads_and_layouts_change_no_bit()
    {
        AttentionCase<T> one = new(2, 4, 2, 100, 150, 8, 12, Plain with { Causal = CausalAlignment.BottomRight });
        Tensor<T> expected = Attention.Forward(one.Query, one.Key, one.Value, one.Options with { Threads = 1 });
        Assert.That(Attention.Forward(one.Query, one.Key, one.Value, one.Options).SequenceEqual(expected));
        Tensor<T> turned = Attention.Forward(Turned(one.Query), Turned(one.Key), Turned(one.Value), one.Options with { Layout = AttentionLayout.BatchLengthHeadsWidth });
        Assert.That(Turned(turned).SequenceEqual(expected));
    }

    [Test]
    public void Broadcast_equals_copied_and_strides_are_free()
    {
        Tensor<T> q = AttentionCase<T>.Random(1, 2, 3, 20, 8), k = AttentionCase<T>.Random(2, 33, 8), v = AttentionCase<T>.Random(3, 33, 5);
        Tensor<T> copiedK = Tensor.Create([.. Enumerable.Repeat(k.ToArray(), 6).SelectMany(x => x)], [(nint)2, 3, 33, 8]);
        Tensor<T> copiedV = Tensor.Create([.. Enumerable.Repeat(v.ToArray(), 6).SelectMany(x => x)], [(nint)2, 3, 33, 5]);
        Tensor<T> expected = Attention.Forward(q, copiedK, copiedV, Plain);
        T[] keys = k.ToArray(), values = v.ToArray(), result = new T[2 * 3 * 20 * 5];
        Attention.Forward(
            q.AsReadOnlyTensorSpan(),
            new ReadOnlyTensorSpan<T>(keys, [2, 3, 33, 8], [0, 0, 8, 1]),
            new ReadOnlyTensorSpan<T>(values, [2, 3, 33, 5], [0, 0, 5, 1]),
            new TensorSpan<T>(result, [2, 3, 20, 5], [300, 100, 5, 1]),
            Plain);
        Assert.That(result, Is.EqualTo(expected.ToArray()));

        T[] transposed = new T[33 * 8];
        for (int i = 0; i < 33; i++)
        {
            for (int d = 0; d < 8; d++) transposed[(d * 33) + i] = k[i, d];
        }

        Attention.Forward(
            q.AsReadOnlyTensorSpan(),
            new ReadOnlyTensorSpan<T>(transposed, [2, 3, 33, 8], [0, 0, 1, 33]),
            new ReadOnlyTensorSpan<T>(values, [2, 3, 33, 5], [0, 0, 5, 1]),
            new TensorSpan<T>(result, [2, 3, 20, 5], [300, 100, 1, 20]),
            Plain);
        for (int i = 0; i < 20; i++)
        {
            for (int d = 0; d < 5; d++) Assert.That(result[(d * 20) + i], Is.EqualTo(expected[0, 0, i, d]));
        }
    }

    private static Tensor<T> Turned(Tensor<T> tensor) => Tensor.PermuteDimensions(tensor, [0, 2, 1, 3]);

    private static Tensor<bool> Mask(int seed, params nint[] lengths)
    {
        Random random = new(seed);
        bool[] keep = new bool[lengths.Aggregate((nint)1, (product, length) => product * length)];
        for (int i = 0; i < keep.Length; i++) keep[i] = random.Next(4) != 0;
        return Tensor.Create(keep, lengths);
    }

    private static void Check(AttentionCase<T> one, string what, double magnitude = 3)
    {
        (double[] output, double[] logSumExp) = AttentionReference.Forward(one.Problem, one.Inputs);
        AttentionResult<T> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options, one.Bias);
        Assert.That(AttentionCase<T>.Doubles(result.Output), Is.EqualTo(output).Within(Tolerances.Attention<T>(one.Problem.Width, one.Problem.Keys, magnitude)), what);
        Assert.That(AttentionCase<T>.Doubles(result.LogSumExp), Is.EqualTo(logSumExp).Within(Tolerances.Attention<T>(one.Problem.Width, one.Problem.Keys, magnitude)), what);
    }
}
