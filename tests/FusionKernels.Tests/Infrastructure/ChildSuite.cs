using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FusionKernels.Tests.Infrastructure;

/// <summary>Tests of this assembly in a process of their own, whose environment they need from its start.</summary>
internal static partial class ChildSuite
{
    /// <summary>Runs what a filter selects; it has to pass.</summary>
    /// <param name="filter">As <c>dotnet test --filter</c> takes it.</param>
    /// <param name="fewest">More tests than these have to be among them.</param>
    /// <param name="environment">Variables of the process.</param>
    public static void Run(string filter, int fewest, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        string assembly = Assembly.GetExecutingAssembly().Location;
        bool isSelfContained = File.Exists(Path.Combine(AppContext.BaseDirectory, "libcoreclr.so"));
        ProcessStartInfo start = isSelfContained
            ? new(Path.ChangeExtension(assembly, null), ["--filter", filter])
            : new("dotnet", ["test", assembly, "--filter", filter]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach ((string name, string value) in environment) start.Environment[name] = value;

        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd() + errors.Result;
        child.WaitForExit();

        Assert.That(child.ExitCode, Is.Zero, output);
        Match passed = PassedCount().Match(output);
        Assert.That(passed.Success && int.Parse(passed.Groups[1].Value) > fewest, $"too few tests ran:\n{output}");
    }

    [GeneratedRegex(@"(?:Passed:|succeeded:)\s+(\d+)")]
    private static partial Regex PassedCount();
}
