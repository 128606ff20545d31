using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Devices that lack memory or vanish, and callers that cancel, at any place of any public operation: the right answer or the right exception, nothing kept, the next call whole.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class EntryPointFaultTests(TestEngine source)
{
    /// <summary>Every one of the first events fails once, then some of the many that follow.</summary>
    private const int First = 6;

    /// <summary>Smaller tiles sum in another order, which a fit of several steps amplifies.</summary>
    private const double Tolerance = 2e-3;

    private static IEnumerable<string> Families => PublicCalls.All.Select(call => call.Family).Distinct();

    private static IEnumerable<string> Chosen => PublicCalls.OfEachFamily.Select(call => call.Name);

    [Test]
    [Category("Slow")]
    public void Want_of_memory_gives_the_answer_or_is_told([ValueSource(nameof(Chosen))] string name) => LacksMemory([PublicCalls.Named(name)]);

    [Test]
    public void A_lost_device_is_told([ValueSource(nameof(Chosen))] string name) => DeviceEvents.LossIsTold(source, [PublicCalls.Named(name)]);

    [Test]
    [Category("Slow")]
    public void Want_of_memory_gives_the_answer_or_is_told_in_the_family([ValueSource(nameof(Families))] string family) => LacksMemory([.. PublicCalls.All.Where(call => call.Family == family)]);

    [Test]
    [Category("Slow")]
    public void A_lost_device_is_told_in_the_family([ValueSource(nameof(Families))] string family) => DeviceEvents.LossIsTold(source, PublicCalls.All.Where(call => call.Family == family));

    [Test]
    public void A_cancelled_call_leaves_nothing([ValueSource(nameof(Chosen))] string name) => DeviceEvents.CancellationIsObeyed(source, [PublicCalls.Named(name)]);

    [Test]
    [Category("Slow")]
    public void A_cancelled_call_leaves_nothing_in_the_family([ValueSource(nameof(Families))] string family) => DeviceEvents.CancellationIsObeyed(source, PublicCalls.All.Where(call => call.Family == family));

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
                int events = FaultCount.Of(engine, point, () => call.Answer(new(device)));
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

    private static IEnumerable<int> Places(int events) => Enumerable.Range(1, Math.Min(First, events)).Concat(events > First ? [(First + events) / 2, events] : []).Distinct();
}
