using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Dropout: one mask for every pass, tile and thread, at every width of the host.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Hosts))]
[Parallelizable]
public sealed class AttentionDropoutTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AttentionOptions Dropped => new() { Device = engine.Device, Dropout = 0.3, Seed = 0x123456789ABCDEF };

    [Test]
    public void Outputs_and_gradients_are_those_of_the_reference_with_the_same_mask()
    {
        (int Lq, int Lk, AttentionOptions Options)[] cases =
        [
            (1, 1, Dropped),
            (7, 9, Dropped with { Dropout = 0.9 }),
            (49, 131, Dropped),
            (60, 150, Dropped with { Causal = CausalAlignment.BottomRight, WindowLeft = 30, SoftCap = 2 }),
        ];
        foreach ((int lq, int lk, AttentionOptions options) in cases)
        {
            AttentionCase<T> one = new(2, 4, 2, lq, lk, 6, 5, options, [lq, lk]);
            AttentionResult<T> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias);
            AttentionGradients<T> gradients = Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, options, one.Bias);
            (double[] output, double[] logSumExp) = AttentionReference.Forward(one.Problem, one.Inputs);
            (double[] dQuery, double[] dKey, double[] dValue, double[] _) =
                AttentionReference.Backward(one.Problem, one.Inputs, AttentionCase<T>.Doubles(one.OutputGradient));
            Agrees(forward.Output, output, one);
            Agrees(forward.LogSumExp, logSumExp, one);
            Agrees(gradients.Query, dQuery, one);
            Agrees(gradients.Key, dKey, one);
            Agrees(gradients.Value, dValue, one);
        }
    }

    [Test]
    public void The_log_sum_exp_does_not_change_and_seeds_and_threads_decide_what_they_should()
    {
        AttentionCase<T> one = new(2, 2, 1, 70, 140, 8, 8, Dropped);
        AttentionResult<T> kept = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Dropped with { Dropout = 0 });
        AttentionResult<T> dropped = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, Dropped);
        Assert.That(dropped.LogSumExp.SequenceEqual(kept.LogSumExp));
        Assert.That(dropped.Output.SequenceEqual(kept.Output), Is.False);
        Assert.That(Attention.Forward(one.Query, one.Key, one.Value, Dropped with { Threads = 1 }).SequenceEqual(dropped.Output));
        Assert.That(Attention.Forward(one.Query, one.Key, one.Value, Dropped with { Seed = 1 }).SequenceEqual(dropped.Output), Is.False);
    }

    [Test]
    public void Weights_are_dropped_by_the_same_mask_and_scaled()
    {
        AttentionCase<T> one = new(2, 2, 1, 50, 140, 6, 5, Dropped);
        Tensor<T> kept = Attention.Weights(one.Query, one.Key, Dropped with { Dropout = 0 }), dropped = Attention.Weights(one.Query, one.Key, Dropped);
        int zeros = 0;
        for (int query = 0; query < 50; query++)
        {
            for (int key = 0; key < 140; key++)
            {
                double factor = AttentionReference.KeepFactor(one.Problem, 1, 1, query, key);
                Assert.That(double.CreateChecked(dropped[1, 1, query, key]), Is.EqualTo(factor * double.CreateChecked(kept[1, 1, query, key])).Within(2 * Tolerances.Epsilon<T>()));
                if (factor == 0) zeros++;
            }
        }

        // 7000 draws: four standard deviations.
        Assert.That(zeros / 7000.0, Is.EqualTo(0.3).Within(4 * Math.Sqrt(0.3 * 0.7 / 7000)));
    }

    private static void Agrees(Tensor<T> actual, double[] expected, AttentionCase<T> one) => Assert.That(
        AttentionCase<T>.Doubles(actual),
        Is.EqualTo(expected).Within(4 * one.Problem.KeepScale * Tolerances.Attention<T>(one.Problem.Width, one.Problem.Keys, 4)));
}
