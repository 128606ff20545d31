using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Products;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>The engines and elements over which every test of the family runs.</summary>
public static class GramFixtures
{
    /// <summary>One fixture per engine and element.</summary>
    public static IEnumerable<TestFixtureData> All => ProductFixtures.All;

    /// <summary>One fixture per engine.</summary>
    public static IEnumerable<TestFixtureData> Engines => TestEngines.All;
}
