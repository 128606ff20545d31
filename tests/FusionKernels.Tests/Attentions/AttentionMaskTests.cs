using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Blocks of pairs of which a dense mask keeps nothing are not computed, forward and backward; their number is told.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class AttentionMaskTests(TestEngine engine)
{
    private const int Queries = 30, Keys = 1290;

    [Test]
    public void Blocks_that_the_mask_empties_are_passed_over()
    {
        // Of keys in blocks of 128, 64 or 32 the mask keeps some of the first and of the last.
        Tensor<bool> narrow = Mask(key => key is 3 or Keys - 1), all = Mask(_ => true), none = Mask(_ => false);
        (long Forward, long Backward, long Weights) few = Blocks(narrow), many = Blocks(all), no = Blocks(none);
        TestContext.Out.WriteLine($"{few} of {many}");
        Assert.That(no, Is.EqualTo((0L, 0L, 0L)));

        // Two blocks of keys in 11 to 41; a pass with keys in the lanes has blocks of its own.
        Assert.That(few.Forward, Is.GreaterThan(0).And.LessThanOrEqualTo(many.Forward * 2 / 11));
        Assert.That(few.Backward, Is.GreaterThan(0).And.LessThanOrEqualTo(many.Backward * 2 / 11));
        Assert.That(few.Weights, Is.GreaterThan(0).And.LessThanOrEqualTo(many.Weights * 2 / 11));
    }

    /// <summary>Two queries of two heads that share a key head, which lay features in the lanes on the host.</summary>
    [Test]
    public void Few_queries_pass_over_them_too()
    {
        long few = Decoded(Mask(key => key is 3 or Keys - 1)), many = Decoded(Mask(_ => true));
        Assert.That(few, Is.GreaterThan(0).And.LessThanOrEqualTo(many * 2 / 11));
        Assert.That(Decoded(Mask(_ => false)), Is.Zero);

        long Decoded(Tensor<bool> mask)
        {
            long blocks = 0;
            AttentionCase<float> one = new(1, 2, 1, 2, Keys, 8, 6, new() { Device = engine.Device, Mask = mask, Report = report => blocks = ReportedBlocks.Of(report) }, [2, 2, 1]);
            (double[] expected, _) = AttentionReference.Forward(one.Problem, one.Inputs);
            for (int key = 4; key < Keys - 1; key++)
            {
                if (!mask[0, key]) one.Key[0, 0, key, 0] = one.Value[0, 0, key, 5] = float.NaN;
            }

            Tensor<float> output = Attention.Forward(one.Query, one.Key, one.Value, one.Options, one.Bias);
            Assert.That(AttentionCase<float>.Doubles(output), Is.EqualTo(expected).Within(40 * Tolerances.Attention<float>(8, Keys, 4)));
            return blocks;
        }
    }

    private (long Forward, long Backward, long Weights) Blocks(Tensor<bool> mask)
    {
        long blocks = 0;
        AttentionOptions options = new() { Device = engine.Device, Mask = mask, Report = report => blocks = ReportedBlocks.Of(report) };
        AttentionCase<float> one = new(1, 2, 1, Queries, Keys, 8, 6, options, [2, Queries, 1]);
        for (int key = 4; key < Keys - 1; key++)
        {
            if (!mask[0, key]) one.Key[0, 0, key, 0] = one.Value[0, 0, key, 5] = float.NaN;
        }

        AttentionResult<float> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias);
        long forward = blocks;
        AttentionGradients<float> gradients = Attention.Backward(one.Query, one.Key, one.Value, result, one.OutputGradient, options, one.Bias);
        long backward = blocks;
        Tensor<float> weights = Attention.Weights(one.Query, one.Key, options, one.Bias);
        AttentionCase<float> clean = new(1, 2, 1, Queries, Keys, 8, 6, options, [2, Queries, 1]);
        (double[] output, double[] logSumExp) = AttentionReference.Forward(clean.Problem, clean.Inputs);
        (double[] query, double[] key0, double[] value, _) = AttentionReference.Backward(clean.Problem, clean.Inputs, AttentionCase<float>.Doubles(clean.OutputGradient));
        double tolerance = 40 * Tolerances.Attention<float>(8, Keys, 4);
        foreach ((Tensor<float> actual, double[] expected) in new[] { (result.Output, output), (result.LogSumExp, logSumExp), (gradients.Query, query), (gradients.Key, key0), (gradients.Value, value) })
        {
            Assert.That(AttentionCase<float>.Doubles(actual), Is.EqualTo(expected).Within(tolerance));
        }

        for (int i = 0; i < Keys; i++) Assert.That(weights[0, 1, 7, i] > 0, Is.EqualTo(mask[0, i]));
        return (forward, backward, blocks);
    }

    private static Tensor<bool> Mask(Func<int, bool> keeps) => Tensor.Create([.. Enumerable.Range(0, Keys).Select(keeps)], [1, Keys]);
}
