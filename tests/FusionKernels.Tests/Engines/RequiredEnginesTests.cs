using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

/// <summary>A run that was to cover a device and did not see it must not pass.</summary>
[TestFixture]
public sealed class RequiredEnginesTests
{
    [Test]
    public void Every_required_kind_of_device_is_present()
    {
        foreach (string kind in TestEngines.Words("FUSIONKERNELS_TEST_REQUIRE"))
        {
            Assert.That(
                TestEngines.Present.Any(engine => engine.Name.StartsWith(kind, StringComparison.OrdinalIgnoreCase)),
                $"FUSIONKERNELS_TEST_REQUIRE asks for '{kind}': {string.Join("; ", ComputeDevice.Probe())}");
        }
    }

    [Test]
    public void The_simulated_engine_has_every_warp_size()
    {
        Assume.That(TestEngines.Words("FUSIONKERNELS_TEST_ENGINES"), Is.Empty);
        Assert.That(TestEngines.Present.Count(engine => engine.Kind == DeviceKind.IlgpuCpu), Is.EqualTo(4));
    }
}
