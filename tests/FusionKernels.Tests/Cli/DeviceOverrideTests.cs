using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using FusionKernels.Cli;
using FusionKernels.Tests.HardUse;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>The environment names a device that is not there: a device that the command names needs it for nothing, and <c>doctor</c> tells.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class DeviceOverrideTests
{
    private EnvironmentVariable _absent = null!;
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create()
    {
        _absent = new("FUSIONKERNELS_DEVICE", "cuda:97");
        _folder = new();
        Npy.Write(_folder["x.npy"], Tensor.Create([.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i * i))], [20, 3]));
    }

    [TearDown]
    public void Remove()
    {
        _folder.Dispose();
        _absent.Dispose();
    }

    /// <summary>In a process of its own: in this one the default device is open.</summary>
    [TestCase("gram", "X", "--kernel", "rbf", "--output", "K")]
    [TestCase("dtw", "X", "X")]
    [TestCase("barycenter", "X", "--output", "K")]
    [TestCase("similarity", "X", "X", "--assign")]
    [TestCase("kcca", "X", "X", "--kernel", "rbf")]
    public void A_device_by_name_opens_no_other(string verb, params string[] words)
    {
        string[] arguments = [verb, .. words.Select(word => word switch { "X" => _folder["x.npy"], "K" => _folder["k.npy"], _ => word })];
        using Process named = Tool.Start([.. arguments, "--device", "host"]);
        Assert.That(Tool.End(named) is (ExitCode.Success, _, ""), $"{verb} --device host");
    }

    [Test]
    public void Auto_is_an_error_that_names_the_device() =>
        CliRun.Of("gram", _folder["x.npy"], "--kernel", "rbf", "--output", _folder["k.npy"]).Failed(ExitCode.Device, "no device 'cuda:97'");

    [TestCase("cuda:97", "no device 'cuda:97'")]
    [TestCase("fast", "'fast' names no device")]
    public void Doctor_examines_what_is_there_and_tells(string name, string words)
    {
        using EnvironmentVariable wrong = new("FUSIONKERNELS_DEVICE", name);
        CliRun run = CliRun.Of("doctor", "--device", "host", "--json");
        Assert.That((run.Code, run.Error), Is.EqualTo((ExitCode.Failure, "")));
        Assert.That(run.Json.GetProperty("auto").GetString(), Does.Contain(words).And.Not.Contain("did you mean"));
        Assert.That(run.Json.GetProperty("devices")[0].GetProperty("problem").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }
}
