using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>What a Gram computation costs is told before it runs, and kept.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.All))]
public sealed class GramPlanTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly Kernel[] s_kernels =
        [Kernel.Rbf(), Kernel.Laplacian(), (0.5 * Kernel.Rbf()) + Kernel.Linear(), (Kernel.Rbf() + Kernel.Linear()).Centered(), Kernel.Linear().Normalized() * Kernel.Rbf()];

    /// <summary>What the runtime allocates for its own, at most.</summary>
    private const long OfTheRuntime = 1 << 18;

    [Test]
    public void The_plan_is_known_before_anything_runs()
    {
        GramPlanSummary plan = Gram.Plan<T>(1000, null, 64, Kernel.Rbf());
        Assert.That(plan.Flops, Is.EqualTo(1000 * 1001 / 2.0 * 129));
        Assert.That(plan.ResultBytes, Is.EqualTo(1000L * 1000 * (typeof(T) == typeof(float) ? 4 : 8)));
        Assert.That(plan.WorkingBytes, Is.Positive);
        Assert.That(Gram.Plan<T>(1000, null, 64, Kernel.Rbf(), new() { Threads = 1 }).WorkingBytes, Is.LessThanOrEqualTo(plan.WorkingBytes));
        Assert.That(() => Gram.Plan<T>(10, 10, 3, Kernel.Rbf().On(5..9)), Throws.ArgumentException);
    }

    [Test]
    public void Memory_stays_within_the_plan([ValueSource(nameof(s_kernels))] Kernel kernel)
    {
        int rows = engine.Kind == DeviceKind.IlgpuCpu ? 40 : 700;
        double[,] values = GramAssert.Rows<T>(rows, 9, 1);
        foreach (int threads in engine.Kind == DeviceKind.Host ? new[] { 1, 0 } : [0])
        {
            GramOptions options = new() { Device = engine.Device, Threads = threads };
            GramPlanSummary plan = Gram.Plan<T>(rows, null, 9, kernel, options);
            (long held, long slack) = engine.Shared is HostEngine host
                ? (AllocatedAfresh(host, GramAssert.Tensor<T>(values), kernel, threads), OfTheRuntime)
                : (PeakOf(GramAssert.Tensor<T>(values), kernel, options) - plan.InputBytes - plan.ResultBytes, 0);
            Assert.That(held, Is.Not.Negative.And.AtMost(plan.WorkingBytes + slack), $"{threads} threads");
        }
    }

    private static long PeakOf(Tensor<T> x, Kernel kernel, GramOptions options)
    {
        ExecutionReport? report = null;
        Gram.Compute(x, kernel, options with { Report = one => report = one });
        return report!.PeakBytes;
    }

    /// <summary>On an engine and a thread of its own, so that no working memory is left from before.</summary>
    private static long AllocatedAfresh(HostEngine host, Tensor<T> x, Kernel kernel, int threads)
    {
        Tensor<T> result = Tensor.CreateFromShape<T>([x.Lengths[0], x.Lengths[0]]);
        long allocated = 0;
        Thread thread = new(() =>
        {
            using HostEngine fresh = new(0, host.Width);
            using ComputeDevice device = ComputeDevice.Over(fresh);
            GramOptions options = new() { Device = device, Threads = threads };
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Gram.Compute(x.AsReadOnlyTensorSpan(), kernel, result.AsTensorSpan(), options);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        });
        thread.Start();
        thread.Join();
        return allocated;
    }
}
