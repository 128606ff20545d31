using System.Diagnostics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>What listeners hear of calls that succeed and of calls that fail: an error where there was one, and buffers that are back.</summary>
[TestFixtureSource(typeof(HardUseEngines), nameof(HardUseEngines.Chosen))]
public sealed class FailedCallTests(TestEngine source)
{
    private static readonly ActivitySource s_callers = new("FailedCallTests");

    private static IEnumerable<PublicCall> Calls(TestEngine source) => PublicCalls.All.Where(call => source.Kind == DeviceKind.Host || !call.OnHostOnly);

    [Test]
    [Category("Slow")]
    public void Calls_that_succeed_have_no_error()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open());
        foreach (PublicCall call in Calls(source))
        {
            Activity[] heard = Heard(() => call.Answer(new(device)));
            Assert.That(heard.Where(one => one.Status == ActivityStatusCode.Error).Select(one => one.OperationName), Is.Empty, call.Name);
        }
    }

    [Test]
    [Category("Slow")]
    public void Calls_that_are_cancelled_end_their_activities_as_errors_and_keep_no_buffer()
    {
        using ComputeDevice device = ComputeDevice.Over(source.Open());
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        foreach (PublicCall call in Calls(source).Where(call => !CancellationTests.Scalars.Contains(call.Operation)))
        {
            Activity[] heard = Heard(() => Assert.Catch<OperationCanceledException>(() => call.Answer(new(device, Cancellation: cancelled.Token)), call.Name));
            if (heard.LastOrDefault(one => one.OperationName == call.Operation) is not { } own) continue;

            // A cancelled comparison returns what was complete: no error.
            ActivityStatusCode expected = call.Operation == "FusionReport.Compare" ? ActivityStatusCode.Unset : ActivityStatusCode.Error;
            Assert.That(own.Status, Is.EqualTo(expected), call.Name);
        }

        Assert.That(LiveBuffers(device), Is.Zero);
    }

    [Test]
    public void A_call_that_a_device_fails_is_an_error_and_keeps_no_buffer([Values] bool isLost)
    {
        if (source.Kind == DeviceKind.Host) Assert.Ignore("faults are planted in accelerators");
        foreach (string name in (string[])["Gram.Compute", "Dtw.Distances", "CanonicalCorrelation.Fit", "Attention.Forward", "Trainer.Fit"])
        {
            using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
            using ComputeDevice device = ComputeDevice.Over(engine);
            engine.Faults = new(FaultPoint.Copy, 2, isLost ? FaultKind.DeviceLost : FaultKind.OutOfMemory);
            FusionKernelsException? failure = null;
            Activity[] heard = Heard(() =>
            {
                try
                {
                    PublicCalls.Named(name).Answer(new(device));
                }
                catch (FusionKernelsException told)
                {
                    failure = told;
                }
            });
            Assert.That(engine.Faults.HasFired, name);
            if (isLost) Assert.That(failure, Is.TypeOf<DeviceLostException>(), name);

            // The outermost ends last; smaller tiles may have mended the want of memory.
            if (heard.Length > 0) Assert.That(heard[^1].Status, Is.EqualTo(failure is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error), name);
            engine.Faults = null;
            Assert.That(LiveBuffers(device), Is.Zero, name);
        }
    }

    /// <summary>Copies into the cache, its growth and its kernel are all parts of what the caller called.</summary>
    [Test]
    public void A_cache_that_cannot_take_rows_says_so_under_its_public_name([Values(FaultPoint.Allocation, FaultPoint.Copy, FaultPoint.Launch)] object point)
    {
        if (source.Kind == DeviceKind.Host) Assert.Ignore("faults are planted in accelerators");
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        using ComputeDevice device = ComputeDevice.Over(engine);
        Tensor<float> rows = Tensor.Create(new float[1 * 2 * 130 * 8], [1, 2, 130, 8]);
        for (int k = 1; ; k++)
        {
            using KeyValueCache<float> cache = new(1, 2, 8, device: device);
            cache.Append(rows, rows);
            engine.Faults = new((FaultPoint)point, k, FaultKind.OutOfMemory);
            DeviceOutOfMemoryException? told = null;
            try
            {
                cache.Append(rows, rows); // two pages more: the block doubles
            }
            catch (DeviceOutOfMemoryException failure)
            {
                told = failure;
            }

            bool hasFired = engine.Faults.HasFired;
            engine.Faults = null;
            if (told is not null)
            {
                Assert.That(told.Operation, Is.EqualTo("KeyValueCache.Append"), $"{point} {k}: {told.Message}");
                Assert.That(cache.Length(0), Is.EqualTo(130), "as before");
            }

            if (hasFired) continue;
            Assert.That(k, Is.GreaterThan(1), "something can fail");
            break;
        }
    }

    /// <summary>What the library told while a call ran, other threads of the process aside.</summary>
    private static Activity[] Heard(Action call)
    {
        using Recorder recorder = new(s_callers.Name);
        using Activity caller = s_callers.StartActivity("caller")!;
        call();
        Assert.That(Activity.Current, Is.SameAs(caller), "the caller's activity is as it was");
        return [.. recorder.Activities.Where(one => one.TraceId == caller.TraceId)];
    }

    /// <summary>What the gauge tells once finalizers have run.</summary>
    private static double LiveBuffers(ComputeDevice device)
    {
        int held = Held.Buffers(device);
        using Recorder recorder = new();
        recorder.Observe();
        double[] told = [.. recorder.Of("fusionkernels.buffers.live").Where(one => device.Description.Name.Equals(one.Tags["fusionkernels.device"])).Select(one => one.Value)];
        Assert.That(told, Does.Contain((double)held), "the gauge");
        return held;
    }
}
