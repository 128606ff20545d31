using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>The fused Gram matrix of several views takes the memory of one, plain, centred, and with absent views.</summary>
[TestFixture]
[Parallelizable]
public sealed class FusedGramMemoryTests
{
    /// <summary>All that a thread of its own allocates, kept buffers included, grows as one matrix does; tiles are as large for any rows.</summary>
    [TestCase(0.0, false)]
    [TestCase(0.0, true)]
    [TestCase(0.2, true)]
    public void What_the_host_allocates_grows_as_one_matrix(double rate, bool isCentred)
    {
        const int Few = 1100, Many = 1500;
        long growth = Allocated(Many) - Allocated(Few), matrix = 4L * ((Many * Many) - (Few * Few));
        TestContext.Out.WriteLine($"{growth / (double)matrix:f3} matrices");
        Assert.That(growth, Is.InRange(matrix, 1.1 * matrix));

        long Allocated(int rows)
        {
            KernelFusionOptions options = new() { Threads = 1, Centered = isCentred };
            FusedKernel<float> kernel = Fused(rows, 6, rate, options);
            long allocated = 0;
            Thread alone = new(() =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Tensor<float> gram = kernel.TrainGram(options);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                GC.KeepAlive(gram);
            });
            alone.Start();
            alone.Join();
            return allocated;
        }
    }

    /// <summary>A device that has room for the operands and less than two matrices does it, tiles and all.</summary>
    [TestCase(false)]
    [TestCase(true, Category = "Slow")]
    public void A_device_with_room_for_less_than_two_matrices_will_do(bool isCentred)
    {
        const int Rows = 160, Views = 3;
        TestEngine engine = TestEngines.Present.FirstOrDefault(one => one.Kind == DeviceKind.IlgpuCpu) ?? throw new IgnoreException("there is no simulated device");
        using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
        own.Guards = false;
        using ComputeDevice device = ComputeDevice.Over(own);
        KernelFusionOptions options = new() { Centered = isCentred };
        FusedKernel<float> kernel = Fused(Rows, Views, 0, options);
        own.MemoryLimit = (4 * kernel.Train.FlattenedLength) + (2 * 4L * Rows * Rows) - 1;
        Tensor<float> gram = kernel.TrainGram(options with { Device = device }), expected = kernel.TrainGram(options);
        TestContext.Out.WriteLine($"{own.AllocatedBytes / 4.0 / Rows / Rows:f3} matrices, operands included");
        Assert.That(own.AllocatedBytes, Is.InRange(1, own.MemoryLimit));
        for (int i = 0; i < Rows; i++) Assert.That(gram[i, (7 * i) % Rows], Is.EqualTo(expected[i, (7 * i) % Rows]).Within(1e-5));
    }

    private static FusedKernel<float> Fused(int rows, int views, double rate, KernelFusionOptions options) => KernelFusionFit.Kernels<float>(FusionData.Halves(rows, views, 3).WithMissing(rate, 1), options);
}
