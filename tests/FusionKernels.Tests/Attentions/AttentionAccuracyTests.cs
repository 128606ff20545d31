using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Errors of float32 attention beside those of a plain float32 implementation that stores its weights, both against float64.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.RealFloats))]
[Parallelizable]
public sealed class AttentionAccuracyTests(TestEngine engine)
{
    /// <summary>Few queries and many, few keys and many; several items where there are few numbers, of which the largest error is one of chance.</summary>
    private static readonly (int Batch, int Heads, int KeyHeads, int Lq, int Lk, int Width)[] s_shapes =
    [
        (16, 2, 2, 1, 40, 40), (8, 4, 1, 3, 33, 64), (4, 2, 2, 7, 40, 40), (1, 2, 2, 16, 200, 64), (1, 2, 1, 20, 128, 128), (1, 2, 2, 33, 40, 64),
        (1, 2, 2, 100, 33, 40), (1, 1, 1, 300, 17, 64), (1, 1, 1, 40, 512, 32), (1, 2, 2, 8, 1100, 16), (1, 1, 1, 50, 1100, 8), (1, 1, 1, 512, 40, 32),
    ];

    /// <summary>From everyday weights to those of which one in a row is nearly 1: factors of the default scale.</summary>
    private static readonly double[] s_scales = [1, 4, 16];

    private static readonly (string Name, Func<int, AttentionOptions> Options)[] s_rules =
    [
        ("plain", _ => new()),
        ("causal", _ => new() { Causal = CausalAlignment.BottomRight }),
        ("capped", heads => new() { SoftCap = 6, AlibiSlopes = [.. Enumerable.Range(1, heads).Select(head => 0.05 / head)] }),
    ];

    /// <summary>Devices have the fused route alone.</summary>
    private AttentionRoute[] Routes => engine.Kind == DeviceKind.Host ? [AttentionRoute.Auto, AttentionRoute.Unfused] : [AttentionRoute.Auto];

    [Test]
    public void Errors_are_at_most_twice_those_of_a_plain_implementation()
    {
        foreach ((AttentionCase<float> one, string what) in Cases())
        {
            double[] exact = AttentionReference.Forward(one.Problem, one.Inputs).Output;
            float[] plain = PlainAttention.Forward(one);
            foreach (AttentionRoute route in Routes)
            {
                AtMostTwice($"{what}, {route}", [.. Attention.Forward(one.Query, one.Key, one.Value, one.Options with { Route = route }, one.Bias)], plain, exact);
            }
        }
    }

    [Test]
    public void Errors_of_weights_and_gradients_are_at_most_twice_those_of_a_plain_implementation()
    {
        foreach ((AttentionCase<float> one, string what) in Cases())
        {
            AtMostTwice($"{what}, weights", [.. Attention.Weights(one.Query, one.Key, one.Options, one.Bias)], PlainAttention.Weights(one), AttentionReference.Weights(one.Problem, one.Inputs));
            var exact = AttentionReference.Backward(one.Problem, one.Inputs, AttentionCase<float>.Doubles(one.OutputGradient));
            var plain = PlainAttention.Backward(one);
            foreach (AttentionRoute route in Routes)
            {
                // The backward pass starts from what either route left: their sums of a score differ in order.
                AttentionResult<float> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options with { Route = route }, one.Bias);
                AttentionGradients<float> ours = Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, one.Options, one.Bias);
                AtMostTwice($"{what}, {route}, dQ", [.. ours.Query], plain.Query, exact.Query);
                AtMostTwice($"{what}, {route}, dK", [.. ours.Key], plain.Key, exact.Key);
                AtMostTwice($"{what}, {route}, dV", [.. ours.Value], plain.Value, exact.Value);
                AtMostTwice($"{what}, {route}, dBias", [.. ours.Bias!], plain.Bias, exact.Bias);
            }
        }
    }

    private IEnumerable<(AttentionCase<float> One, string What)> Cases()
    {
        foreach ((int batch, int heads, int keyHeads, int lq, int lk, int width) in s_shapes)
        {
            // One width, for which few forms of a device's kernels are compiled.
            if (engine.Kind != DeviceKind.Host && width != 64) continue;
            foreach (double scale in s_scales)
            {
                foreach ((string name, Func<int, AttentionOptions> options) in s_rules)
                {
                    AttentionOptions all = options(heads) with { Device = engine.Device, Scale = scale / Math.Sqrt(width) };
                    yield return (new(batch, heads, keyHeads, lq, lk, width, width, all, [batch, heads, lq, lk]), $"{batch} x {heads} / {keyHeads}, {lq} x {lk} x {width}, {name}, scale x {scale}");
                }
            }
        }
    }

    /// <summary>Twice the plain error, and a unit in the last place of the largest number: where plain sums happen to round to little, that may stand.</summary>
    private static void AtMostTwice(string what, float[] ours, float[] plain, double[] exact)
    {
        double own = Largest(ours, exact), other = Largest(plain, exact);
        Assert.That(own, Is.LessThanOrEqualTo((2 * other) + (exact.Max(Math.Abs) * Tolerances.Epsilon<float>())), () => $"{what}: {own:e2}, plain {other:e2}");
    }

    private static double Largest(float[] actual, double[] exact) => actual.Zip(exact, (a, e) => Math.Abs(a - e)).Max();
}
