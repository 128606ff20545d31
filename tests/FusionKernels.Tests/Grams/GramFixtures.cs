using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>The engines and elements over which the tests of the family run.</summary>
/// <remarks>
/// The simulated devices compute the published values, which take every kernel through their engines; the sweeps over shapes,
/// with hundreds of matrices per test, are for the host, OpenCL and CUDA.
/// </remarks>
public static class GramFixtures
{
    /// <summary>One fixture per engine and element, the simulated devices among them.</summary>
    public static IEnumerable<TestFixtureData> All => ProductFixtures.All;

    /// <summary>One fixture per engine and element, without the simulated devices.</summary>
    public static IEnumerable<TestFixtureData> Real => ProductFixtures.Real;

    /// <summary>One fixture per engine, without the simulated devices.</summary>
    public static IEnumerable<TestFixtureData> Engines => TestEngines.Real;
}
