using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>The smallest of cases on a simulated device: pages, 16 bits and a mask, where no other device is at hand.</summary>
[Category("IlgpuCpu")]
[Category("Slow")]
[Parallelizable]
public sealed class AttentionSimulatedTests
{
    [Test]
    public void A_cache_in_16_bits_answers_a_query_through_a_mask()
    {
        TestEngine engine = TestEngines.Present.FirstOrDefault(one => one.Kind == DeviceKind.IlgpuCpu) ?? throw new IgnoreException("no simulated device was asked for");
        Tensor<float> q = Tensor.CreateFromShape<float>([1, 1, 1, 4]), k = AttentionCase<float>.Random(1, 1, 1, 3, 4), v = Tensor.Create([1f, 2, 4], [1, 1, 3, 1]);
        using KeyValueCache<float> cache = new(1, 1, 4, 1, 128, engine.Device, AttentionStorage.Float16);
        cache.Append(k, v);
        AttentionResult<float> result = Attention.Decode(q, cache, new() { Mask = Tensor.Create([true, false, true], [(nint)3]) });
        Assert.That(result.Output[0, 0, 0, 0], Is.EqualTo(2.5f).Within(1e-6f));
        Assert.That(result.LogSumExp[0, 0, 0], Is.EqualTo(MathF.Log(2)).Within(1e-6f));
    }
}
