using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>The same for matrices and operations that take a simulated device minutes.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Devices))]
[Parallelizable]
public sealed class GramDeviceMemoryTests(TestEngine engine)
{
    [Test]
    public void Want_of_memory_at_any_allocation_shrinks_the_tiles_or_is_told([ValueSource(nameof(Names))] string operation) => GramMemory.Sweep(engine, operation);

    [Test]
    public void A_matrix_without_room_comes_in_blocks_and_stays_symmetric()
    {
        double[,] x = GramAssert.Rows<float>(700, 3, 1);
        foreach (Kernel kernel in (Kernel[])[Kernel.Rbf(), GramMemory.Composed])
        {
            using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
            using ComputeDevice device = ComputeDevice.Over(own);
            own.MemoryLimit = 1_500_000;
            ExecutionReport? report = null;
            GramOptions options = new() { Device = device, Report = one => report = one };
            Tensor<float> gram = Gram.Compute(GramAssert.Tensor<float>(x), kernel, options);
            Assert.That(report!.Retries, Is.Positive, kernel.ToString());
            GramAssert.Near(gram, kernel, x, x, kernel.ToString());
            GramAssert.Symmetric(gram, kernel.ToString());
        }
    }

    [Test]
    public void Vectors_without_room_are_multiplied_in_halves()
    {
        Tensor<float> x = GramMemory.Rows(300, 3), v = GramMemory.Rows(300, 700);
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        using ComputeDevice device = ComputeDevice.Over(own);
        own.MemoryLimit = 1_000_000;
        ExecutionReport? report = null;
        List<double> progress = [];
        Tensor<float> product = Gram.Multiply(x, GramMemory.Composed, v, new() { Device = device, Report = one => report = one, Progress = new Recorder(progress) });
        Assert.That(report!.Retries, Is.Positive);
        Assert.That(progress, Is.Ordered);
        Assert.That(progress[^1], Is.EqualTo(1).Within(1e-12));
        Tensor<float> expected = Gram.Multiply(x, GramMemory.Composed, v, new() { Device = ComputeDevice.Default });
        Assert.That(GramAssert.Elements(product), Is.EqualTo(GramAssert.Elements(expected)).Within(300 * Tolerances.LongSum<float>(300, Tolerances.Gram<float>(3))));
    }

    private static IEnumerable<string> Names => GramMemory.Slow;

    private sealed class Recorder(List<double> reports) : IProgress<double>
    {
        public void Report(double value) => reports.Add(value);
    }
}
