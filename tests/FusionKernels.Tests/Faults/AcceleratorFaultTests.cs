using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Faults;

/// <summary>Every place where a device can fail, made to fail: the right exception, nothing kept, and the engine alive or dead as it should be.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
public sealed unsafe class AcceleratorFaultTests(TestEngine source)
{
    private static readonly RunSettings s_settings = new("Test.Scale");

    // One call takes two buffers, makes two copies, one launch for which it waits once, and one compilation.
    private static readonly (FaultPoint Point, int Events)[] s_points =
        [(FaultPoint.Allocation, 2), (FaultPoint.Copy, 2), (FaultPoint.Launch, 1), (FaultPoint.Wait, 1), (FaultPoint.Compile, 1)];

    [TestCaseSource(nameof(OutOfMemory))]
    public void Want_of_memory_is_told_and_survived(string point, int k)
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        engine.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.OutOfMemory);
        DeviceOutOfMemoryException? failure = Assert.Throws<DeviceOutOfMemoryException>(() => Scale(engine));
        Assert.That(failure!.Device, Is.EqualTo(engine.Name));
        Assert.That(engine.Faults.HasFired);
        Assert.That(engine.LiveBuffers, Is.Zero);
        Assert.That(engine.IsLost, Is.False);
        Assert.That(Scale(engine), Is.EqualTo(6), "the next call works");
    }

    [TestCaseSource(nameof(Lost))]
    public void A_lost_device_is_told_once_with_its_cause_and_ever_after(string point, int k)
    {
        AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        AcceleratorBuffer<float> held = engine.Rent<float>(10, "Test");
        engine.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.DeviceLost);
        DeviceLostException? first = Assert.Throws<DeviceLostException>(() => Scale(engine));
        Assert.That(first!.InnerException, Is.Not.Null);
        Assert.That(first.Message, Does.Contain(engine.Name).And.Contain("open it again"));
        Assert.That(engine.IsLost);
        Assert.That(() => Scale(engine), Throws.TypeOf<DeviceLostException>());
        Assert.That(() => engine.Rent<float>(10, "Test.More"), Throws.TypeOf<DeviceLostException>().With.Message.StartsWith("Test.More"));
        Assert.That(() => engine.Download(held, 0, new float[1]), Throws.TypeOf<DeviceLostException>());
        Assert.That(engine.Trim, Throws.TypeOf<DeviceLostException>());
        Assert.That(held.Dispose, Throws.Nothing);
        Assert.That(engine.LiveBuffers, Is.Zero);
        Assert.That(engine.Dispose, Throws.Nothing);
        Assert.That(engine.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_lost_device_can_be_opened_again()
    {
        using (AcceleratorEngine engine = (AcceleratorEngine)source.Open())
        {
            engine.Faults = new(FaultPoint.Launch, 1, FaultKind.DeviceLost);
            Assert.That(() => Scale(engine), Throws.TypeOf<DeviceLostException>());
        }

        using AcceleratorEngine again = (AcceleratorEngine)source.Open();
        Assert.That(Scale(again), Is.EqualTo(6));
    }

    [Test]
    public void A_refused_kernel_is_told_and_survived()
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        engine.Faults = new(FaultPoint.Compile, 1, FaultKind.CompileError);
        KernelCompilationException? failure = Assert.Throws<KernelCompilationException>(() => Scale(engine));
        Assert.That(failure!.Kernel, Is.EqualTo("scale"));
        Assert.That(failure.InnerException, Is.Not.Null);
        Assert.That(engine.LiveBuffers, Is.Zero);
        Assert.That(Scale(engine), Is.EqualTo(6), "a failed compilation is not cached");
    }

    [Test]
    public void A_fault_planned_beyond_the_last_event_does_not_strike()
    {
        foreach ((FaultPoint point, int events) in s_points)
        {
            using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
            engine.Faults = new(point, events + 1, FaultKind.DeviceLost);
            Assert.That(Scale(engine), Is.EqualTo(6), $"{point} has {events} events");
            Assert.That(engine.Faults.HasFired, Is.False);
        }
    }

    private static IEnumerable<TestCaseData> OutOfMemory() =>
        from place in s_points
        where place.Point != FaultPoint.Compile
        from k in Enumerable.Range(1, place.Events)
        select new TestCaseData(place.Point.ToString(), k);

    private static IEnumerable<TestCaseData> Lost() =>
        from place in s_points
        from k in Enumerable.Range(1, place.Events)
        select new TestCaseData(place.Point.ToString(), k);

    /// <summary>2 * 3, computed by the device.</summary>
    private static float Scale(AcceleratorEngine engine)
    {
        float x = 3, y = 0;
        ScaleCall call = new(new(&x, null, 0, 1, 1, 1, 1), new(&y, null, 0, 1, 1, 1, 1), 2, s_settings);
        engine.Execute(ref call);
        return y;
    }
}
