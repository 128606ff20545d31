using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;
using NUnit.Framework.Internal;

namespace FusionKernels.Tests.Grams;

/// <summary>The engines and elements over which the tests of the family run.</summary>
/// <remarks>
/// The simulated devices compute the published values by default, which take every kernel through their engines; shapes, compositions
/// and consumers are for their slow run, and with hundreds of matrices per test for the host, OpenCL and CUDA.
/// </remarks>
public static class GramFixtures
{
    /// <summary>One fixture per engine and element, the simulated device of NVIDIA's warp among them.</summary>
    public static IEnumerable<TestFixtureData> All => ProductFixtures.All;

    /// <summary>One fixture per engine and element, without the simulated devices.</summary>
    public static IEnumerable<TestFixtureData> Real => ProductFixtures.Real;

    /// <summary>As <see cref="Real"/>, and in the slow run the simulated devices of every warp in float32; their shapes are for the test to choose.</summary>
    public static IEnumerable<TestFixtureData> EveryWarp => Real.Concat(TestEngines.Present.Where(engine => engine.Kind == DeviceKind.IlgpuCpu).Select(Simulated));

    /// <summary>One fixture per engine, without the simulated devices.</summary>
    public static IEnumerable<TestFixtureData> Engines => TestEngines.Real;

    private static TestFixtureData Simulated(TestEngine engine)
    {
        TestFixtureData fixture = TestEngines.Fixture(engine, typeof(float));
        if (!engine.IsOtherWarp) fixture.Properties.Add(PropertyNames.Category, "Slow");
        return fixture;
    }
}
