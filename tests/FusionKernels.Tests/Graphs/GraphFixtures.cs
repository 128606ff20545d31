using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Graphs;

/// <summary>The engines and elements over which the kernels of graphs run: hosts and true devices; the simulation takes one small test of its own.</summary>
public static class GraphFixtures
{
    /// <summary>One fixture per engine and element.</summary>
    public static IEnumerable<TestFixtureData> Real => ProductFixtures.Real;

    /// <summary>The simulated device of the default run, in float32.</summary>
    public static IEnumerable<TestFixtureData> Simulated =>
        TestEngines.Present.Where(engine => engine.Name == "ilgpu-cpu-warp32").Select(engine => TestEngines.Fixture(engine, typeof(float)));
}
