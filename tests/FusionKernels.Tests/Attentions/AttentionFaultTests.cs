using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Attentions;

/// <summary>Attention forward and backward on a device that fails at every place where it can. Each place takes an engine, and each engine compiles anew.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
[Category("Slow")]
public sealed class AttentionFaultTests(TestEngine source)
{
    [TestCase("Allocation")]
    [TestCase("Copy")]
    [TestCase("Launch")]
    public void Want_of_memory_is_worked_around_in_parts_or_told(string point)
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        ComputeDevice device = ComputeDevice.Over(engine);
        float[] expected = Run(device, out _);
        int worked = 0;
        for (int k = 1; ; k++)
        {
            engine.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.OutOfMemory);
            try
            {
                Assert.That(Run(device, out int retries), Is.EqualTo(expected).AsCollection.Within(1e-5), $"{k}");
                if (engine.Faults.HasFired) Assert.That(retries, Is.EqualTo(1), $"{k}");
                worked++;
            }
            catch (DeviceOutOfMemoryException failure)
            {
                Assert.That(failure.Device, Is.EqualTo(engine.Name));
            }

            Assert.That(engine.LiveBuffers, Is.Zero, $"{k}");
            Assert.That(engine.IsLost, Is.False);
            if (!engine.Faults.HasFired) break;
        }

        Assert.That(worked, Is.GreaterThan(1), "a call that lacked memory once is halved");
    }

    [TestCase("Allocation")]
    [TestCase("Copy")]
    [TestCase("Launch")]
    public void A_lost_device_is_told(string point)
    {
        foreach (int k in (int[])[1, 3, 7])
        {
            using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
            engine.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.DeviceLost);
            Assert.That(() => Run(ComputeDevice.Over(engine), out _), Throws.TypeOf<DeviceLostException>(), $"{k}");
            Assert.That(engine.IsLost);
            Assert.That(engine.LiveBuffers, Is.Zero, $"{k}");
        }
    }

    [Test]
    public void Resident_results_are_given_back_when_a_call_fails()
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        ComputeDevice device = ComputeDevice.Over(engine);
        AttentionCase<float> one = Case(device);
        using (DeviceTensor<float> q = device.Upload(one.Query), k = device.Upload(one.Key), v = device.Upload(one.Value))
        {
            for (int place = 1; ; place++)
            {
                engine.Faults = new(FaultPoint.Allocation, place, FaultKind.OutOfMemory);
                try
                {
                    Attention.Forward(q, k, v).Dispose();
                }
                catch (DeviceOutOfMemoryException)
                {
                    // told; what must hold is asserted below
                }

                Assert.That(engine.LiveBuffers, Is.EqualTo(3), $"{place}");
                if (!engine.Faults.HasFired) break;
            }
        }

        Assert.That(engine.LiveBuffers, Is.Zero);
    }

    private static AttentionCase<float> Case(ComputeDevice device) => new(3, 4, 2, 20, 24, 8, 8, new() { Device = device, Causal = CausalAlignment.TopLeft }, [4, 20, 24]);

    private static float[] Run(ComputeDevice device, out int retries)
    {
        AttentionCase<float> one = Case(device);
        int told = 0;
        AttentionOptions options = one.Options with { Report = report => told += report.Retries };
        AttentionResult<float> forward = Attention.ForwardWithLogSumExp(one.Query, one.Key, one.Value, options, one.Bias);
        AttentionGradients<float> gradients = Attention.Backward(one.Query, one.Key, one.Value, forward, one.OutputGradient, options, one.Bias);
        retries = told;
        return [.. forward.Output, .. gradients.Query, .. gradients.Key, .. gradients.Value, .. gradients.Bias!];
    }
}
