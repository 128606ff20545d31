using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Operands in 16 bits: results are those of rounded operands, on every engine.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
public sealed class AttentionStorageTests(TestEngine engine)
{
    [TestCase(AttentionStorage.Float16)]
    [TestCase(AttentionStorage.BFloat16)]
    public void Results_are_those_of_rounded_operands(AttentionStorage storage)
    {
        AttentionOptions options = new() { Device = engine.Device, Storage = storage, Causal = CausalAlignment.BottomRight, SoftCap = 3 };
        AttentionCase<float> one = new(2, 4, 2, 18, 24, 8, 12, options, [4, 1, 24]), rounded = new(2, 4, 2, 18, 24, 8, 12, options, [4, 1, 24]);
        foreach (Tensor<float> operand in new[] { rounded.Query, rounded.Key, rounded.Value }) Round(operand, storage);
        (double[] output, double[] logSumExp) = AttentionReference.Forward(rounded.Problem, rounded.Inputs);
        (double[] query, double[] key, double[] value, _) = AttentionReference.Backward(rounded.Problem, rounded.Inputs, AttentionCase<float>.Doubles(one.OutputGradient));
        AttentionResult<float> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias);
        double tolerance = Tolerances.Attention<float>(8, 24, 4);
        Assert.That(AttentionCase<float>.Doubles(result.Output), Is.EqualTo(output).Within(tolerance));
        Assert.That(AttentionCase<float>.Doubles(result.LogSumExp), Is.EqualTo(logSumExp).Within(tolerance));
        if (engine.Kind != DeviceKind.Host && storage == AttentionStorage.BFloat16) return;
        AttentionGradients<float> gradients = Attention.Backward(one.Query, one.Key, one.Value, result, one.OutputGradient, options, one.Bias);
        Assert.That(AttentionCase<float>.Doubles(gradients.Query), Is.EqualTo(query).Within(20 * tolerance));
        Assert.That(AttentionCase<float>.Doubles(gradients.Key), Is.EqualTo(key).Within(20 * tolerance));
        Assert.That(AttentionCase<float>.Doubles(gradients.Value), Is.EqualTo(value).Within(20 * tolerance));
        if (engine.Kind != DeviceKind.Host) return; // every further kernel takes a device's compiler seconds; the slow test below asks for them
        Others(one, rounded, result, gradients, storage);
    }

    [TestCase(AttentionStorage.Float16)]
    [TestCase(AttentionStorage.BFloat16)]
    [Category("Slow")]
    public void Weights_strides_and_resident_operands_follow(AttentionStorage storage)
    {
        AttentionOptions options = new() { Device = engine.Device, Storage = storage, Causal = CausalAlignment.BottomRight, SoftCap = 3 };
        AttentionCase<float> one = new(2, 4, 2, 18, 24, 8, 12, options, [4, 1, 24]), rounded = new(2, 4, 2, 18, 24, 8, 12, options, [4, 1, 24]);
        foreach (Tensor<float> operand in new[] { rounded.Query, rounded.Key, rounded.Value }) Round(operand, storage);
        AttentionResult<float> result = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias);
        Others(one, rounded, result, Attention.Backward(one.Query, one.Key, one.Value, result, one.OutputGradient, options, one.Bias), storage);
    }

    private void Others(AttentionCase<float> one, AttentionCase<float> rounded, AttentionResult<float> result, AttentionGradients<float> gradients, AttentionStorage storage)
    {
        AttentionOptions options = one.Options;
        double tolerance = Tolerances.Attention<float>(8, 24, 4);
        Tensor<float> weights = Attention.Weights(one.Query, one.Key, options, one.Bias), expected = Attention.Weights(rounded.Query, rounded.Key, options with { Storage = AttentionStorage.Element }, one.Bias);
        Assert.That(AttentionCase<float>.Doubles(weights), Is.EqualTo(AttentionCase<float>.Doubles(expected)).Within(tolerance));

        // Other strides, and operands that live on the device, give the same bits.
        Tensor<float> turned = Tensor.PermuteDimensions(Tensor.PermuteDimensions(one.Key, [0, 1, 3, 2]).ToDenseTensor(), [0, 1, 3, 2]);
        Assert.That(Attention.Forward(one.Query, turned, one.Value, options, one.Bias).SequenceEqual(result.Output));
        using DeviceTensor<float> q = engine.Device.Upload(one.Query), k = engine.Device.Upload(one.Key), v = engine.Device.Upload(one.Value), bias = engine.Device.Upload(one.Bias!), gradient = engine.Device.Upload(one.OutputGradient);
        using DeviceAttentionResult<float> there = Attention.ForwardWithLogSumExp(q, k, v, options, bias);
        using DeviceAttentionGradients<float> slopes = Attention.Backward(q, k, v, there, gradient, options, bias);
        Assert.That(there.Output.Download().SequenceEqual(result.Output) && there.LogSumExp.Download().SequenceEqual(result.LogSumExp));
        Assert.That(slopes.Query.Download().SequenceEqual(gradients.Query) && slopes.Key.Download().SequenceEqual(gradients.Key) && slopes.Value.Download().SequenceEqual(gradients.Value));
    }

    [Test]
    public void What_a_format_cannot_hold_is_refused_unless_it_is_masked()
    {
        AttentionOptions options = new() { Device = engine.Device, Storage = AttentionStorage.Float16 };
        AttentionCase<float> one = new(1, 1, 1, 18, 24, 8, 12, options);
        one.Value[0, 0, 23, 5] = 70000;
        using DeviceTensor<float> q = engine.Device.Upload(one.Query), k = engine.Device.Upload(one.Key), v = engine.Device.Upload(one.Value);
        Assert.That(() => Attention.Forward(one.Query, one.Key, one.Value, options), Throws.ArgumentException.With.Message.Contains("batch 0, head 0, position 23, feature 5"));
        Assert.That(() => Attention.Forward(q, k, v, options), Throws.ArgumentException.With.Message.Contains("position 23, feature 5"));
        Assert.That(() => Attention.Forward(one.Query, one.Key, one.Value, options with { KeyLengths = [23] }), Throws.Nothing);
        Assert.That(() => Attention.Forward(one.Query, one.Key, one.Value, options with { Storage = (AttentionStorage)7 }), Throws.ArgumentException.With.Message.Contains("Storage is 7"));
        AttentionCase<double> wide = new(1, 1, 1, 2, 2, 2, 2, new());
        Assert.That(() => Attention.Forward(wide.Query, wide.Key, wide.Value, new() { Storage = AttentionStorage.BFloat16 }), Throws.TypeOf<NotSupportedException>().With.Message.Contains("float64 tensors are stored as they are"));
    }

    [Test]
    public void Half_the_bytes_are_moved()
    {
        if (engine.Kind == DeviceKind.Host) Assert.Ignore("the host rounds a copy");
        long Bytes(AttentionStorage storage)
        {
            long bytes = 0;
            AttentionCase<float> one = new(1, 1, 1, 18, 2000, 8, 12, new() { Device = engine.Device, Storage = storage, Report = report => bytes = report.PeakBytes });
            Attention.Forward(one.Query, one.Key, one.Value, one.Options);
            return bytes;
        }

        // Keys and values are most of it: 2000 x 20 elements.
        Assert.That(Bytes(AttentionStorage.Element) - Bytes(AttentionStorage.Float16), Is.EqualTo((2000 * 20) + (18 * 8)).Within(18 * 8).Or.EqualTo(2 * ((2000 * 20) + (18 * 8))));
    }

    private static void Round(Tensor<float> tensor, AttentionStorage storage)
    {
        Span<float> elements = tensor.GetSpan(new nint[4], (int)tensor.FlattenedLength);
        foreach (ref float element in elements)
        {
            element = storage == AttentionStorage.Float16 ? (float)(Half)element : BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(element) + 0x7FFF + ((BitConverter.SingleToUInt32Bits(element) >> 16) & 1)) & 0xFFFF0000);
        }
    }
}
