using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;
using NUnit.Framework.Internal;

namespace FusionKernels.Tests.Warping;

/// <summary>The accelerators and elements over which the device kernels of warping are tested.</summary>
public static class DeviceWarpingFixtures
{
    /// <summary>One fixture per accelerator and element, without the simulated devices, on which sweeps take minutes.</summary>
    public static IEnumerable<TestFixtureData> Real => Of(engine => engine.Kind is DeviceKind.OpenCL or DeviceKind.Cuda);

    /// <summary>The simulated devices alone, all in float32 and one in float64: a barrier of theirs is one of hundreds of threads.</summary>
    public static IEnumerable<TestFixtureData> Simulated => Of(engine => engine.Kind == DeviceKind.IlgpuCpu)
        .Where((fixture, i) => i == 1 || fixture.TypeArgs![0] == typeof(float));

    /// <summary>OpenCL devices, and the simulated one with warps of 32, in float32: where groups can be asked to share a pair.</summary>
    public static IEnumerable<TestFixtureData> Grouped => Of(engine => engine.Kind == DeviceKind.OpenCL || engine.Name == "ilgpu-cpu-warp32")
        .Where(fixture => fixture.TypeArgs![0] == typeof(float));

    /// <summary>One fixture per accelerator, of the simulated devices the one with NVIDIA's warps: for tests of what surrounds the kernels.</summary>
    public static IEnumerable<TestFixtureData> Engines =>
        TestEngines.Accelerators.Where(fixture => (TestEngine)fixture.Arguments[0]! is { Kind: not DeviceKind.IlgpuCpu } or { Name: "ilgpu-cpu-warp32" });

    /// <summary>The same for each element.</summary>
    public static IEnumerable<TestFixtureData> EnginesOfEachElement => Of(engine => engine.Kind != DeviceKind.Host);

    /// <summary>The host at each width, and in the slow run accelerators, too, without the simulated ones: for sweeps that take them minutes.</summary>
    public static IEnumerable<TestFixtureData> HostsAndSlowDevices => ProductFixtures.Hosts.Concat(Real.Select(fixture =>
    {
        fixture.Properties.Add(PropertyNames.Category, "Slow");
        return fixture;
    }));

    private static IEnumerable<TestFixtureData> Of(Func<TestEngine, bool> wanted) =>
        ProductFixtures.All.Where(fixture => wanted((TestEngine)fixture.Arguments[0]!));
}
