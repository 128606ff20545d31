using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>A device that vanishes while a public operation is under way, at a launch or, as real ones do, where the end of a kernel is waited for.</summary>
internal static class DeviceLoss
{
    private static readonly FaultPoint[] s_points = [FaultPoint.Launch, FaultPoint.Wait];

    /// <summary>Loses the device at the first, the middle and the last launch and wait of each operation: it is told then and ever after, under a public name, and nothing is kept.</summary>
    public static void IsTold(TestEngine source, IEnumerable<PublicCall> calls)
    {
        HashSet<string> unknown = [];
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        using ComputeDevice device = ComputeDevice.Over(engine);
        foreach (PublicCall call in calls.Where(call => !call.OnHostOnly))
        {
            foreach (FaultPoint point in s_points)
            {
                int events = FaultCount.Of(engine, point, () => call.Answer(new(device)));
                foreach (int k in ((int[])[1, (events + 1) / 2, events]).Where(k => k > 0).Distinct())
                {
                    unknown.UnionWith(Lose(source, call, point, k).Where(name => !PublicNames.Contains(name)).Select(name => $"{call}, {point} {k} of {events}: {name}"));
                }
            }
        }

        Assert.That(unknown, Is.Empty, "errors name the public operation");
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
