using System.Buffers;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Devices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Attention of tensors that live on a device, and what only devices do; few forms of the kernels, since each is compiled anew.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class AttentionDeviceTests(TestEngine engine)
{
    private AttentionOptions Plain => new() { Device = engine.Device };

    [Test]
    public void Many_small_problems_are_one_launch()
    {
        AcceleratorEngine accelerator = (AcceleratorEngine)engine.Shared;
        AttentionCase<float> one = new(64, 2, 1, 24, 20, 8, 8, Plain with { KeyLengths = [.. Enumerable.Range(0, 64).Select(i => i % 21)], Causal = CausalAlignment.BottomRight });
        long before = accelerator.Launches;
        Check(one);
        Assert.That(accelerator.Launches - before, Is.EqualTo(1));
    }

    [Test]
    public void Results_of_resident_tensors_are_those_of_copied_ones_bit_for_bit()
    {
        AttentionCase<float> one = new(2, 4, 2, 20, 24, 8, 12, Plain with { Causal = CausalAlignment.BottomRight, SoftCap = 3, Dropout = 0.25, Seed = 5 }, [4, 1, 24]);
        AttentionResult<float> expected = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options, one.Bias);
        AttentionGradients<float> expectedGradients = Attention.Backward(one.Query, one.Key, one.Value, expected, one.OutputGradient, one.Options, one.Bias);
        int live = engine.LiveBuffers;
        using (DeviceTensor<float> q = Upload(one.Query), k = Upload(one.Key), v = Upload(one.Value), bias = Upload(one.Bias!), gradient = Upload(one.OutputGradient))
        {
            using DeviceAttentionResult<float> result = Attention.ForwardWithLogSumExp(q, k, v, one.Options, bias);
            using DeviceTensor<float> output = Attention.Forward(q, k, v, one.Options, bias);
            using DeviceAttentionGradients<float> gradients = Attention.Backward(q, k, v, result, gradient, one.Options, bias);
            Assert.That(result.Output.Download().SequenceEqual(expected.Output) && output.Download().SequenceEqual(expected.Output));
            Assert.That(result.LogSumExp.Download().SequenceEqual(expected.LogSumExp));
            AttentionGradients<float> actual = gradients.Download();
            Assert.That(actual.Query.SequenceEqual(expectedGradients.Query) && actual.Key.SequenceEqual(expectedGradients.Key));
            Assert.That(actual.Value.SequenceEqual(expectedGradients.Value) && actual.Bias!.SequenceEqual(expectedGradients.Bias!));
        }

        Assert.That(engine.LiveBuffers, Is.EqualTo(live));
    }

    [Test]
    public void Dropout_drops_what_the_reference_drops()
    {
        AttentionOptions options = Plain with { Dropout = 0.4, Seed = 0xFEDCBA9876543210, Causal = CausalAlignment.TopLeft };
        AttentionCase<float> one = new(2, 4, 2, 20, 30, 8, 12, options);
        Check(one);
    }

    [Test]
    [Category("Slow")]
    public void Weights_are_dropped_as_the_host_drops_them()
    {
        AttentionOptions options = Plain with { Dropout = 0.4, Seed = 0xFEDCBA9876543210, Causal = CausalAlignment.TopLeft };
        AttentionCase<float> one = new(2, 4, 2, 20, 30, 8, 12, options);
        Tensor<float> weights = Attention.Weights(one.Query, one.Key, options), own = Attention.Weights(one.Query, one.Key, options with { Device = null });
        Assert.That(weights.Select(weight => weight == 0).SequenceEqual(own.Select(weight => weight == 0)), "which weights are kept");
    }

    [Test]
    public void Parts_of_the_keys_merge_on_the_device()
    {
        AttentionCase<float> one = new(2, 2, 2, 20, 30, 8, 12, Plain);
        using DeviceTensor<float> q = Upload(one.Query), k = Upload(one.Key), v = Upload(one.Value);
        using DeviceTensor<float> early = Upload(Part(one.Key, 0, 13)), late = Upload(Part(one.Key, 13, 30)), earlyV = Upload(Part(one.Value, 0, 13)), lateV = Upload(Part(one.Value, 13, 30));
        using DeviceAttentionResult<float> whole = Attention.ForwardWithLogSumExp(q, k, v, Plain), none = Attention.ForwardWithLogSumExp(q, k, v, Plain with { KeyLengths = [0, 0] });
        using DeviceAttentionResult<float> first = Attention.ForwardWithLogSumExp(q, early, earlyV, Plain), second = Attention.ForwardWithLogSumExp(q, late, lateV, Plain);
        using DeviceAttentionResult<float> merged = Attention.Merge(none, first, second), empty = Attention.Merge(none);
        double tolerance = Tolerances.Attention<float>(8, 30, 3);
        Assert.That(AttentionCase<float>.Doubles(merged.Output.Download()), Is.EqualTo(AttentionCase<float>.Doubles(whole.Output.Download())).Within(tolerance));
        Assert.That(AttentionCase<float>.Doubles(merged.LogSumExp.Download()), Is.EqualTo(AttentionCase<float>.Doubles(whole.LogSumExp.Download())).Within(tolerance));
        Assert.That(empty.Output.Download().All(x => x == 0) && empty.LogSumExp.Download().All(float.IsNegativeInfinity));
    }

    [Test]
    public void Packed_sequences_are_items_of_one_launch()
    {
        int[] starts = [0, 5, 5, 24, 40], keyStarts = [0, 7, 9, 9, 33];
        Tensor<float> q = AttentionCase<float>.Random(1, 40, 2, 8), k = AttentionCase<float>.Random(2, 33, 2, 8), v = AttentionCase<float>.Random(3, 33, 2, 12), gradient = AttentionCase<float>.Random(4, 40, 2, 12);
        AttentionOptions options = Plain with { Causal = CausalAlignment.BottomRight }, host = options with { Device = HostExecution.Device };
        AttentionResult<float> actual = Attention.ForwardPacked(q, k, v, starts, keyStarts, options), expected = Attention.ForwardPacked(q, k, v, starts, keyStarts, host);
        AttentionGradients<float> a = Attention.BackwardPacked(q, k, v, starts, keyStarts, actual, gradient, options), e = Attention.BackwardPacked(q, k, v, starts, keyStarts, expected, gradient, host);
        double tolerance = 10 * Tolerances.Attention<float>(8, 40, 3);
        foreach ((Tensor<float> x, Tensor<float> y) in new[] { (actual.Output, expected.Output), (actual.LogSumExp, expected.LogSumExp), (a.Query, e.Query), (a.Key, e.Key), (a.Value, e.Value) })
        {
            Assert.That(AttentionCase<float>.Doubles(x), Is.EqualTo(AttentionCase<float>.Doubles(y)).Within(tolerance));
        }
    }

    [Test]
    public void Packed_sequences_on_the_device_stay_there()
    {
        int[] starts = [0, 5, 5, 24, 40], keyStarts = [0, 7, 9, 9, 33];
        Tensor<float> q = AttentionCase<float>.Random(1, 40, 2, 8), k = AttentionCase<float>.Random(2, 33, 2, 8), v = AttentionCase<float>.Random(3, 33, 2, 12), gradient = AttentionCase<float>.Random(4, 40, 2, 12);
        AttentionOptions options = Plain with { Causal = CausalAlignment.BottomRight };
        AttentionResult<float> expected = Attention.ForwardPacked(q, k, v, starts, keyStarts, options);
        AttentionGradients<float> expectedGradients = Attention.BackwardPacked(q, k, v, starts, keyStarts, expected, gradient, options);
        int live = engine.LiveBuffers;
        using (DeviceTensor<float> onQ = Upload(q), onK = Upload(k), onV = Upload(v), onGradient = Upload(gradient))
        {
            using DeviceAttentionResult<float> forward = Attention.ForwardPacked(onQ, onK, onV, starts, keyStarts, options), merged = Attention.MergePacked(forward);
            using DeviceAttentionGradients<float> gradients = Attention.BackwardPacked(onQ, onK, onV, starts, keyStarts, forward, onGradient, options);
            Assert.That(forward.Output.Download().SequenceEqual(expected.Output) && forward.LogSumExp.Download().SequenceEqual(expected.LogSumExp));
            AttentionGradients<float> actual = gradients.Download();
            Assert.That(actual.Query.SequenceEqual(expectedGradients.Query) && actual.Key.SequenceEqual(expectedGradients.Key) && actual.Value.SequenceEqual(expectedGradients.Value));
            Assert.That(AttentionCase<float>.Doubles(merged.Output.Download()), Is.EqualTo(AttentionCase<float>.Doubles(expected.Output)).Within(1e-6));
        }

        Assert.That(engine.LiveBuffers, Is.EqualTo(live));
    }

    [Test]
    public void Softmax_is_that_of_the_host()
    {
        foreach (int length in (int[])[1, 17, 300])
        {
            Tensor<float> x = AttentionCase<float>.Random(length, 5, length);
            for (int i = 0; i < length; i++) x[4, i] *= 1000;
            Tensor<bool> mask = Tensor.Create([.. Enumerable.Range(0, length).Select(i => i % 3 != 0)], [(nint)length]);
            using DeviceTensor<float> resident = Upload(x), soft = Softmax.Compute(resident, mask), log = Softmax.ComputeLog(resident, mask);
            Tensor<float> expected = Softmax.Compute(x, mask, new() { Device = HostExecution.Device }), logs = Softmax.ComputeLog(x, mask, new() { Device = HostExecution.Device });
            double tolerance = Tolerances.Attention<float>(1, length, 3);
            Assert.That(AttentionCase<float>.Doubles(soft.Download()), Is.EqualTo(AttentionCase<float>.Doubles(expected)).Within(tolerance));
            Assert.That(AttentionCase<float>.Doubles(Softmax.Compute(x, mask, Plain)), Is.EqualTo(AttentionCase<float>.Doubles(expected)).Within(tolerance));
            Assert.That(AttentionCase<float>.Doubles(log.Download()), Is.EqualTo(AttentionCase<float>.Doubles(logs)).Within(tolerance * 1000));
            x[3, length - 1] = float.NaN;
            using DeviceTensor<float> bad = Upload(x);
            Assert.That(Assert.Throws<ArgumentException>(() => Softmax.Compute(bad))!.Message, Does.Contain($"row 3, element {length - 1}"));
        }
    }

    [Test]
    public void What_a_device_cannot_take_is_refused_in_words()
    {
        AttentionCase<float> one = new(1, 2, 2, 20, 30, 8, 12, Plain);
        using DeviceTensor<float> k = Upload(one.Key), v = Upload(one.Value);
        one.Query[0, 1, 3, 2] = float.NaN;
        using DeviceTensor<float> q = Upload(one.Query);
        Assert.That(Assert.Throws<ArgumentException>(() => Attention.Forward(q, k, v))!.Message, Does.Contain("q holds NaN at batch 0, head 1, position 3, feature 2"));
        using ComputeDevice host = ComputeDevice.Open("host");
        using DeviceTensor<float> far = host.Upload(one.Key);
        Assert.That(() => Attention.Forward(q, far, v), Throws.TypeOf<DeviceMismatchException>());
        AttentionCase<double> wide = new(1, 1, 1, 2, 2, 2, 2, Plain);
        Assert.That(Assert.Throws<NotSupportedException>(() => Attention.Forward(wide.Query, wide.Key, wide.Value, Plain))!.Message, Does.Contain("float64 runs on the host alone"));
    }

    [Test]
    public void Few_queries_split_the_keys()
    {
        AttentionProblem problem = new AttentionCase<float>(1, 8, 2, 1, 4000, 16, 16, Plain).Problem;
        AttentionDevicePlan plan = AttentionDevicePlan.Forward(problem, new DeviceLimits(256, 48 << 10, 100, 1e12)), full = AttentionDevicePlan.Forward(problem with { Batch = 4096 }, new DeviceLimits(256, 48 << 10, 100, 1e12));
        Assert.That(plan.Splits, Is.EqualTo(7));
        Assert.That(plan.SplitKeys * (plan.Splits - 1), Is.LessThan(4000));
        Assert.That(full.Splits, Is.EqualTo(1));
        string tiling = "";
        AttentionCase<float> one = new(1, 8, 2, 1, 1100, 8, 8, Plain with { Report = report => tiling = report.Tiling });
        Check(one);
        Assert.That(tiling, Is.EqualTo("fused, 4 x 128 pairs, online softmax, keys in 2 parts"));
    }

    private static Tensor<float> Part(Tensor<float> tensor, int from, int to) => tensor.Slice(NRange.All, NRange.All, from..to, NRange.All).ToDenseTensor();

    private static void Check(AttentionCase<float> one)
    {
        (double[] output, double[] logSumExp) = AttentionReference.Forward(one.Problem, one.Inputs);
        AttentionResult<float> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, one.Options, one.Bias);
        double tolerance = Tolerances.Attention<float>(one.Problem.Width, one.Problem.Keys, 3);
        Assert.That(AttentionCase<float>.Doubles(result.Output), Is.EqualTo(output).Within(tolerance));
        Assert.That(AttentionCase<float>.Doubles(result.LogSumExp), Is.EqualTo(logSumExp).Within(tolerance));
    }

    private DeviceTensor<float> Upload(Tensor<float> tensor) => engine.Device.Upload(tensor);
}
