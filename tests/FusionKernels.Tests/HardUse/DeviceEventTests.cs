using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Loss and cancellation at the launches and waits of operations that are quick to compile on every kind of device; <see cref="EntryPointFaultTests"/> has them all, on real devices.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
public sealed class DeviceEventTests(TestEngine source)
{
    [TestCase("Softmax.Compute")]
    [TestCase("SparseMatrix.Multiply")]
    [TestCase("Gram.Diagonal", Category = "Slow")]
    public void A_lost_device_is_told(string name) => DeviceEvents.LossIsTold(source, [PublicCalls.Named(name)]);

    [TestCase("Softmax.Compute")]
    [TestCase("Gram.Diagonal")]
    [TestCase("GlobalAlignment.Gram", Category = "Slow")]
    public void A_cancelled_call_leaves_nothing(string name) => DeviceEvents.CancellationIsObeyed(source, [PublicCalls.Named(name)]);
}
