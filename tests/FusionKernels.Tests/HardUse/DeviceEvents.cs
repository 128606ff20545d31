using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>A device that vanishes, or a caller that cancels, while a public operation is under way: at a launch or, as real devices tell it, where the end of a kernel is waited for.</summary>
internal static class DeviceEvents
{
    private static readonly FaultPoint[] s_points = [FaultPoint.Launch, FaultPoint.Wait];

    /// <summary>Loses the device at the middle launch and at the first, the middle and the last wait of each operation: it is told then and ever after, under a public name, and nothing is kept.</summary>
    public static void LossIsTold(TestEngine source, IEnumerable<PublicCall> calls)
    {
        HashSet<string> unknown = [];
        int lost = 0;
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        using ComputeDevice device = ComputeDevice.Over(engine);
        foreach (PublicCall call in calls.Where(call => !call.OnHostOnly))
        {
            foreach (FaultPoint point in s_points)
            {
                int events = FaultCount.Of(engine, point, () => call.Answer(new(device)));
                int middle = (events + 1) / 2;
                int[] places = events == 0 ? [] : point == FaultPoint.Launch ? [middle] : [1, middle, events];
                foreach (int k in places.Distinct())
                {
                    lost++;
                    unknown.UnionWith(Lose(source, call, point, k).Where(name => !PublicNames.Contains(name)).Select(name => $"{call}, {point} {k} of {events}: {name}"));
                }
            }
        }

        Assert.That(lost, Is.Positive, "nothing was launched");
        Assert.That(unknown, Is.Empty, "errors name the public operation");
    }

    /// <summary>Cancels each operation at random ones of its launches and waits: it ends so, or with its answer; nothing is kept, and the next call is whole.</summary>
    public static void CancellationIsObeyed(TestEngine source, IEnumerable<PublicCall> calls)
    {
        const int moments = 3;
        Random random = new(11);
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        using ComputeDevice device = ComputeDevice.Over(engine);
        foreach (PublicCall call in calls.Where(call => !call.OnHostOnly))
        {
            double[] expected = call.Answer(new(device));
            foreach (FaultPoint point in s_points)
            {
                int events = FaultCount.Of(engine, point, () => call.Answer(new(device)));
                for (int moment = 0; moment < moments && events > 0; moment++)
                {
                    using CancellationTokenSource caller = new();
                    engine.Faults = new(point, random.Next(events) + 1, caller.Cancel);
                    try
                    {
                        Assert.That(Numbers.AreSame(call.Answer(new(device, 0, caller.Token)), expected), $"{call}: finished, with another answer");
                    }
                    catch (OperationCanceledException)
                    {
                        Assert.That(caller.IsCancellationRequested, $"{call}: told before anybody cancelled");
                    }

                    Assert.That(engine.Faults.HasFired, call.Name);
                    engine.Faults = null;
                    Assert.That(Numbers.AreSame(call.Answer(new(device)), expected), $"{call} after a cancelled call");
                }
            }
        }

        Assert.That(Held.Buffers(device), Is.Zero);
    }

    /// <summary>Loses one device at one event; gives the operations that the call and the next one told.</summary>
    private static string[] Lose(TestEngine source, PublicCall call, FaultPoint point, int k)
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        ComputeDevice device = ComputeDevice.Over(engine);
        engine.Faults = new(point, k, FaultKind.DeviceLost);
        DeviceLostException? told = Assert.Throws<DeviceLostException>(() => call.Answer(new(device)), $"{call}: {point} {k}");
        Assert.That(engine.Faults.HasFired && engine.IsLost);
        Assert.That(told!.InnerException, Is.TypeOf<InjectedFaultException>(), $"{call}: the cause of {point} {k}");
        DeviceLostException? after = Assert.Throws<DeviceLostException>(() => call.Answer(new(device)), $"{call}: ever after");
        Assert.That(Held.Buffers(device), Is.Zero, $"{call}: {point} {k}");
        Assert.That(engine.Dispose, Throws.Nothing);
        return [told.Operation, after!.Operation];
    }
}
