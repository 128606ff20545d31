using System.Text.RegularExpressions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.HardUse;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Codegen;

/// <summary>
/// The machine code of the host's kernels. The compiler stops inlining where a method has become too large, whatever its attributes say,
/// and then even the load of a vector is a call in the innermost loop: three to six times slower, and nothing else tells of it.
/// </summary>
[TestFixture]
public sealed partial class HostListingTests
{
    /// <summary>What the listing is made of: calls of every operation, and the suites that run the forms of a family in both precisions.</summary>
    private static readonly string[] s_suites =
        [nameof(Every_operation_runs_once), "GramComputeTests", "ElementwiseKernelTests", "OperationGradientTests", "PairTests", "MeasureTests", "DistancesTests", "SoftDtwTests", "AttentionForwardTests", "AttentionBackwardTests", "MovingTests"];

    [Test]
    [Category("Codegen")]
    public void No_lane_of_a_vector_is_a_call()
    {
        Assume.That(SimdWidths.IsSupported(SimdWidth.Bits256), "This machine has no vectors of 256 bits, which most have and which are looked at here.");
        string width = SimdWidths.NameOf(SimdWidth.Bits256);
        using TemporaryFolder folder = new();
        string listing = folder["listing.txt"];
        string suites = string.Join('|', s_suites.Select(suite => $"FullyQualifiedName~{suite}"));
        ChildSuite.Run(
            $"TestCategory!=Slow&TestCategory!=IlgpuCpu&({suites})",
            fewest: 100,
            (SimdWidths.EnvironmentVariable, width),
            ("FUSIONKERNELS_TEST_ENGINES", $"host-{width}"),
            ("DOTNET_TieredCompilation", "0"), // optimised at once, so that nothing is listed that is not
            ("DOTNET_JitDisasm", "*"),
            ("DOTNET_JitDisasmAssemblies", typeof(Engine).Assembly.GetName().Name!),
            ("DOTNET_JitStdOutFile", listing));
        Dictionary<string, string> calls = [];
        int methods = 0;
        string method = "";
        foreach (string line in File.ReadLines(listing))
        {
            if (MethodStart().Match(line) is { Success: true } start)
            {
                method = start.Groups[1].Value;
                methods++;
            }
            else if (LaneCall().Match(line) is { Success: true } call)
            {
                calls.TryAdd(method, call.Groups[1].Value);
            }
        }

        Assert.That(methods, Is.GreaterThan(1000), "the runtime lists what it compiles");
        Assert.That(string.Join("\n", calls.Select(one => $"{one.Key} calls {one.Value}]")), Is.Empty);
    }

    /// <summary>What the child process compiles, beside the suites.</summary>
    [Test]
    [Category("Codegen")]
    public void Every_operation_runs_once()
    {
        using ComputeDevice device = ComputeDevice.Open("host");
        foreach (PublicCall call in (PublicCall[])[.. PublicCalls.All, .. PublicCalls.Larger]) Assert.That(call.Answer(new(device)), Is.Not.Empty, call.Name);
    }

    [GeneratedRegex(@"^; Assembly listing for method (.*?)(?: \(.*)?$")]
    private static partial Regex MethodStart();

    [GeneratedRegex(@"call\s+\[FusionKernels\.Kernels\.Simd\.((?:Lanes\d|Words\d|Word:|VectorMath|Philox)[^\]]*)")]
    private static partial Regex LaneCall();
}
