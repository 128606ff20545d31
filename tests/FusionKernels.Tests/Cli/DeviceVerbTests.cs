using System.Text.Json;
using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

[Parallelizable]
internal sealed class DeviceVerbTests
{
    [Test]
    public void Devices_lists_the_host_and_the_refused()
    {
        JsonElement json = CliRun.Of("devices", "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "devices", "refused");
        foreach (JsonElement device in json.GetProperty("devices").EnumerateArray())
        {
            CliRun.RequireMembers(device, "name", "kind", "model", "platform", "memoryBytes", "computeUnits", "warpSize", "supportsFloat64");
        }

        foreach (JsonElement refused in json.GetProperty("refused").EnumerateArray()) CliRun.RequireMembers(refused, "name", "reason");
        Assert.That(json.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("name").GetString()), Is.SupersetOf(["host", "ilgpu-cpu"]));
        Assert.That(CliRun.Of("devices").Succeeded().Output, Does.Contain("host").And.Contain("ilgpu-cpu"));
    }

    [Test]
    public void A_redirected_table_has_no_escape_codes() => Assert.That(CliRun.Of("devices").Output, Does.Not.Contain('\x1b'));

    [Test]
    public void Doctor_measures_the_host_and_finds_it_healthy()
    {
        JsonElement json = CliRun.Of("doctor", "--device", "host", "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "system", "refused", "auto", "precision", "devices");
        Assert.That(json.GetProperty("system").GetProperty("simdWidths").GetArrayLength(), Is.GreaterThan(0));
        Assert.That(json.GetProperty("auto").GetString(), Is.Not.Empty);
        JsonElement host = json.GetProperty("devices").EnumerateArray().Single();
        Assert.That(host.GetProperty("peakGflops").GetDouble(), Is.GreaterThan(0.1));
        Assert.That(host.GetProperty("copyGigabytesPerSecond").GetDouble(), Is.GreaterThan(0.01));
        Assert.That(host.GetProperty("passed").GetInt32(), Is.GreaterThan(0));
        Assert.That(host.GetProperty("failed").GetInt32(), Is.Zero);
        Assert.That(host.GetProperty("problem").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void Doctor_tells_people_the_same()
    {
        string output = CliRun.Of("doctor", "--device", "host", "--precision", "float64").Succeeded().Output;
        Assert.That(output, Does.Contain("SIMD").And.Contain("FMA peak, float64").And.Contain("healthy").And.Contain("auto"));
    }

    [Test]
    public void Selftest_checks_every_kernel_in_both_precisions()
    {
        JsonElement json = CliRun.Of("selftest", "--device", "host", "--json").Succeeded().Json;
        CliRun.RequireMembers(json, "passed", "failed", "checks");
        Assert.That(json.GetProperty("failed").GetInt32(), Is.Zero);
        Assert.That(json.GetProperty("passed").GetInt32(), Is.EqualTo(2 * SelfTest.All.Count));
        List<JsonElement> checks = [.. json.GetProperty("checks").EnumerateArray()];
        CliRun.RequireMembers(checks[0], "kernel", "device", "precision", "deviation", "tolerance", "seconds", "error", "passed");
        Assert.That(checks.Select(check => check.GetProperty("kernel").GetString()), Is.SupersetOf(KernelChoice.All.Select(choice => choice.Name).Concat(["dtw", "msm", "soft-dtw"])));
    }

    [Test]
    [Category("Slow")]
    public void Selftest_passes_on_every_device_present() => CliRun.Of("selftest").Succeeded();

    [Test]
    public void A_deviation_fails_the_check()
    {
        KernelCheck check = new("rbf", "host", "float32", 2e-5, 1e-5, 0.1, null);
        Assert.That(check.Passed, Is.False);
        Assert.That((check with { Deviation = 1e-6 }).Passed, Is.True);
        Assert.That((check with { Deviation = 1e-6, Error = "lost" }).Passed, Is.False);
    }

    [Test]
    public void An_interrupt_answers_130() => CliRun.Of(new CancellationToken(canceled: true), "selftest").Failed(ExitCode.Cancelled);
}
