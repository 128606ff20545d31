using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>The default suite of the host, the damaged files aside, in a child process at each width below the widest, which the suite itself runs at.</summary>
[TestFixture]
[Category("Slow")]
public sealed class SimdWidthSuiteTests
{
    private const string Filter = "TestCategory!=Slow&TestCategory!=Codegen&TestCategory!=IlgpuCpu&TestCategory!=Soak&TestCategory!=Fuzz";

    private static IEnumerable<string> Widths => SimdWidths.All.Skip(1).Select(SimdWidths.NameOf);

    [TestCaseSource(nameof(Widths))]
    public void The_suite_passes_with_this_width_forced(string width) =>
        ChildSuite.Run(Filter, fewest: 100, (SimdWidths.EnvironmentVariable, width), ("FUSIONKERNELS_TEST_ENGINES", $"host-{width}"));
}
