using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Search has no device kernels: a device that is named says so, and nothing runs elsewhere in silence.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
public sealed class SearchDeviceTests(TestEngine engine)
{
    [Test]
    public void A_named_device_is_refused_with_the_cure()
    {
        float[] stream = [0, 1, 0, 2, 0, 3];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => DtwSearch.Find<float>(stream.AsSpan(0, 2), stream, new() { Device = engine.Device }),
                Throws.InstanceOf<NotSupportedException>().With.Message.Contains("leave the device unset").And.Message.Contains("DtwSearch.Find"));
            Assert.That(
                () => LowerBounds.Keogh<float>(stream, stream, new() { Device = engine.Device }),
                Throws.InstanceOf<NotSupportedException>().With.Message.Contains("leave the device unset"));
        }
    }
}
