using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

[TestFixture]
[NonParallelizable]
public sealed class ComputeDeviceTests
{
    private const string DeviceVariable = "FUSIONKERNELS_DEVICE";

    private EnvironmentVariable _noOverride = null!;

    [OneTimeSetUp]
    public void ForgetTheOverride() => _noOverride = new(DeviceVariable, null);

    [OneTimeTearDown]
    public void RestoreTheOverride() => _noOverride.Dispose();

    [Test]
    public void Listing_always_finds_the_host_and_the_simulation_and_opens_nothing()
    {
        IReadOnlyList<DeviceDescription> devices = ComputeDevice.List();
        Assert.That(devices.Select(device => device.Name), Does.Contain("host").And.Contain("ilgpu-cpu").And.Unique);
        Assert.That(devices.Select(device => device.MemoryBytes), Is.All.GreaterThan(0));
        Assert.That(devices.Select(device => device.WarpSize), Is.All.GreaterThan(0));
    }

    [Test]
    public void Every_probe_is_a_device_or_a_reason()
    {
        IReadOnlyList<DeviceProbe> probes = ComputeDevice.Probe();
        Assert.That(probes, Is.Not.Empty);
        foreach (DeviceProbe probe in probes)
        {
            Assert.That(probe.Refusal is null, Is.EqualTo(probe.IsUsable), probe.ToString());
            Assert.That(probe.ToString(), probe.IsUsable ? Does.StartWith(probe.Name) : Does.Contain("refused: ").And.Contain(probe.Refusal));
        }

        foreach (string kind in (string[])["cuda", "opencl"])
        {
            Assert.That(probes.Any(probe => probe.Name.StartsWith(kind, StringComparison.Ordinal)), $"{kind} is reported, present or not");
        }
    }

    [Test]
    public void Every_listed_device_opens_as_itself_and_says_why()
    {
        foreach (DeviceDescription description in ComputeDevice.List())
        {
            using ComputeDevice device = ComputeDevice.Open(description.Name);
            Assert.That(device.Description.Name, Is.EqualTo(description.Name));
            Assert.That(device.Why, Is.EqualTo($"{description.Name} was asked for by name."));
        }
    }

    [Test]
    public void Auto_takes_the_first_of_cuda_openCL_GPU_host_and_says_what_it_passed_over()
    {
        using ComputeDevice device = ComputeDevice.Open();
        bool cuda = ComputeDevice.List().Any(one => one.Kind == DeviceKind.Cuda);
        if (cuda) Assert.That(device.Description.Name, Is.EqualTo("cuda:0"));
        else Assert.That(device.Description.Kind, Is.AnyOf(DeviceKind.OpenCL, DeviceKind.Host));
        Assert.That(device.Why, Does.StartWith($"auto took {device.Description.Name}").And.EndWith("."));
        if (!cuda) Assert.That(device.Why, Does.Contain("no CUDA device ("));
    }

    [Test]
    public void A_device_that_is_not_there_is_an_error_that_lists_every_probe()
    {
        foreach (string name in (string[])["cuda:97", "opencl:97"])
        {
            DeviceNotFoundException? failure = Assert.Throws<DeviceNotFoundException>(() => ComputeDevice.Open(name));
            Assert.That(failure!.Requested, Is.EqualTo(name));
            Assert.That(failure.Probes, Has.Count.EqualTo(ComputeDevice.Probe().Count));
            Assert.That(failure.Message, Does.StartWith($"no device '{name}': ").And.Contain("host ").And.Not.Contain("\n"));
        }
    }

    [Test]
    public void A_name_of_no_form_is_an_argument_error()
    {
        ArgumentException? failure = Assert.Throws<ArgumentException>(() => ComputeDevice.Open("gpu0"));
        Assert.That(failure!.Message, Does.Contain("'gpu0' names no device").And.Contain("opencl:<index>"));
    }

    [Test]
    public void The_environment_stands_in_for_auto_only()
    {
        using EnvironmentVariable variable = new(DeviceVariable, "ilgpu-cpu");
        using ComputeDevice automatic = ComputeDevice.Open();
        using ComputeDevice named = ComputeDevice.Open("host");
        Assert.That(automatic.Description.Name, Is.EqualTo("ilgpu-cpu"));
        Assert.That(automatic.Why, Does.Contain(DeviceVariable));
        Assert.That(named.Description.Name, Is.EqualTo("host"));
    }

    [Test]
    public void A_wrong_environment_is_an_error_that_names_the_variable()
    {
        using EnvironmentVariable garbage = new(DeviceVariable, "fast");
        Assert.That(() => ComputeDevice.Open(), Throws.ArgumentException.With.Message.Contains(DeviceVariable).And.Message.Contains("'fast'"));
        using EnvironmentVariable absent = new(DeviceVariable, "cuda:97");
        Assert.That(() => ComputeDevice.Open(), Throws.TypeOf<DeviceNotFoundException>());
        using EnvironmentVariable auto = new(DeviceVariable, "auto");
        Assert.That(() => ComputeDevice.Open().Dispose(), Throws.Nothing);
    }

    [Test]
    public void Whether_auto_is_the_host_is_known_without_opening_it()
    {
        using (ComputeDevice device = ComputeDevice.Open()) Assert.That(DeviceCatalog.IsAutoTheHost(), Is.EqualTo(device.Description.Kind == DeviceKind.Host));
        foreach ((string name, bool isHost) in new[] { (" Host ", true), ("ilgpu-cpu", false), ("cuda:97", false), ("fast", false) })
        {
            using EnvironmentVariable variable = new(DeviceVariable, name);
            Assert.That(DeviceCatalog.IsAutoTheHost(), Is.EqualTo(isHost), name);
        }
    }

    [Test]
    public void The_SIMD_width_of_the_host_follows_the_environment()
    {
        foreach (SimdWidth width in SimdWidths.All)
        {
            using EnvironmentVariable variable = new("FUSIONKERNELS_SIMD", SimdWidths.NameOf(width));
            using ComputeDevice device = ComputeDevice.Open("host");
            Assert.That(((HostEngine)device.Engine).Width, Is.EqualTo(width));
            Assert.That(device.Description.Platform, Does.Contain(SimdWidths.NameOf(width)));
        }
    }

    [Test]
    public void The_default_device_is_shared_and_comes_back_after_a_dispose()
    {
        ComputeDevice first = ComputeDevice.Default;
        Assert.That(ComputeDevice.Default, Is.SameAs(first));
        first.Dispose();
        Assert.That(ComputeDevice.Default, Is.Not.SameAs(first));
        using DeviceTensor<float> works = ComputeDevice.Default.Upload(Tensor.Create<float>([1, 2]));
    }

    [Test]
    public void A_disposed_device_says_so_and_a_second_dispose_does_nothing()
    {
        foreach (string name in (string[])["host", "ilgpu-cpu"])
        {
            ComputeDevice device = ComputeDevice.Open(name);
            DeviceTensor<float> tensor = device.Upload(Tensor.Create<float>([1, 2, 3]));
            device.Dispose();
            device.Dispose();
            Assert.That(() => device.Trim(), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => device.Allocate<float>(3), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => device.Upload(Tensor.Create<float>([1])), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => tensor.Download(), Throws.TypeOf<ObjectDisposedException>(), name);
            Assert.That(tensor.Dispose, Throws.Nothing);
        }
    }

    [Test]
    public void Only_float_and_double_are_taken()
    {
        using ComputeDevice device = ComputeDevice.Open("host");
        Assert.That(() => device.Allocate<Half>(3), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Half"));
    }

    [Test]
    public void A_negative_length_is_refused()
    {
        using ComputeDevice device = ComputeDevice.Open("host");
        Assert.That(() => device.Allocate<float>(3, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
