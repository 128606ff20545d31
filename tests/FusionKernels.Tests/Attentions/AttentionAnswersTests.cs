using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Answers worked out by hand, and what is refused.</summary>
[Parallelizable]
public sealed class AttentionAnswersTests
{
    private static readonly double[] s_three = [1, 2, 4];

    [Test]
    public void Equal_scores_give_means()
    {
        // Queries of 0 attend to all that they see alike, so outputs are means of the values.
        (AttentionOptions Options, double[] Expected)[] cases =
        [
            (new(), [7 / 3.0, 7 / 3.0]),
            (new() { Causal = CausalAlignment.TopLeft }, [1, 1.5]),
            (new() { Causal = CausalAlignment.BottomRight }, [1.5, 7 / 3.0]),
            (new() { Causal = CausalAlignment.BottomRight, WindowLeft = 0 }, [2, 4]),
            (new() { Causal = CausalAlignment.TopLeft, Prefix = 3 }, [7 / 3.0, 7 / 3.0]),
            (new() { WindowLeft = 0, WindowRight = 0 }, [1, 2]),
            (new() { WindowRight = 0, WindowLeft = 1 }, [1, 1.5]),
            (new() { KeyLengths = [2] }, [1.5, 1.5]),
            (new() { KeyLengths = [1], Causal = CausalAlignment.BottomRight }, [0, 1]),
            (new() { KeyLengths = [0] }, [0, 0]),
            (new() { Mask = Tensor.Create([true, false, true], [(nint)3]) }, [2.5, 2.5]),
            (new() { Mask = Tensor.Create([false, true], [(nint)2, 1]) }, [0, 7 / 3.0]),
        ];
        foreach ((AttentionOptions options, double[] expected) in cases)
        {
            Tensor<double> output = Attention.Forward(Zeros(2, 1), Zeros(3, 1), Tensor.Create(s_three, [(nint)3, 1]), options);
            Assert.That(output.ToArray(), Is.EqualTo(expected).Within(1e-15), options.ToString());
        }
    }

    [Test]
    public void Log_sum_exps_count_what_is_seen()
    {
        AttentionResult<double> result = Attention.ForwardWithLogSumExp(
            Zeros(2, 1), Zeros(3, 1), Tensor.Create(s_three, [(nint)3, 1]), new() { Causal = CausalAlignment.BottomRight, KeyLengths = [1] });
        Assert.That(result.LogSumExp.ToArray(), Is.EqualTo(new[] { double.NegativeInfinity, 0 }).Within(1e-15));
        Assert.That(result.LogSumExp.Lengths.ToArray(), Is.EqualTo(new nint[] { 2 }));
    }

    [Test]
    public void Scale_cap_bias_and_distance_act_on_scores()
    {
        // One query against two keys: the output is the logistic function of the difference of the scores 3 and 1.
        Tensor<double> q = Tensor.Create([1.0], [(nint)1, 1]), k = Tensor.Create([3.0, 1], [(nint)2, 1]), v = Tensor.Create([1.0, 0], [(nint)2, 1]);
        (AttentionOptions Options, double Difference)[] cases =
        [
            (new(), 2), (new() { Scale = 0.5 }, 1), (new() { SoftCap = 2 }, 2 * (Math.Tanh(1.5) - Math.Tanh(0.5))), (new() { AlibiSlopes = [0.75] }, 2.75),
        ];
        foreach ((AttentionOptions options, double difference) in cases)
        {
            Assert.That(Attention.Forward(q, k, v, options)[0, 0], Is.EqualTo(1 / (1 + Math.Exp(-difference))).Within(1e-14), options.ToString());
        }

        Tensor<double> bias = Tensor.Create([0, 5.0], [(nint)2]);
        Assert.That(Attention.Forward(q, k, v, bias: bias)[0, 0], Is.EqualTo(1 / (1 + Math.Exp(3))).Within(1e-14));
    }

    [Test]
    public void Stored_operands_are_rounded_and_sums_are_not()
    {
        // 1 + 2^-9 + 2^-20 in float16 is 1 + 2^-9, in bfloat16 1; 1 + 3 * 2^-8 is a tie that goes up.
        float x = 1 + MathF.ScaleB(1, -9) + MathF.ScaleB(1, -20), tie = 1 + (3 * MathF.ScaleB(1, -8));
        Tensor<float> q = Floats(1, 4), v = Tensor.Create([x, tie, 1, 70000], [1, 4]);
        Assert.That(Attention.Forward(q, q, v).ToArray(), Is.EqualTo(new[] { x, tie, 1, 70000 }).Within(0));
        Assert.That(Attention.Forward(q, q, v, new() { Storage = AttentionStorage.BFloat16 }).ToArray(), Is.EqualTo(new[] { 1, 1 + MathF.ScaleB(1, -6), 1, 70144 }).Within(0));
        Refuses("v holds", () => Attention.Forward(q, q, v, new() { Storage = AttentionStorage.Float16 }), "feature 3");
        v[0, 3] = 65504;
        Assert.That(Attention.Forward(q, q, v, new() { Storage = AttentionStorage.Float16 }).ToArray(), Is.EqualTo(new[] { 1 + MathF.ScaleB(1, -9), tie, 1, 65504 }).Within(0));
        Assert.That(() => Attention.Forward(Zeros(1, 1), Zeros(1, 1), Zeros(1, 1), new() { Storage = AttentionStorage.Float16 }), Throws.TypeOf<NotSupportedException>());

        AttentionCase<float> one = new(1, 2, 1, 30, 40, 8, 8, new());
        AttentionOptions half = new() { Storage = AttentionStorage.Float16 };
        AttentionResult<float> exact = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value), stored = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, half);
        Assert.That(stored.Output.ToArray(), Is.EqualTo(exact.Output.ToArray()).Within(2e-3f).And.Not.EqualTo(exact.Output.ToArray()));
        Tensor<float> expected = Attention.Backward(one.Query, one.Key, one.Value, exact, one.OutputGradient).Key;
        Assert.That(Attention.Backward(one.Query, one.Key, one.Value, stored, one.OutputGradient, half).Key.ToArray(), Is.EqualTo(expected.ToArray()).Within(5e-3f));
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Tensor<float> q = Floats(2, 4, 5, 8), k = Floats(2, 2, 7, 8), v = Floats(2, 2, 7, 3);
        Refuses("q is 8 wide, k is 6", () => Attention.Forward(q, Floats(2, 2, 7, 6), v), "q is 2 x 4 x 5 x 8, k is 2 x 2 x 7 x 6");
        Refuses("q is 8 wide, k is 6", () => Attention.Weights(Floats(5, 4, 8), Floats(7, 2, 6), new() { Layout = AttentionLayout.BatchLengthHeadsWidth }), "q is 5 x 4 x 8, k is 7 x 2 x 6");
        Refuses("k has 7 keys, v has 6", () => Attention.Forward(q, k, Floats(2, 2, 6, 3)), "k is 2 x 2 x 7 x 8, v is 2 x 2 x 6 x 3");
        Refuses("q has 4 heads, k has 3", () => Attention.Forward(q, Floats(2, 3, 7, 8), Floats(2, 3, 7, 3)), "q is 2 x 4 x 5 x 8, k is 2 x 3 x 7 x 8");
        Refuses("k has 2 heads, v has 1", () => Attention.Forward(q, k, Floats(2, 1, 7, 3)), "k is 2 x 2 x 7 x 8, v is 2 x 1 x 7 x 3");
        Refuses("k has 4 dimensions and a batch of 2, v has 3 and 1", () => Attention.Forward(q, k, Floats(2, 7, 3)), "k is 2 x 2 x 7 x 8, v is 2 x 7 x 3");
        Refuses("batch of 2, k of 1", () => Attention.Forward(q, Floats(1, 2, 7, 8), Floats(1, 2, 7, 3)), "q is 2 x 4 x 5 x 8, k is 1 x 2 x 7 x 8");
        Refuses("q has 4 dimensions, k has 3", () => Attention.Forward(q, Floats(2, 7, 8), v), "q is 2 x 4 x 5 x 8, k is 2 x 7 x 8");
        Refuses("q has 3 dimensions, k has 2", () => Attention.Forward(Floats(4, 5, 8), Floats(7, 8), v), "q is 4 x 5 x 8, k is 7 x 8");
        Refuses("'q' is 8; length x width", () => Attention.Forward(Floats(8), k, v));
        Refuses("q is 513 wide", () => Attention.Forward(Floats(2, 513), Floats(3, 513), Floats(3, 1)));
        Refuses("'Mask' is 5 x 6; 2 x 4 x 5 x 7", () => Attention.Forward(q, k, v, new() { Mask = Tensor.Create(new bool[30], [(nint)5, 6]) }));
        Refuses("'bias' is 3 x 1 x 1; 2 x 4 x 5 x 7", () => Attention.Forward(q, k, v, bias: Floats(3, 1, 1)));
        Refuses("the key length of item 1 is -1; 0 to 7", () => Attention.Forward(q, k, v, new() { KeyLengths = [3, -1] }), "k is 2 x 2 x 7 x 8");
        Refuses("the key length of item 0 is 8", () => Attention.Forward(q, k, v, new() { KeyLengths = [8, 1] }), "k is 2 x 2 x 7 x 8");
        Refuses("1 key lengths for a batch of 2", () => Attention.Forward(q, k, v, new() { KeyLengths = [3] }), "k is 2 x 2 x 7 x 8");
        Refuses("2 ALiBi slopes for 4 query heads", () => Attention.Forward(q, k, v, new() { AlibiSlopes = [1, 2] }));
        Refuses("SoftCap is -1", () => Attention.Forward(q, k, v, new() { SoftCap = -1 }));
        Refuses("WindowLeft is -1", () => Attention.Forward(q, k, v, new() { WindowLeft = -1 }));
        Refuses("Prefix is -2", () => Attention.Forward(q, k, v, new() { Prefix = -2 }));
        Refuses("Dropout is 1; a probability of 0 to below 1", () => Attention.Forward(q, k, v, new() { Dropout = 1 }));
        Refuses("Scale is NaN", () => Attention.Forward(q, k, v, new() { Scale = double.NaN }));
        Refuses("width 4", () => Attention.Forward<float>(q.AsReadOnlyTensorSpan(), k.AsReadOnlyTensorSpan(), v.AsReadOnlyTensorSpan(), Floats(2, 4, 5, 4).AsTensorSpan()), "destination is 2 x 4 x 5 x 4, q is 2 x 4 x 5 x 8");
    }

    [Test]
    public void What_is_seen_must_be_finite()
    {
        foreach (float poison in new[] { float.NaN, float.PositiveInfinity })
        {
            Tensor<float> q = Floats(1, 2, 5, 4), k = Floats(1, 1, 60, 4), v = Floats(1, 1, 60, 4);
            q[0, 1, 3, 2] = poison;
            k[0, 0, 0, 0] = q[0, 0, 0, 0] = 1;
            Refuses("q holds", () => Attention.Forward(q, k, v), "batch 0, head 1, position 3, feature 2");
            Tensor<float> badV = Floats(1, 1, 60, 4);
            badV[0, 0, 59, 1] = poison;
            Refuses("v holds", () => Attention.Forward(Floats(1, 2, 5, 4), k, badV), "batch 0, head 0, position 59, feature 1");
            Assert.That(() => Attention.Forward(Floats(1, 2, 5, 4), k, badV, new() { KeyLengths = [59] }), Throws.Nothing);
        }

        Tensor<float> large = Floats(1, 1, 1, 2);
        large[0, 0, 0, 0] = 1e30f;
        NumericalException? overflow = Assert.Throws<NumericalException>(() => Attention.Forward(large, large, large));
        Assert.That(overflow!.Message, Does.Contain("exceeds the range"));
    }

    private static void Refuses(string words, Action call, string more = "")
    {
        ArgumentException? refusal = Assert.Throws<ArgumentException>(() => call());
        Assert.That(refusal!.Message, Does.Contain(words).And.Contain(more));
    }

    private static Tensor<double> Zeros(params nint[] lengths) => Tensor.CreateFromShape<double>(lengths);

    private static Tensor<float> Floats(params nint[] lengths)
    {
        Tensor<float> tensor = Tensor.CreateFromShape<float>(lengths);
        tensor.Fill(0.5f);
        return tensor;
    }
}
