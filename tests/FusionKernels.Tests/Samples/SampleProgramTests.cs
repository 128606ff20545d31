using System.Diagnostics;
using FusionKernels.Tests.Docs;
using NUnit.Framework;

namespace FusionKernels.Tests.Samples;

/// <summary>Samples run as their users run them, and print what they should.</summary>
[TestFixture]
public sealed class SampleProgramTests
{
    [Test]
    public void Two_halves_of_the_digits_fuse_above_both()
    {
        string printed = Run("FuseViews");
        Assert.That(printed, Does.Match(@"upper half +8\d\.\d").And.Match(@"lower half +8\d\.\d").And.Match(@"fused +9[67]\.\d"));
    }

    [Test]
    public void Every_device_that_is_there_agrees_with_float64()
    {
        string printed = Run("GramOnEveryDevice");
        Assert.That(printed, Does.Match(@"host .* ms, largest deviation \d\.\de-[789]").And.Match(@"ilgpu-cpu .* ms, largest deviation \d\.\de-[789]"));
        Assert.That(printed, Does.Match(@"opencl(:0)? ?\S*.*(refused|largest deviation)"), "what is not there is named");
    }

    [Test]
    public void A_host_only_program_gets_its_four_answers()
    {
        string printed = Run("HostOnly");
        Assert.That(printed, Does.Contain("ok   Gram 0.082085").And.Contain("ok   DTW 0.000000").And.Contain("ok   CCA 1.000000").And.Contain("ok   attention 4.000000"));
        Assert.That(printed, Does.Not.Contain("WRONG"));
    }

    [Test]
    public void Listeners_hear_operations_and_instruments()
    {
        string printed = Run("Telemetry");
        Assert.That(printed, Does.Contain("Gram.Compute: ").And.Contain("ms on host, ").And.Contain("Dtw.Distance: "));
        Assert.That(printed, Does.Match(@"fusionkernels\.kernel\.duration host = 0\.\d+ s").And.Contain("fusionkernels.buffers.live host = 1 {buffer}"));
        Assert.That(printed, Does.Contain("fusionkernels.memory.allocated host = 12288 By"), "96 x 32 float32");
        Assert.That(printed, Does.Not.Contain("compile").And.Not.Contain("transfer"), "the host compiles and copies nothing");
    }

    [Test]
    [Category("Slow")]
    public void Listeners_hear_compilations_and_copies_of_an_accelerator()
    {
        string printed = Run("Telemetry", "ilgpu-cpu");
        Assert.That(printed, Does.Contain("ms on ilgpu-cpu, ").And.Contain("fusionkernels.memory.allocated ilgpu-cpu = "));
        Assert.That(printed, Does.Match(@"fusionkernels\.compile\.duration ilgpu-cpu = \d+\.\d+ s"));
        Assert.That(printed, Does.Match(@"fusionkernels\.transfer\.size ilgpu-cpu upload = [1-9]\d* By").And.Match(@"transfer\.size ilgpu-cpu download = [1-9]\d* By"));
    }

    [Test]
    public void Columns_of_MLNet_become_views()
    {
        string printed = Run("MachineLearning");
        Assert.That(printed, Does.Contain("1797 rows of Upper and Lower, 10 classes"));
        Assert.That(printed, Does.Match(@"Upper \+ Lower +9[5-9]\.\d"));
    }

    [Test]
    [Category("Slow")]
    public void A_web_service_gives_concurrent_clients_the_same_answers_and_does_not_grow()
    {
        string printed = Run("WebService", "--device", "host", "--clients", "8", "--seconds", "20");
        Assert.That(printed, Does.Contain("byte for byte").And.Contain("did not grow").And.Contain("Good."));
    }

    /// <summary>What a sample prints; it must end well.</summary>
    private static string Run(string sample, params string[] arguments)
    {
        // bin/Release/net10.0 of the tests: the same of the sample.
        string output = Path.Combine([.. TestContext.CurrentContext.TestDirectory.Split(Path.DirectorySeparatorChar)[^3..]]);
        string program = Path.Combine(Repository.Require(), "samples", sample, output, $"{sample}.dll");
        Assume.That(program, Does.Exist, $"{sample} was not built");
        ProcessStartInfo start = new("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> printed = process.StandardOutput.ReadToEndAsync(), complained = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{sample} did not end: {printed.Result}");
        }

        TestContext.Out.WriteLine(printed.Result);
        Assert.That(process.ExitCode, Is.Zero, $"{printed.Result}{complained.Result}");
        return printed.Result;
    }
}
