using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Matching;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Faults;

/// <summary>A pass of Sinkhorn over a Gram matrix on a device that fails at every place where it can.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
public sealed class LogSumFaultTests(TestEngine source)
{
    private const int Rows = 20, Columns = 12, Features = 3;

    [TestCase("Allocation")]
    [TestCase("Copy")]
    [TestCase("Launch")]
    public void Want_of_memory_is_told_or_worked_around_and_survived(string point)
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        double[] expected = Pass(engine);
        for (int k = 1; ; k++)
        {
            engine.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.OutOfMemory);
            try
            {
                Assert.That(Pass(engine), Is.EqualTo(expected).AsCollection.Within(1e-5), $"{k}");
            }
            catch (DeviceOutOfMemoryException failure)
            {
                Assert.That(failure.Device, Is.EqualTo(engine.Name));
            }

            Assert.That(engine.LiveBuffers, Is.Zero, $"{k}");
            Assert.That(engine.IsLost, Is.False);
            if (!engine.Faults.HasFired) return;
        }
    }

    [TestCase("Allocation")]
    [TestCase("Copy")]
    [TestCase("Launch")]
    public void A_lost_device_is_told(string point)
    {
        for (int k = 1; ; k++)
        {
            using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
            engine.Faults = new(Enum.Parse<FaultPoint>(point), k, FaultKind.DeviceLost);
            try
            {
                Pass(engine);
                Assert.That(engine.Faults.HasFired, Is.False);
                Assert.That(k, Is.GreaterThan(1), "nothing was there to fail");
                return;
            }
            catch (DeviceLostException)
            {
                Assert.That(engine.IsLost);
                Assert.That(engine.LiveBuffers, Is.Zero, $"{k}");
            }
        }
    }

    private static double[] Pass(AcceleratorEngine engine)
    {
        float[] x = Filled(Rows), y = Filled(Columns);
        Kernel.Compiled compiled = Kernel.Rbf(0.5).Compile<float>(Features);
        GramPlan plan = new(compiled.Program, Rows, Columns, Features, Features, symmetric: false, sizeof(float));
        using GivenMatrices<float> given = new(compiled, Rows, Columns);
        double[] logSums = new double[Rows];
        GramLogSums.Compute(
            engine, plan, MatrixRef<float>.Of(x, Rows, Features), MatrixRef<float>.Of(y, Columns, Features), given.Operands, new double[Columns], 2, logSums, new RunSettings("Test"));
        return logSums;
    }

    private static float[] Filled(int rows) => [.. Enumerable.Range(0, rows * Features).Select(i => MathF.Sin(i * i))];
}
