using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>How a Gram computation runs: progress, cancellation, reports, memory, many callers at once.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Real))]
public sealed class GramRunTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Kernel[] s_kernels = [Kernel.Rbf(), Kernel.Rbf() + Kernel.Linear(), Kernel.Laplacian().Centered()];

    [Test]
    public void Progress_only_grows_and_ends_at_1([ValueSource(nameof(s_kernels))] Kernel kernel)
    {
        List<double> reports = [];
        Recorder progress = new(reports.Add);
        Gram.Compute(Rows(900), kernel, new() { Device = engine.Device, Progress = progress });
        Assert.That(reports, Is.Not.Empty.And.Ordered);
        Assert.That(reports[^1], Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void Cancelling_stops_and_leaves_the_engine_in_order([ValueSource(nameof(s_kernels))] Kernel kernel)
    {
        using CancellationTokenSource before = new();
        before.Cancel();
        Assert.That(() => Gram.Compute(Rows(300), kernel, new() { Device = engine.Device, Cancellation = before.Token }), Throws.InstanceOf<OperationCanceledException>());
        using CancellationTokenSource during = new();
        Recorder progress = new(_ => during.Cancel());
        Kernel composed = kernel + Kernel.Laplacian();
        Assert.That(
            () => Gram.Compute(Rows(2000), composed, new() { Device = engine.Device, Cancellation = during.Token, Progress = progress }),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Gram.Compute(Rows(5), kernel, new() { Device = engine.Device }).Lengths[0], Is.EqualTo((nint)5));
        Assert.That(engine.LiveBuffers, Is.Zero);
    }

    [Test]
    public void The_report_tells_what_ran()
    {
        ExecutionReport? report = null;
        Gram.Compute(Rows(300), Kernel.Rbf(), new() { Device = engine.Device, Report = one => report = one });
        Assert.That(report, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That(report!.Operation, Is.EqualTo("Gram.Compute"));
            Assert.That(report.Device, Is.EqualTo(engine.Shared.Name));
            Assert.That(report.Precision, Is.EqualTo(typeof(T) == typeof(float) ? "float32" : "float64"));
            Assert.That(report.Tiling, Is.Not.Empty);
            Assert.That(report.Flops, Is.EqualTo(300 * 301 / 2.0 * ((2 * 9) + 1)));
            Assert.That(report.TotalSeconds, Is.Positive);
            Assert.That(report.KernelSeconds, Is.Positive.And.LessThanOrEqualTo(report.TotalSeconds));
            Assert.That(report.Tiles, Is.Positive);
            Assert.That(report.PeakBytes, Is.Positive);
        });
    }

    [Test]
    public void Small_problems_allocate_nothing_but_the_result_in_steady_state()
    {
        if (engine.Kind != DeviceKind.Host) Assert.Ignore("accelerators take small buffers for what they launch");
        Tensor<T> rows = Rows(64);
        T[] x = GramAssert.Elements(rows), target = new T[64 * 64];
        GramOptions options = new() { Device = engine.Device };
        Kernel kernel = Kernel.Rbf(0.1);
        Assert.That(LeastAllocated(() => Gram.Compute(new ReadOnlyTensorSpan<T>(x, [64, 9]), kernel, new TensorSpan<T>(target, [64, 64]), options), 0), Is.Zero);
        long result = LeastAllocated(() => Tensor.CreateFromShape<T>([64, 64]), 0);
        Assert.That(LeastAllocated(() => Gram.Compute(rows, kernel, options), result), Is.EqualTo(result));

        // The first rounds may meet the runtime at work on the code.
        static long LeastAllocated(Action once, long atLeast)
        {
            long least = long.MaxValue;
            for (int round = 0; round < 10 && least > atLeast; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 50; i++) once();
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        }
    }

    [Test]
    public void Many_callers_share_one_engine()
    {
        Kernel[] kernels = [Kernel.Rbf(), Kernel.Laplacian(), Kernel.Rbf() + Kernel.Linear(), Kernel.Matern().Centered()];
        Tensor<T> x = Rows(150);
        Tensor<T>[] expected = [.. kernels.Select(kernel => Gram.Compute(x, kernel, new() { Device = engine.Device }))];
        Parallel.For(0, 32, i =>
        {
            Tensor<T> gram = Gram.Compute(x, kernels[i % 4], new() { Device = engine.Device });
            GramAssert.SameBits(gram, expected[i % 4], kernels[i % 4].ToString());
        });
    }

    [Test]
    public void Progress_may_call_the_library_and_changes_nothing()
    {
        Kernel inner = Kernel.Laplacian() + Kernel.Linear().Centered().Normalized();
        GramOptions plain = new() { Device = engine.Device };
        Tensor<T> few = Rows(120), many = Rows(900);
        Tensor<T> expectedInner = Gram.Compute(few, inner, plain), expectedProduct = MatrixProduct.Multiply(few, Rows(9), new() { Device = engine.Device });
        int calls = 0;
        Recorder progress = new(_ =>
        {
            calls++;
            GramAssert.SameBits(Gram.Compute(few, inner, plain), expectedInner, "within the report");
            GramAssert.SameBits(MatrixProduct.Multiply(few, Rows(9), new() { Device = engine.Device }), expectedProduct, "the product within the report");
        });
        GramOptions told = plain with { Progress = progress };
        Tensor<T> vectors = Rows(900);
        foreach (Kernel kernel in (Kernel[])[.. s_kernels, Kernel.Polynomial().Centered() + Kernel.Matern()])
        {
            GramAssert.SameBits(Gram.Compute(many, kernel, told), Gram.Compute(many, kernel, plain), $"{kernel}");
            GramAssert.SameBits(Gram.Multiply(many, kernel, vectors, told), Gram.Multiply(many, kernel, vectors, plain), $"{kernel} times vectors");
        }

        Tensor<T> wide = MatrixProduct.MultiplySelf(vectors, new() { Device = engine.Device, Progress = progress });
        GramAssert.SameBits(wide, MatrixProduct.MultiplySelf(vectors, new() { Device = engine.Device }), "product");
        Assert.That(calls, Is.AtLeast(9));
    }

    [Test]
    public void Tensors_on_the_device_stay_there()
    {
        Tensor<T> x = Rows(40), y = Rows(30);
        using DeviceTensor<T> onDevice = engine.Device.Upload(x), others = engine.Device.Upload(y);
        using DeviceTensor<T> gram = Gram.Compute(onDevice, Kernel.Rbf()), rectangular = Gram.Compute(onDevice, others, Kernel.Laplacian());
        GramAssert.SameBits(gram.Download(), Gram.Compute(x, Kernel.Rbf(), new() { Device = engine.Device }), "symmetric");
        GramAssert.SameBits(rectangular.Download(), Gram.Compute(x, y, Kernel.Laplacian(), new() { Device = engine.Device }), "rectangular");
    }

    private static Tensor<T> Rows(int rows) => GramAssert.Tensor<T>(GramAssert.Rows<T>(rows, 9, rows));

    private sealed class Recorder(Action<double> record) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (record) record(value);
        }
    }
}
