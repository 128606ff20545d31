using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Two whole products instead of blocks: the same answers, and the plan's choice between them.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Hosts))]
public sealed class AttentionRouteTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AttentionOptions Unfused => new() { Device = engine.Device, Route = AttentionRoute.Unfused };

    [Test]
    public void Every_shape_is_that_of_the_reference()
    {
        (int Heads, int KeyHeads, int Lq, int Lk, int Dq, int Dv)[] shapes =
        [
            (2, 1, 1, 1, 1, 1), (2, 2, 7, 1, 2, 5), (4, 1, 5, 17, 3, 2), (6, 2, 13, 33, 40, 7), (1, 1, 48, 128, 16, 8), (8, 1, 3, 300, 5, 33), (2, 2, 3, 5, 512, 512), (1, 1, 300, 700, 4, 3),
        ];
        foreach ((int heads, int keyHeads, int lq, int lk, int dq, int dv) in shapes) Check(new(2, heads, keyHeads, lq, lk, dq, dv, Unfused), $"{heads} / {keyHeads}, {lq} x {lk}");
        foreach ((int batch, int lq, int lk) in ((int, int, int)[])[(0, 3, 3), (2, 0, 3), (2, 3, 0)])
        {
            AttentionCase<T> one = new(batch, 2, 2, lq, lk, 4, 3, Unfused);
            AttentionResult<T> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Unfused);
            Assert.That(result.Output.All(T.IsZero) && result.LogSumExp.All(T.IsNegativeInfinity));
        }
    }

    [Test]
    public void The_only_key_gives_its_value()
    {
        string tiling = "";
        AttentionOptions plain = new() { Device = engine.Device, Report = report => tiling = report.Tiling };
        foreach ((int heads, int keyHeads, int lq, int dq, int dv) in ((int, int, int, int, int)[])[(1, 1, 1, 1, 1), (4, 2, 1, 64, 40), (6, 3, 21, 7, 13), (1, 1, 3, 512, 512)])
        {
            foreach (AttentionOptions options in (AttentionOptions[])[plain, plain with { SoftCap = 0.3 }, plain with { Scale = -2 }])
            {
                AttentionCase<T> one = new(2, heads, keyHeads, lq, 1, dq, dv, options);
                Check(one, $"{heads} / {keyHeads}, {lq}", 500);
                Assert.That(tiling, Is.EqualTo("fused (one key): its value"));
                Tensor<T> output = Attention.Forward(one.Query, one.Key, one.Value, options);
                for (int row = 0; row < 2 * heads * lq; row++)
                {
                    (int item, int head) = Math.DivRem(row / lq, heads);
                    for (int d = 0; d < dv; d++) Assert.That(output[item, head, row % lq, d], Is.EqualTo(one.Value[item, head * keyHeads / heads, 0, d]));
                }
            }
        }

        // What is not so plain goes another way, to the same answer.
        foreach (AttentionOptions options in (AttentionOptions[])[plain with { KeyLengths = [1, 0] }, plain with { Causal = CausalAlignment.BottomRight }, plain with { AlibiSlopes = [1, 2] }, plain with { Mask = Tensor.Create([true, false, true], [3, 1]) }])
        {
            Check(new(2, 2, 2, 3, 1, 5, 4, options), options.ToString());
            Assert.That(tiling, Does.Not.Contain("one key"));
        }

        Check(new(1, 1, 1, 3, 1, 5, 4, plain, [3, 1]), "bias");
        AttentionCase<T> poisoned = new(1, 2, 1, 2, 1, 9, 11, plain);
        foreach ((Tensor<T> tensor, string words) in ((Tensor<T>, string)[])[(poisoned.Query, "q holds NaN at batch 0, head 0, position 0, feature 8"), (poisoned.Key, "k holds NaN at batch 0, head 0, position 0, feature 8"), (poisoned.Value, "v holds NaN at batch 0, head 0, position 0, feature 8")])
        {
            T before = tensor[0, 0, 0, 8];
            tensor[0, 0, 0, 8] = T.NaN;
            Assert.That(() => Attention.Forward(poisoned.Query, poisoned.Key, poisoned.Value, plain), Throws.ArgumentException.With.Message.Contains(words));
            tensor[0, 0, 0, 8] = before;
        }
    }

    [Test]
    public void Rules_and_masks_compose()
    {
        Random random = new(5);
        Tensor<bool> mask = Tensor.Create([.. Enumerable.Range(0, 20 * 90).Select(_ => random.Next(3) != 0)], [(nint)20, 90]);
        AttentionOptions all = Unfused with { Causal = CausalAlignment.BottomRight, WindowLeft = 40, Prefix = 3, SoftCap = 2, AlibiSlopes = [0.1, 0.02, 0.3, 0], KeyLengths = [80, 0, 70], Mask = mask, Dropout = 0.3, Seed = 7 };
        Check(new(3, 4, 2, 20, 90, 6, 5, all, [4, 1, 90]), "all");
        Check(new(3, 4, 2, 20, 90, 6, 5, Unfused with { KeyLengths = [80, 0, 70] }), "lengths");
        Check(new(1, 1, 1, 20, 90, 6, 5, Unfused with { Scale = 1000 }), "large", 3000);
        Check(new(1, 1, 1, 20, 90, 6, 5, Unfused with { Mask = Tensor.Create(new bool[90], [(nint)90]) }), "nothing");
    }

    [Test]
    public void What_is_masked_changes_no_bit_and_what_is_seen_must_be_finite([Values(double.NaN, 1e10)] double poison)
    {
        AttentionOptions options = Unfused with { KeyLengths = [81], Mask = Tensor.Create([.. Enumerable.Range(0, 90).Select(key => key != 3)], [(nint)90]) };
        AttentionCase<T> clean = new(1, 2, 1, 20, 90, 8, 8, options), dirty = new(1, 2, 1, 20, 90, 8, 8, options);
        foreach (int key in (int[])[3, 81, 89])
        {
            for (int d = 0; d < 8; d++) dirty.Key[0, 0, key, d] = dirty.Value[0, 0, key, d] = T.CreateChecked(poison);
        }

        Tensor<T> expected = Attention.Forward(clean.Query, clean.Key, clean.Value, options);
        Assert.That(Attention.Forward(dirty.Query, dirty.Key, dirty.Value, options).SequenceEqual(expected));
        Assert.That(Attention.Forward(clean.Query, clean.Key, clean.Value, options with { Threads = 1 }).SequenceEqual(expected), "threads");
        if (double.IsNaN(poison)) Assert.That(() => Attention.Forward(dirty.Query, dirty.Key, dirty.Value, Unfused), Throws.ArgumentException.With.Message.Contains("k holds NaN at batch 0, head 0, position 3, feature 0"));
    }

    [Test]
    public void Layouts_strides_and_packed_sequences_are_taken()
    {
        AttentionCase<T> one = new(2, 4, 2, 9, 20, 8, 12, Unfused);
        AttentionResult<T> expected = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Unfused);
        Tensor<T> turned = Attention.Forward(Turned(one.Query), Turned(one.Key), Turned(one.Value), Unfused with { Layout = AttentionLayout.BatchLengthHeadsWidth });
        Assert.That(Turned(turned).SequenceEqual(expected.Output));
        Tensor<T> wide = Tensor.CreateFromShape<T>([2, 4, 9, 24]);
        Attention.Forward(one.Query.AsReadOnlyTensorSpan(), one.Key.AsReadOnlyTensorSpan(), one.Value.AsReadOnlyTensorSpan(), wide.AsTensorSpan()[.., .., .., 5..17], Unfused);
        Assert.That(wide[.., .., .., 5..17].SequenceEqual(expected.Output) && wide[.., .., .., ..5].All(T.IsZero));
        int[] starts = [0, 5, 5, 9], keyStarts = [0, 12, 15, 20];
        Tensor<T> q = AttentionCase<T>.Random(1, 9, 4, 8), k = AttentionCase<T>.Random(2, 20, 2, 8), v = AttentionCase<T>.Random(3, 20, 2, 12);
        AttentionResult<T> packed = Attention.ForwardPacked(q, k, v, starts, keyStarts, Unfused), fused = Attention.ForwardPacked(q, k, v, starts, keyStarts, Unfused with { Route = AttentionRoute.Fused });
        Assert.That(AttentionCase<T>.Doubles(packed.Output), Is.EqualTo(AttentionCase<T>.Doubles(fused.Output)).Within(2 * Tolerances.Attention<T>(8, 12, 3)));
        Assert.That(AttentionCase<T>.Doubles(packed.LogSumExp), Is.EqualTo(AttentionCase<T>.Doubles(fused.LogSumExp)).Within(2 * Tolerances.Attention<T>(8, 12, 3)));
    }

    [Test]
    public void The_plan_chooses_by_shape_and_says_so()
    {
        if (engine.Name != "host-512" || typeof(T) != typeof(float)) Assert.Ignore("the thresholds are those of one width");
        (int Heads, int KeyHeads, int Lq, int Lk, int Width, AttentionOptions Options, string Words)[] cases =
        [
            (2, 2, 20, 256, 64, new(), "fused (32 lanes in blocks, 24 rows in panels): queries in 48 lanes"),
            (2, 2, 48, 256, 64, new(), "fused (48 lanes in blocks, 48 rows in panels): queries in 48 lanes"),
            (32, 1, 2, 256, 64, new(), "unfused (512 lanes in blocks, 72 rows in panels): two products"),
            (32, 1, 2, 256, 64, new() { KeyLengths = [200] }, "unfused"),
            (4, 1, 5, 24, 64, new(), "unfused (64 lanes in blocks, 24 rows in panels)"),
            (4, 1, 5, 24, 16, new(), "fused (64 lanes in blocks, 24 rows in panels)"),
            (4, 1, 17, 64, 64, new(), "unfused (128 lanes in blocks, 72 rows in panels)"),
            (4, 1, 12, 64, 64, new(), "fused (64 lanes in blocks, 48 rows in panels)"),
            (2, 2, 33, 256, 64, new(), "fused (48 lanes in blocks, 36 rows in panels)"),
            (2, 2, 20, 128, 64, new(), "fused (32 lanes in blocks, 24 rows in panels)"),
            (2, 2, 20, 128, 256, new(), "fused (32 lanes in blocks, 24 rows in panels)"),
            (32, 1, 2, 256, 64, new() { Causal = CausalAlignment.BottomRight }, "fused: queries"),
            (2, 2, 20, 32, 64, new(), "fused"),
            (2, 2, 3, 256, 64, new(), "fused (few queries): keys in parts of 1024"),
            (2, 2, 48, 256, 64, new() { Route = AttentionRoute.Unfused }, "unfused (as asked for)"),
            (2, 2, 20, 256, 64, new() { Route = AttentionRoute.Fused }, "fused (as asked for): queries"),
        ];
        foreach ((int heads, int keyHeads, int lq, int lk, int width, AttentionOptions options, string words) in cases)
        {
            string tiling = "";
            long bytes = 0;
            AttentionCase<T> one = new(1, heads, keyHeads, lq, lk, width, width, options with { Device = engine.Device, Report = report => (tiling, bytes) = (report.Tiling, report.PeakBytes) });
            Attention.Forward(one.Query, one.Key, one.Value, one.Options);
            Assert.That(tiling, Does.StartWith(words), $"{heads} / {keyHeads}, {lq} x {lk}");
        }

        // Eight heads of 64 side by side: rows 2 KiB apart, which the fused route copies.
        AttentionCase<T> apart = new(1, 8, 8, 33, 256, 64, 64, new() { Device = engine.Device, Layout = AttentionLayout.BatchLengthHeadsWidth, Report = report => Assert.That(report.Tiling, Does.StartWith("unfused")) });
        Attention.Forward(Turned(apart.Query).ToDenseTensor(), Turned(apart.Key).ToDenseTensor(), Turned(apart.Value).ToDenseTensor(), apart.Options);
    }

    private static Tensor<T> Turned(Tensor<T> tensor) => Tensor.PermuteDimensions(tensor, [0, 2, 1, 3]);

    private static void Check(AttentionCase<T> one, string what, double magnitude = 4)
    {
        (double[] output, double[] logSumExp) = AttentionReference.Forward(one.Problem, one.Inputs);
        AttentionResult<T> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options, one.Bias);
        double tolerance = Tolerances.Attention<T>(one.Problem.Width, one.Problem.Keys, magnitude) * one.Problem.KeepScale;
        Assert.That(AttentionCase<T>.Doubles(result.Output), Is.EqualTo(output).Within(tolerance), what);
        Assert.That(AttentionCase<T>.Doubles(result.LogSumExp), Is.EqualTo(logSumExp).Within(tolerance), what);
    }
}
