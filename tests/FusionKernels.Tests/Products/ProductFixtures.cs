using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Products;

/// <summary>The engines and elements over which every test of the family runs.</summary>
public static class ProductFixtures
{
    /// <summary>One fixture per engine and element; of the simulated devices the one of the default run: the kernels' own tests take the other warps.</summary>
    public static IEnumerable<TestFixtureData> All => Over(TestEngines.Present.Where(engine => !engine.IsOtherWarp));

    /// <summary>The same for the host alone, at each width.</summary>
    public static IEnumerable<TestFixtureData> Hosts => Over(TestEngines.Present.Where(engine => engine.Kind == DeviceKind.Host));

    /// <summary>The same without the simulated devices, on which large shapes take minutes.</summary>
    public static IEnumerable<TestFixtureData> Real => Over(TestEngines.Present.Where(engine => engine.Kind != DeviceKind.IlgpuCpu));

    private static IEnumerable<TestFixtureData> Over(IEnumerable<TestEngine> engines) =>
        from engine in engines
        from element in new[] { typeof(float), typeof(double) }
        select TestEngines.Fixture(engine, element);
}
