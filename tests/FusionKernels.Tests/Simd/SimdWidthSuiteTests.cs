using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using FusionKernels.Kernels.Simd;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>The default suite of the host, the damaged files aside, in a child process at each width below the widest, which the suite itself runs at.</summary>
[TestFixture]
[Category("Slow")]
public sealed partial class SimdWidthSuiteTests
{
    private const string Filter = "TestCategory!=Slow&TestCategory!=Codegen&TestCategory!=IlgpuCpu&TestCategory!=Soak&TestCategory!=Fuzz";

    private static IEnumerable<string> Widths => SimdWidths.All.Skip(1).Select(SimdWidths.NameOf);

    [TestCaseSource(nameof(Widths))]
    public void The_suite_passes_with_this_width_forced(string width)
    {
        string assembly = Assembly.GetExecutingAssembly().Location;
        string published = Path.ChangeExtension(assembly, null);
        bool isSelfContained = File.Exists(Path.Combine(AppContext.BaseDirectory, "libcoreclr.so"));
        ProcessStartInfo start = isSelfContained
            ? new(published, ["--filter", Filter])
            : new("dotnet", ["test", assembly, "--filter", Filter]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment[SimdWidths.EnvironmentVariable] = width;
        start.Environment["FUSIONKERNELS_TEST_ENGINES"] = $"host-{width}";

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd() + errors.Result;
        child.WaitForExit();

        Assert.That(child.ExitCode, Is.Zero, output);
        Match passed = PassedCount().Match(output);
        Assert.That(passed.Success && int.Parse(passed.Groups[1].Value) > 100, $"too few tests ran:\n{output}");
    }

    [GeneratedRegex(@"(?:Passed:|succeeded:)\s+(\d+)")]
    private static partial Regex PassedCount();
}
