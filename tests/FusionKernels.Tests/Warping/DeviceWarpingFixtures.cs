using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>The accelerators and elements over which the device kernels of warping are tested.</summary>
public static class DeviceWarpingFixtures
{
    /// <summary>One fixture per accelerator and element, the simulated ones among them.</summary>
    public static IEnumerable<TestFixtureData> All => Of(engine => engine.Kind != DeviceKind.Host);

    /// <summary>The same without the simulated devices, on which sweeps take minutes.</summary>
    public static IEnumerable<TestFixtureData> Real => Of(engine => engine.Kind is DeviceKind.OpenCL or DeviceKind.Cuda);

    /// <summary>The simulated devices alone.</summary>
    public static IEnumerable<TestFixtureData> Simulated => Of(engine => engine.Kind == DeviceKind.IlgpuCpu);

    private static IEnumerable<TestFixtureData> Of(Func<TestEngine, bool> wanted) =>
        ProductFixtures.All.Where(fixture => wanted((TestEngine)fixture.Arguments[0]!));
}
