using FusionKernels.Cli;
using NUnit.Framework;

namespace FusionKernels.Tests.Cli;

/// <summary>A listed device that does not open has rows that say so, and the other devices theirs.</summary>
internal sealed class UnopenedDeviceTests
{
    private const string Refusal = "opencl:7 did not open: CL_OUT_OF_HOST_MEMORY";

    private static readonly DeviceDescription s_broken = new("opencl:7", DeviceKind.OpenCL, "a broken device", "a driver", 1 << 30, 4, 32, SupportsFloat64: true);

    [Test]
    public void What_kept_it_from_opening_is_told_in_a_line()
    {
        using OpenedDevice broken = Broken();
        Assert.That((broken.Device, broken.Description), Is.EqualTo(((ComputeDevice?)null, s_broken)));
        Assert.That(broken.Error, Does.Contain(Refusal).And.Not.Contain("\n"));
    }

    [Test]
    public void What_was_typed_wrongly_stops_all() =>
        Assert.That(() => OpenedDevice.Open(s_broken, _ => throw new UsageException("no such width")), Throws.TypeOf<UsageException>());

    [Test]
    public void Selftest_fails_a_check_of_it_in_each_precision()
    {
        using OpenedDevice broken = Broken(), host = OpenedDevice.Of(ComputeDevice.OpenHost());
        List<KernelCheck> checks = SelfTestCommand.CheckAll([broken, host], [false, true], 0, new Progress<Step>(), CancellationToken.None);
        KernelCheck[] failed = [.. checks.Where(check => !check.Passed)];
        Assert.That(failed.Select(check => (check.KernelName, check.Device, check.Precision)), Is.EqualTo([("open", "opencl:7", "float32"), ("open", "opencl:7", "float64")]));
        Assert.That(failed.Select(check => check.Error), Is.All.EqualTo(broken.Error));
        Assert.That(checks.Count(check => check.Device == "host"), Is.EqualTo(2 * SelfTest.All.Count));
    }

    [Test]
    public void Doctor_finds_it_ill_and_examines_the_others()
    {
        using OpenedDevice broken = Broken(), host = OpenedDevice.Of(ComputeDevice.OpenHost());
        List<DeviceHealth> health = DoctorCommand.Examine([broken, host], float64: false, 0, new Progress<Step>(), CancellationToken.None);
        Assert.That(health.Select(one => (one.Device.Name, one.Healthy)), Is.EqualTo([("opencl:7", false), ("host", true)]));
        Assert.That(health[0].Problem, Is.EqualTo(broken.Error));
    }

    [Test]
    public void Demo_has_rows_of_it_and_ends_with_its_error()
    {
        using OpenedDevice broken = Broken(), host = OpenedDevice.Of(ComputeDevice.OpenHost());
        DemoResult result = new DemoRun<float>(Digits.Load(100), 0, new Progress<Step>(), CancellationToken.None).Run([broken, host]);
        Assert.That(result.Devices.Select(device => (device.Name, device.PeakGflops is null)), Is.EqualTo([("opencl:7", true), ("host", false)]));
        Assert.That(result.Rows.Where(row => row.Device == "opencl:7").Select(row => row.Error), Is.Not.Empty.And.All.EqualTo(broken.Error));
        Assert.That(result.Rows.Where(row => row.Device == "host").Select(row => row.Error), Is.Not.Empty.And.All.Null);
        Assert.That((result.FirstFailure!.Device, result.FirstFailure.Error), Is.EqualTo(("opencl:7", broken.Error)));
    }

    private static OpenedDevice Broken() => OpenedDevice.Open(s_broken, name => throw new DeviceNotFoundException(name, [Refusal]));
}
