using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Errors of float32 attention beside those of a plain float32 implementation, both against float64.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Hosts))]
public sealed class AttentionAccuracyTests(TestEngine engine)
{
    [Test]
    public void Errors_are_at_most_twice_those_of_a_plain_implementation()
    {
        (int Lq, int Lk, int Width)[] shapes = [(40, 7, 40), (40, 33, 64), (33, 100, 80), (20, 128, 128), (17, 300, 33), (16, 1024, 64), (8, 1024, 128), (8, 4096, 32)];
        foreach ((int lq, int lk, int width) in shapes)
        {
            foreach (double scale in (double[])[1 / Math.Sqrt(width), 4 / Math.Sqrt(width)])
            {
                AttentionOptions options = new() { Device = engine.Device, Scale = scale };
                AttentionCase<float> one = new(1, 2, 2, lq, lk, width, width, options);
                double[] exact = AttentionReference.Forward(one.Problem, one.Inputs).Output;
                float[] q = [.. one.Query], k = [.. one.Key], v = [.. one.Value];
                double plain = Largest(PlainAttention.Forward(one.Problem, q, k, v), exact);
                double ours = Largest([.. Attention.Forward(one.Query, one.Key, one.Value, options)], exact);
                TestContext.Out.WriteLine($"{lq} x {lk} x {width}, scale {scale:g3}: {ours:e2}, plain {plain:e2}, ratio {ours / plain:f2}");
                Assert.That(ours, Is.LessThanOrEqualTo(2 * plain), $"{lq} x {lk} x {width}, scale {scale}");
            }
        }
    }

    [Test]
    public void Errors_of_gradients_are_at_most_twice_those_of_a_plain_implementation()
    {
        // With 16 queries or fewer the forward pass sums in another order than the backward one, which the log-sum-exp of a row with one
        // large weight tells: those at the scale of everyday alone.
        (int Lq, int Lk, int Width)[] shapes = [(7, 40, 40), (33, 40, 64), (100, 33, 80), (20, 128, 128), (300, 17, 33), (40, 512, 64), (512, 40, 32)];
        foreach ((int lq, int lk, int width) in shapes)
        {
            foreach (double scale in lq <= 16 ? (double[])[1 / Math.Sqrt(width)] : [1 / Math.Sqrt(width), 4 / Math.Sqrt(width)])
            {
                AttentionOptions options = new() { Device = engine.Device, Scale = scale };
                AttentionCase<float> one = new(1, 2, 2, lq, lk, width, width, options, [1, 2, lq, lk]);
                var exact = AttentionReference.Backward(one.Problem, one.Inputs, AttentionCase<float>.Doubles(one.OutputGradient));
                var plain = PlainAttention.Backward(one.Problem, [.. one.Query], [.. one.Key], [.. one.Value], [.. one.Bias!], [.. one.OutputGradient]);
                AttentionResult<float> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias);
                AttentionGradients<float> ours = Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, options, one.Bias);
                string what = $"{lq} x {lk} x {width}, scale {scale:g3}";
                AtMostTwice($"{what}, dQ", [.. ours.Query], plain.Query, exact.Query);
                AtMostTwice($"{what}, dK", [.. ours.Key], plain.Key, exact.Key);
                AtMostTwice($"{what}, dV", [.. ours.Value], plain.Value, exact.Value);
                AtMostTwice($"{what}, dBias", [.. ours.Bias!], plain.Bias, exact.Bias);
            }
        }
    }

    private static void AtMostTwice(string what, float[] ours, float[] plain, double[] exact)
    {
        double own = Largest(ours, exact), other = Largest(plain, exact);
        TestContext.Out.WriteLine($"{what}: {own:e2}, plain {other:e2}, ratio {own / other:f2}");
        Assert.That(own, Is.LessThanOrEqualTo(2 * other), what);
    }

    private static double Largest(float[] actual, double[] exact) => actual.Zip(exact, (a, e) => Math.Abs(a - e)).Max();
}
