using System.Numerics.Tensors;
using FusionKernels.Bench;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>K V where K is many times what the call may hold: its memory is counted, and rows from all over the result are summed again in float64.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Category("Slow")]
[NonParallelizable]
public sealed class GramLargeProductTests(TestEngine engine)
{
    private const int Features = 16, Width = 5, Samples = 48;
    private const long MostBytes = 128L << 20;

    /// <summary>A K of 40 GB where that takes seconds, of 2.3 GB elsewhere.</summary>
    private int Size => engine.Kind == DeviceKind.Cuda || engine.Name == $"host-{SimdWidths.NameOf(SimdWidths.Detect())}" ? 100_000 : 24_000;

    [Test]
    public void A_product_holds_a_small_part_of_the_matrix_and_every_row_is_right()
    {
        float[] x = Values(Size * Features, 1), v = Values(Size * Width, 2);
        for (int i = 0; i < Size; i++) v[i * Width] = 1; // against this column nothing cancels, so a tile left out would show
        Tensor<float> rows = Tensor.Create(x, [Size, Features]), vectors = Tensor.Create(v, [Size, Width]);
        ExecutionReport? report = null;
        Tensor<float> product = Multiply(rows, vectors, one => report = one);
        Assert.That(4L * Size * Size, Is.AtLeast(16 * MostBytes), "K against the bound");
        Assert.That(report!.PeakBytes, Is.InRange(1, MostBytes), "planned");
        double worst = 0;
        for (int sample = 0; sample < Samples; sample++) worst = Math.Max(worst, Error(product, x, v, (int)((long)sample * (Size - 1) / (Samples - 1))));
        TestContext.Out.WriteLine($"{engine}, {Size} rows: {report.PeakBytes >> 20} MiB planned, error {worst:e2}");
        Assert.That(worst, Is.AtMost(Tolerances.LongSum<float>(Size, Tolerances.Gram<float>(Features))));
    }

    /// <summary>The product within the bound: an accelerator is given no more, and of the host's process the peak is taken.</summary>
    private Tensor<float> Multiply(Tensor<float> rows, Tensor<float> vectors, Action<ExecutionReport> report)
    {
        if (engine.Kind != DeviceKind.Host)
        {
            using AcceleratorEngine own = (AcceleratorEngine)engine.Open();
            using ComputeDevice device = ComputeDevice.Over(own);
            own.MemoryLimit = MostBytes;
            return Gram.Multiply(rows, Kernel.Rbf(), vectors, new() { Device = device, Report = report });
        }

        PeakMemory? memory = PeakMemory.Begin();
        Tensor<float> product = Gram.Multiply(rows, Kernel.Rbf(), vectors, new() { Device = engine.Device, Report = report });
        if (memory?.Bytes() is { } bytes)
        {
            TestContext.Out.WriteLine($"{engine}, {Size} rows: {bytes >> 20} MiB held");
            Assert.That(bytes, Is.AtMost(MostBytes), "held");
        }

        return product;
    }

    /// <summary>The largest error of a row's sums, relative to the sums of the magnitudes.</summary>
    private double Error(Tensor<float> product, float[] x, float[] v, int row)
    {
        double[] expected = new double[Width], magnitude = new double[Width];
        for (int j = 0; j < Size; j++)
        {
            double squares = 0;
            for (int k = 0; k < Features; k++)
            {
                double difference = (double)x[(row * Features) + k] - x[(j * Features) + k];
                squares += difference * difference;
            }

            double value = Math.Exp(-squares / Features);
            for (int w = 0; w < Width; w++)
            {
                expected[w] += value * v[(j * Width) + w];
                magnitude[w] += value * Math.Abs(v[(j * Width) + w]);
            }
        }

        return Enumerable.Range(0, Width).Max(w => Math.Abs(product[row, w] - expected[w]) / magnitude[w]);
    }

    private static float[] Values(int count, int seed)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (2 * random.NextSingle()) - 1;
        return values;
    }
}
