using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Devices that lack memory or vanish at any place of any public operation: the right answer or the right exception, nothing kept, the next call whole.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class EntryPointFaultTests(TestEngine source)
{
    /// <summary>Every one of the first events fails once, then some of the many that follow.</summary>
    private const int First = 6;

    /// <summary>Smaller tiles sum in another order, which a fit of several steps amplifies.</summary>
    private const double Tolerance = 2e-3;

    private static IEnumerable<string> Families => PublicCalls.All.Select(call => call.Family).Distinct();

    /// <summary>One operation of each family on the way that most of them share; the slow suite has every operation.</summary>
    private static IEnumerable<string> Chosen =>
        ["MatrixProduct.Multiply", "Gram.Compute", "Dtw.Distances", "ElasticDistance.Msm", "Cholesky.Factor", "KernelAlignment.Hsic", "Sinkhorn.Transport", "Attention.Forward", "SparseMatrix.Multiply", "Trainer.Fit"];

    [Test]
    [Category("Slow")]
    public void Want_of_memory_gives_the_answer_or_is_told([ValueSource(nameof(Chosen))] string name) => LacksMemory([PublicCalls.Named(name)]);

    [Test]
    [Category("Slow")]
    public void A_lost_device_is_told([ValueSource(nameof(Chosen))] string name) => IsLost([PublicCalls.Named(name)]);

    [Test]
    [Category("Slow")]
    public void Want_of_memory_gives_the_answer_or_is_told_in_the_family([ValueSource(nameof(Families))] string family) => LacksMemory([.. PublicCalls.All.Where(call => call.Family == family)]);

    [Test]
    [Category("Slow")]
    public void A_lost_device_is_told_in_the_family([ValueSource(nameof(Families))] string family) => IsLost([.. PublicCalls.All.Where(call => call.Family == family)]);

    private void LacksMemory(PublicCall[] calls)
    {
        HashSet<string> unknown = [];
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        using ComputeDevice device = ComputeDevice.Over(engine);
        foreach (PublicCall call in calls.Where(call => !call.OnHostOnly))
        {
            double[] expected = call.Answer(new(device));
            foreach (FaultPoint point in (FaultPoint[])[FaultPoint.Allocation, FaultPoint.Copy, FaultPoint.Launch])
            {
                int events = Count(engine, point, () => call.Answer(new(device)));
                foreach (int k in Places(events))
                {
                    engine.Faults = new(point, k, FaultKind.OutOfMemory);
                    try
                    {
                        double difference = Numbers.Difference(call.Answer(new(device)), expected);
                        Assert.That(difference, Is.LessThan(Tolerance), $"{call}: another answer after {point} {k} of {events} failed");
                    }
                    catch (DeviceOutOfMemoryException told)
                    {
                        Assert.That(told.Device, Is.EqualTo(engine.Name));
                        if (!PublicNames.Contains(told.Operation)) unknown.Add($"{call}, {point} {k}: {told.Operation}");
                    }

                    Assert.That(engine.IsLost, Is.False);
                    engine.Faults = null;
                }
            }

            Assert.That(Numbers.AreSame(call.Answer(new(device)), expected), $"{call}: the next call");
        }

        Assert.That(Held.Buffers(device), Is.Zero);
        Assert.That(unknown, Is.Empty, "errors name the public operation");
    }

    private void IsLost(PublicCall[] calls)
    {
        HashSet<string> unknown = [];
        foreach (PublicCall call in calls.Where(call => !call.OnHostOnly))
        {
            int events;
            using (AcceleratorEngine engine = (AcceleratorEngine)source.Open())
            {
                events = Count(engine, FaultPoint.Launch, () => call.Answer(new(ComputeDevice.Over(engine))));
            }

            if (events == 0) continue;
            using AcceleratorEngine lost = (AcceleratorEngine)source.Open();
            ComputeDevice device = ComputeDevice.Over(lost);
            lost.Faults = new(FaultPoint.Launch, (events + 1) / 2, FaultKind.DeviceLost);
            DeviceLostException? told = Assert.Throws<DeviceLostException>(() => call.Answer(new(device)), $"{call}: launch {(events + 1) / 2} of {events}");
            Assert.That(lost.IsLost);
            DeviceLostException? after = Assert.Throws<DeviceLostException>(() => call.Answer(new(device)), $"{call}: ever after");
            foreach (string name in (string[])[told!.Operation, after!.Operation])
            {
                if (!PublicNames.Contains(name)) unknown.Add($"{call}: {name}");
            }

            Assert.That(Held.Buffers(device), Is.Zero, call.Name);
            Assert.That(lost.Dispose, Throws.Nothing);
        }

        Assert.That(unknown, Is.Empty, "errors name the public operation");
    }

    /// <summary>How many events of a kind a call has.</summary>
    private static int Count(AcceleratorEngine engine, FaultPoint point, Action call)
    {
        engine.Faults = new(point, int.MaxValue, FaultKind.DeviceLost);
        call();
        int events = engine.Faults.Passed;
        engine.Faults = null;
        return events;
    }

    private static IEnumerable<int> Places(int events) => Enumerable.Range(1, Math.Min(First, events)).Concat(events > First ? [(First + events) / 2, events] : []).Distinct();
}
