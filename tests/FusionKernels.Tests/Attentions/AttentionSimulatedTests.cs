using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Every feature in the smallest of cases on devices simulated at two sizes of a warp, where no other device is at hand.</summary>
[TestFixtureSource(typeof(AttentionFixtures), nameof(AttentionFixtures.Simulated))]
public sealed class AttentionSimulatedTests(TestEngine engine)
{
    private const int Queries = 5, Keys = 11;

    private static readonly Tensor<bool> s_mask = Tensor.Create([.. Enumerable.Range(0, Queries * Keys).Select(pair => pair % 3 != 1 && pair / Keys != 4)], [(nint)Queries, Keys]);

    /// <summary>Options, and the shape of a bias.</summary>
    private static readonly Dictionary<string, (AttentionOptions Options, nint[]? Bias)> s_features = new()
    {
        ["plain"] = (new(), null),
        ["top left"] = (new() { Causal = CausalAlignment.TopLeft }, null),
        ["bottom right"] = (new() { Causal = CausalAlignment.BottomRight }, null),
        ["window"] = (new() { WindowLeft = 2, WindowRight = 1 }, null),
        ["prefix"] = (new() { Causal = CausalAlignment.BottomRight, WindowLeft = 1, Prefix = 2 }, null),
        ["key lengths"] = (new() { KeyLengths = [4, 0] }, null),
        ["ALiBi"] = (new() { AlibiSlopes = [0.5, 0.1, 0, 0.3] }, null),
        ["soft cap"] = (new() { SoftCap = 0.7, Scale = 2 }, null),
        ["dense mask"] = (new() { Mask = s_mask }, null),
        ["dropout"] = (new() { Dropout = 0.3, Seed = 17 }, null),
        ["bias"] = (new(), [2, 4, Queries, Keys]),
        ["shared bias"] = (new(), [Keys]),
        ["all"] = (new() { Causal = CausalAlignment.BottomRight, WindowLeft = 6, Prefix = 1, KeyLengths = [11, 7], AlibiSlopes = [0.5, 0.1, 0, 0.3], SoftCap = 2, Mask = s_mask, Dropout = 0.2, Seed = 3 }, [4, 1, Keys]),
    };

    private static IEnumerable<string> Features => s_features.Keys;

    private AttentionOptions Plain => new() { Device = engine.Device };

    [TestCaseSource(nameof(Features))]
    public void Results_and_gradients_are_those_of_the_reference(string feature)
    {
        (AttentionOptions options, nint[]? bias) = s_features[feature];
        AttentionCase<float> one = new(2, 4, 2, Queries, Keys, 3, 2, options with { Device = engine.Device }, bias);
        (double[] output, double[] logSumExp) = AttentionReference.Forward(one.Problem, one.Inputs);
        (double[] query, double[] key, double[] value, double[] pairs) = AttentionReference.Backward(one.Problem, one.Inputs, AttentionCase<float>.Doubles(one.OutputGradient));
        AttentionResult<float> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options, one.Bias);
        AttentionGradients<float> gradients = Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, one.Options, one.Bias);
        double tolerance = 10 * Tolerances.Attention<float>(3, Keys, 4) * one.Problem.KeepScale;
        Agrees(forward.Output, output, tolerance, "output");
        Agrees(forward.LogSumExp, logSumExp, tolerance, "log-sum-exp");
        Agrees(gradients.Query, query, tolerance, "dQ");
        Agrees(gradients.Key, key, tolerance, "dK");
        Agrees(gradients.Value, value, tolerance, "dV");
        if (one.Bias is null) return;
        double[] summed = new double[gradients.Bias!.FlattenedLength];
        for (int i = 0; i < pairs.Length; i++) summed[one.BiasIndex(i)] += pairs[i];
        Agrees(gradients.Bias, summed, 4 * tolerance, "dBias");
    }

    [Test]
    public void Weights_are_those_of_the_host()
    {
        AttentionCase<float> one = new(1, 2, 1, Queries, Keys, 3, 2, Plain with { Causal = CausalAlignment.BottomRight, Mask = s_mask, Dropout = 0.3, Seed = 2 });
        Tensor<float> weights = Attention.Weights(one.Query, one.Key, one.Options), expected = Attention.Weights(one.Query, one.Key, one.Options with { Device = HostExecution.Device });
        Agrees(weights, AttentionCase<float>.Doubles(expected), Tolerances.Attention<float>(3, Keys, 4), "weights");
    }

    [Test]
    public void Packed_sequences_are_as_if_alone()
    {
        int[] starts = [0, 3, 3, 7], keyStarts = [0, 4, 6, 11];
        AttentionOptions options = Plain with { Causal = CausalAlignment.BottomRight }, host = options with { Device = HostExecution.Device };
        Tensor<float> q = AttentionCase<float>.Random(1, 7, 2, 3), k = AttentionCase<float>.Random(2, 11, 1, 3), v = AttentionCase<float>.Random(3, 11, 1, 2), gradient = AttentionCase<float>.Random(4, 7, 2, 2);
        AttentionResult<float> forward = Attention.ForwardPacked(q, k, v, starts, keyStarts, options), expected = Attention.ForwardPacked(q, k, v, starts, keyStarts, host);
        AttentionGradients<float> slopes = Attention.BackwardPacked(q, k, v, starts, keyStarts, forward, gradient, options), expectedSlopes = Attention.BackwardPacked(q, k, v, starts, keyStarts, expected, gradient, host);
        double tolerance = 10 * Tolerances.Attention<float>(3, Keys, 4);
        (Tensor<float>, Tensor<float>)[] pairs = [(forward.Output, expected.Output), (forward.LogSumExp, expected.LogSumExp), (slopes.Query, expectedSlopes.Query), (slopes.Key, expectedSlopes.Key), (slopes.Value, expectedSlopes.Value)];
        foreach ((Tensor<float> actual, Tensor<float> wanted) in pairs) Agrees(actual, AttentionCase<float>.Doubles(wanted), tolerance, "packed");
        Tensor<float> weights = Attention.WeightsPacked(q, k, starts, keyStarts, options), expectedWeights = Attention.WeightsPacked(q, k, starts, keyStarts, host);
        Agrees(weights, AttentionCase<float>.Doubles(expectedWeights), tolerance, "weights");

        using DeviceTensor<float> onQ = engine.Device.Upload(q), onK = engine.Device.Upload(k), onV = engine.Device.Upload(v), onGradient = engine.Device.Upload(gradient);
        using DeviceAttentionResult<float> resident = Attention.ForwardPacked(onQ, onK, onV, starts, keyStarts, options);
        using DeviceAttentionGradients<float> residentSlopes = Attention.BackwardPacked(onQ, onK, onV, starts, keyStarts, resident, onGradient, options);
        Assert.That(resident.Output.Download().SequenceEqual(forward.Output) && resident.LogSumExp.Download().SequenceEqual(forward.LogSumExp));
        Assert.That(residentSlopes.Query.Download().SequenceEqual(slopes.Query) && residentSlopes.Key.Download().SequenceEqual(slopes.Key) && residentSlopes.Value.Download().SequenceEqual(slopes.Value));
    }

    /// <summary>Sequences of 3, 0 and 4 queries; the first keys of each, and the others.</summary>
    [Test]
    public void Packed_parts_merge_to_the_whole_on_the_device()
    {
        int[] starts = [0, 3, 3, 7];
        Tensor<float> q = AttentionCase<float>.Random(1, 7, 2, 3), k = AttentionCase<float>.Random(2, 11, 1, 3), v = AttentionCase<float>.Random(3, 11, 1, 2);
        using DeviceTensor<float> onQ = engine.Device.Upload(q), onK = engine.Device.Upload(k), onV = engine.Device.Upload(v);
        Tensor<bool> early = Tensor.Create([.. Enumerable.Range(0, 5).Select(key => key < 2)], [(nint)5]), late = Tensor.Create([.. Enumerable.Range(0, 5).Select(key => key >= 2)], [(nint)5]);
        using DeviceAttentionResult<float> whole = Part(null), first = Part(early), second = Part(late), merged = Attention.MergePacked(first, second);
        Agrees(merged.Output.Download(), AttentionCase<float>.Doubles(whole.Output.Download()), Tolerances.Attention<float>(3, Keys, 4), "output");
        Agrees(merged.LogSumExp.Download(), AttentionCase<float>.Doubles(whole.LogSumExp.Download()), Tolerances.Attention<float>(3, Keys, 4), "log-sum-exp");

        DeviceAttentionResult<float> Part(Tensor<bool>? mask) => Attention.ForwardPacked(onQ, onK, onV, starts, [0, 4, 6, 11], Plain with { Mask = mask });
    }

    [Test]
    public void Parts_merge_to_the_whole_on_the_device()
    {
        AttentionCase<float> one = new(1, 2, 1, Queries, Keys, 3, 2, Plain);
        using DeviceTensor<float> q = engine.Device.Upload(one.Query), k = engine.Device.Upload(one.Key), v = engine.Device.Upload(one.Value);
        using DeviceAttentionResult<float> whole = Attention.ForwardWithLogSumExp(q, k, v), early = Attention.ForwardWithLogSumExp(q, k, v, Plain with { KeyLengths = [4] });
        using DeviceAttentionResult<float> late = Attention.ForwardWithLogSumExp(q, k, v, Plain with { Mask = Tensor.Create([.. Enumerable.Range(0, Keys).Select(key => key >= 4)], [(nint)Keys]) });
        using DeviceAttentionResult<float> merged = Attention.Merge(early, late);
        Agrees(merged.Output.Download(), AttentionCase<float>.Doubles(whole.Output.Download()), Tolerances.Attention<float>(3, Keys, 4), "output");
        Agrees(merged.LogSumExp.Download(), AttentionCase<float>.Doubles(whole.LogSumExp.Download()), Tolerances.Attention<float>(3, Keys, 4), "log-sum-exp");
    }

    [Test]
    public void A_cache_in_16_bits_answers_a_query_through_a_mask()
    {
        Tensor<float> q = Tensor.CreateFromShape<float>([1, 1, 1, 4]), k = AttentionCase<float>.Random(1, 1, 1, 3, 4), v = Tensor.Create([1f, 2, 4], [1, 1, 3, 1]);
        using KeyValueCache<float> cache = new(1, 1, 4, 1, 128, engine.Device, AttentionStorage.Float16);
        cache.Append(k, v);
        AttentionResult<float> result = Attention.Decode(q, cache, new() { Mask = Tensor.Create([true, false, true], [(nint)3]) });
        Assert.That(result.Output[0, 0, 0, 0], Is.EqualTo(2.5f).Within(1e-6f));
        Assert.That(result.LogSumExp[0, 0, 0], Is.EqualTo(MathF.Log(2)).Within(1e-6f));
    }

    [Test]
    public void Pages_of_several_sequences_answer_as_those_of_the_host()
    {
        using KeyValueCache<float> cache = new(2, 2, 3, 2, 128, engine.Device), host = new(2, 2, 3, 2, 16);
        Tensor<float> k = AttentionCase<float>.Random(1, 2, 150, 3), v = AttentionCase<float>.Random(2, 2, 150, 2);
        foreach (KeyValueCache<float> one in new[] { cache, host })
        {
            one.Append(1, k, v);
            one.Append(0, k[.., ..7, ..], v[.., ..7, ..]);
        }

        Assert.That(cache.PagesInUse, Is.EqualTo(3));
        AttentionOptions options = new() { Causal = CausalAlignment.BottomRight, WindowLeft = 140, Prefix = 3, SoftCap = 4, AlibiSlopes = [0.1, 0.02, 0.3, 0] };
        Tensor<float> q = AttentionCase<float>.Random(5, 2, 4, 2, 3), bias = AttentionCase<float>.Random(6, 4, 1, 150);
        AttentionResult<float> actual = Attention.Decode(q, cache, options, bias), expected = Attention.Decode(q, host, options, bias);
        Agrees(actual.Output, AttentionCase<float>.Doubles(expected.Output), 2 * Tolerances.Attention<float>(3, 150, 4), "output");
        Agrees(actual.LogSumExp, AttentionCase<float>.Doubles(expected.LogSumExp), 2 * Tolerances.Attention<float>(3, 150, 4), "log-sum-exp");
    }

    [Test]
    public void What_no_query_sees_changes_no_bit([Values(double.NaN, 1e10)] double poison)
    {
        foreach (MaskedKeys<float> masked in MaskedKeys<float>.All(1, Queries, Keys)) masked.ChangeNothing(engine.Device, 1, Queries, Keys, poison);
    }

    private static void Agrees(Tensor<float> actual, double[] expected, double tolerance, string what) =>
        Assert.That(AttentionCase<float>.Doubles(actual), Is.EqualTo(expected).Within(tolerance), what);
}
