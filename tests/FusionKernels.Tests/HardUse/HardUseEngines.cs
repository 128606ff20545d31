using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>The engines of fixtures that call everything: the widest host, and every real accelerator; widths and warps are the families' own matter.</summary>
internal static class HardUseEngines
{
    /// <summary>Their fixtures.</summary>
    public static IEnumerable<TestFixtureData> Chosen => TestEngines.Hosts.Take(1).Concat(TestEngines.Devices);
}
