using System.Buffers;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>The reference's gradients are the slopes of its outputs, and what gradients refuse.</summary>
[Parallelizable]
public sealed class AttentionGradientTests
{
    [Test]
    public void Gradients_are_finite_differences([Values(0, 0.4)] double dropout)
    {
        AttentionOptions options = new() { Dropout = dropout, Seed = 3, SoftCap = 1.2, AlibiSlopes = [0.3, 0.1], Causal = CausalAlignment.BottomRight, KeyLengths = [6, 4], Prefix = 1 };
        AttentionCase<double> one = new(2, 2, 1, 4, 6, 3, 2, options, [2, 2, 4, 6]);
        double[] weights = AttentionCase<double>.Doubles(one.OutputGradient);
        AttentionResult<double> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias);
        AttentionGradients<double> gradients = Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, options, one.Bias);
        (Tensor<double> Operand, Tensor<double> Gradient)[] all = [(one.Query, gradients.Query), (one.Key, gradients.Key), (one.Value, gradients.Value), (one.Bias!, gradients.Bias!)];
        foreach ((Tensor<double> operand, Tensor<double> gradient) in all)
        {
            Span<double> elements = operand.GetSpan(new nint[4], (int)operand.FlattenedLength);
            double[] expected = gradient.ToArray();
            for (int i = 0; i < elements.Length; i++)
            {
                double kept = elements[i];
                elements[i] = kept + 1e-5;
                double above = Loss();
                elements[i] = kept - 1e-5;
                double below = Loss();
                elements[i] = kept;
                Assert.That((above - below) / 2e-5, Is.EqualTo(expected[i]).Within(1e-9));
            }
        }

        double Loss() => AttentionReference.Forward(one.Problem, one.Inputs).Output.Zip(weights, (x, w) => x * w).Sum();
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        AttentionCase<float> one = new(1, 2, 2, 5, 7, 4, 3, new());
        AttentionResult<float> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value);
        AttentionResult<float> shortSums = forward with { LogSumExp = AttentionCase<float>.Random(1, 1, 2, 4) };
        Refuses("forward.LogSumExp is 1 x 2 x 4; 1 x 2 x 5", () => Attention.Backward(one.Query, one.Key, one.Value, shortSums, one.OutputGradient));
        Refuses("outputGradient has 4 dimensions: batch 1, 2 heads, length 5, width 4; 4 are needed: batch 1, 2 heads, length 5, width 3", () => Attention.Backward(one.Query, one.Key, one.Value, forward, one.Query));
        Tensor<float> bad = AttentionCase<float>.Random(1, 1, 2, 5, 3);
        bad[0, 1, 4, 2] = float.NaN;
        Refuses("the gradient holds NaN at batch 0, head 1, position 4, feature 2", () => Attention.Backward(one.Query, one.Key, one.Value, forward, bad));
        Refuses("there are no parts", () => Attention.Merge(Array.Empty<AttentionResult<float>>()));
        Refuses("outputs need one shape", () => Attention.Merge(forward, shortSums));
        Refuses("x holds NaN in row 4, element 2", () => Softmax.Compute(bad.Reshape([10, 3]).Slice(5..10, NRange.All)));
        Refuses("the mask is 3, x is 1 x 2 x 5 x 4", () => Softmax.Compute(one.Query, Tensor.Create(new bool[3], [(nint)3])));
    }

    private static void Refuses(string words, Action call) => Assert.That(Assert.Throws<ArgumentException>(() => call())!.Message, Does.Contain(words));
}
