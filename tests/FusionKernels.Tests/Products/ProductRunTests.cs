using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using static FusionKernels.Tests.Products.ProductAssert;
using Family = FusionKernels.Kernels.Products.Products;

namespace FusionKernels.Tests.Products;

/// <summary>How products run on the host, beside what they compute: threads, memory, cancellation, progress, reports.</summary>
[TestFixtureSource(typeof(ProductFixtures), nameof(ProductFixtures.Hosts))]
public sealed class ProductRunTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [TestCase(301, 205, 390)]
    [TestCase(64, 64, 4200)]
    [TestCase(160, 1, 40000)]
    [TestCase(1, 160, 40000)]
    public void The_bits_do_not_depend_on_threads(int rows, int columns, int depth)
    {
        StridedMatrix<T> a = new(Random<T>(rows, depth, 1)), b = new(Random<T>(depth, columns, 2), OperandLayout.PaddedColumns);
        using HostEngine host = new(5, ((HostEngine)engine.Shared).Width);
        T[] Product(int threads)
        {
            StridedMatrix<T> result = new(new double[rows, columns]);
            Family.Multiply(host, a.Ref, b.Ref, result.Ref, T.One, T.Zero, new("Multiply", threads));
            return result.Elements;
        }

        T[] one = Product(1);
        for (int threads = 2; threads <= 5; threads++) Assert.That(Product(threads).AsSpan().SequenceEqual(one), Is.True, $"{threads} threads");
    }

    [TestCase(64, 64, 16)]
    [TestCase(64, 1, 64)]
    [TestCase(150, 150, 150)]
    public void Steady_state_allocates_nothing(int rows, int columns, int depth)
    {
        StridedMatrix<T> a = new(Random<T>(rows, depth, 1)), b = new(Random<T>(depth, columns, 2)), result = new(new double[rows, columns]);
        RunSettings settings = new("Multiply");
        void Run() => Family.Multiply(engine.Shared, a.Ref, b.Ref, result.Ref, T.One, T.Zero, settings);
        long allocated = long.MaxValue;

        // Who takes which piece is left to chance, and the first piece of its kind takes memory that its thread then keeps.
        for (int round = 0; round < 10 && allocated > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) Run();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Eight_threads_may_call_at_once()
    {
        StridedMatrix<T> a = new(Random<T>(150, 120, 1)), b = new(Random<T>(120, 140, 2)), expected = new(new double[150, 140]);
        Family.Multiply(engine.Shared, a.Ref, b.Ref, expected.Ref, T.One, T.Zero, new("Multiply"));
        int wrong = 0;
        void Call()
        {
            StridedMatrix<T> result = new(new double[150, 140]);
            for (int i = 0; i < 10; i++)
            {
                Family.Multiply(engine.Shared, a.Ref, b.Ref, result.Ref, T.One, T.Zero, new("Multiply"));
                if (!result.Elements.AsSpan().SequenceEqual(expected.Elements)) Interlocked.Increment(ref wrong);
            }
        }

        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(Call))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.That(wrong, Is.Zero);
    }

    [TestCase(300, 300)]
    [TestCase(300, 1)]
    public void A_cancelled_call_throws_and_leaves_the_engine_usable(int rows, int columns)
    {
        StridedMatrix<T> a = new(Random<T>(rows, 300, 1)), b = new(Random<T>(300, columns, 2)), result = new(new double[rows, columns]);
        Assert.That(
            () => Family.Multiply(engine.Shared, a.Ref, b.Ref, result.Ref, T.One, T.Zero, new("Multiply", Cancellation: new(canceled: true))),
            Throws.InstanceOf<OperationCanceledException>());
        Multiplies<T>(engine.Shared, (rows, columns, 300), OperandLayout.RowMajor, OperandLayout.RowMajor, OperandLayout.RowMajor, 1, 0);
    }

    [TestCase(50, 40, 4200)]
    [TestCase(50, 1, 4200)]
    public void Progress_rises_to_one(int rows, int columns, int depth)
    {
        Recorder progress = new();
        StridedMatrix<T> a = new(Random<T>(rows, depth, 1)), b = new(Random<T>(depth, columns, 2)), result = new(new double[rows, columns]);
        Family.Multiply(engine.Shared, a.Ref, b.Ref, result.Ref, T.One, T.Zero, new("Multiply", Progress: progress));
        Assert.That(progress.Values, Is.Ordered.And.Not.Empty);
        Assert.That(progress.Values[^1], Is.EqualTo(1).Within(1e-12));
    }

    [Test]
    public void The_report_tells_what_ran()
    {
        ExecutionTrace trace = new("Multiply");
        StridedMatrix<T> a = new(Random<T>(50, 60, 1)), b = new(Random<T>(60, 70, 2)), result = new(new double[50, 70]);
        Family.Multiply(engine.Shared, a.Ref, b.Ref, result.Ref, T.One, T.Zero, new("Multiply", Trace: trace));
        ExecutionReport report = trace.Report(engine.Shared, "float32");
        Assert.Multiple(() =>
        {
            Assert.That(report.Flops, Is.EqualTo(2 * 50 * 60 * 70));
            Assert.That(report.Tiling, Does.StartWith("packed panels, "));
            Assert.That(report.KernelSeconds, Is.Positive);
            Assert.That(report.PeakBytes, Is.Positive);
        });
    }

    private sealed class Recorder : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
