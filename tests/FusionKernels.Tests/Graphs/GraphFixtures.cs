using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using NUnit.Framework.Internal;

namespace FusionKernels.Tests.Graphs;

/// <summary>The engines and elements over which the kernels of graphs run: hosts and true devices; the simulation takes one small test of its own.</summary>
public static class GraphFixtures
{
    /// <summary>One fixture per engine and element.</summary>
    public static IEnumerable<TestFixtureData> Real => Over(engine => engine.Kind != DeviceKind.IlgpuCpu);

    /// <summary>The simulated device of the default run, in float32.</summary>
    public static IEnumerable<TestFixtureData> Simulated =>
        TestEngines.Present.Where(engine => engine.Name == "ilgpu-cpu-warp32").Select(engine => Fixture(engine, typeof(float)));

    private static IEnumerable<TestFixtureData> Over(Func<TestEngine, bool> wanted) =>
        from engine in TestEngines.Present.Where(wanted)
        from element in new[] { typeof(float), typeof(double) }
        select Fixture(engine, element);

    private static TestFixtureData Fixture(TestEngine engine, Type element)
    {
        TestFixtureData fixture = new TestFixtureData(engine) { TypeArgs = [element] }.SetArgDisplayNames(engine.Name);
        foreach (string category in engine.Categories) fixture.Properties.Add(PropertyNames.Category, category);
        return fixture;
    }
}
