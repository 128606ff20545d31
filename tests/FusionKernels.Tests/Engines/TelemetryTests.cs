using System.Diagnostics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

/// <summary>What listeners of the process hear of operations, copies, compilations and devices; and that silence costs nothing.</summary>
[TestFixture]
[NonParallelizable]
public sealed class TelemetryTests
{
    private static readonly Tensor<float> s_x = Tensor.Create([.. Enumerable.Range(0, 40 * 6).Select(i => (float)Math.Sin(i))], [40, 6]);

    [Test]
    public void An_operation_is_an_activity_with_what_its_report_says()
    {
        using ActivitySource callers = new("TelemetryTests");
        using Recorder recorder = new(callers.Name);
        using ComputeDevice host = ComputeDevice.OpenHost();
        ExecutionReport? report = null;
        using (Activity? caller = callers.StartActivity("request"))
        {
            Gram.Compute(s_x, Kernel.Rbf(0.1f), new() { Device = host, Report = told => report = told });
            Assert.That(Activity.Current, Is.SameAs(caller), "an operation leaves the caller's activity as it was");
        }

        Activity heard = recorder.Activities.Single(one => one.OperationName == "Gram.Compute");
        Assert.That(heard.Parent?.OperationName, Is.EqualTo("request"));
        Assert.That(heard.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(heard.GetTagItem("fusionkernels.device"), Is.EqualTo("host"));
        Assert.That(heard.GetTagItem("fusionkernels.precision"), Is.EqualTo("float32"));
        Assert.That(heard.GetTagItem("fusionkernels.tiling"), Is.EqualTo(report!.Tiling));
        Assert.That(heard.GetTagItem("fusionkernels.kernel.seconds"), Is.EqualTo(report.KernelSeconds));
        Assert.That(heard.Duration.TotalSeconds, Is.GreaterThanOrEqualTo(report.KernelSeconds));
    }

    [Test]
    public void An_operation_is_measured_with_or_without_a_report()
    {
        using Recorder recorder = new();
        using ComputeDevice host = ComputeDevice.OpenHost();
        Gram.Compute(s_x, Kernel.Rbf(0.1f), new() { Device = host });
        MatrixProduct.Multiply(s_x, s_x, new MatrixProductOptions { Device = host, TransposeB = true });
        Attention.Forward(s_x, s_x, s_x, new() { Device = host });
        Dtw.Distance(s_x, s_x, new() { Device = host });
        CanonicalCorrelation.Fit(s_x[.., ..2], s_x[.., 2..4], new() { Device = host });
        foreach (string operation in (string[])["Gram.Compute", "MatrixProduct.Multiply", "Attention.Forward", "Dtw.Distance", "CanonicalCorrelation.Fit"])
        {
            Measured duration = recorder.Of("fusionkernels.operation.duration", operation).Single();
            Assert.That(duration.Tags["fusionkernels.device"], Is.EqualTo("host"), operation);
            Assert.That(duration.Value, Is.Positive, operation);
            Assert.That(recorder.Of("fusionkernels.kernel.duration", operation).Single().Value, Is.LessThanOrEqualTo(duration.Value), operation);
        }

        Assert.That(recorder.Of("fusionkernels.tiles", "Gram.Compute").Single().Value, Is.Positive);
        Assert.That(recorder.Of("fusionkernels.retries"), Is.Empty);
    }

    [Test]
    public void An_operation_that_fails_ends_its_activity_and_is_not_measured()
    {
        using Recorder recorder = new();
        using ComputeDevice host = ComputeDevice.OpenHost();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Gram.Compute(s_x, Kernel.Rbf(0.1f), new() { Device = host, Cancellation = cancelled.Token }));
        Assert.That(Activity.Current, Is.Null);
        Activity heard = recorder.Activities.Single();
        Assert.That(heard.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(heard.GetTagItem("fusionkernels.tiling"), Is.Null);
        Assert.That(recorder.Of("fusionkernels.operation.duration"), Is.Empty);
    }

    [Test]
    public void Refused_arguments_leave_no_activity_open()
    {
        using Recorder recorder = new();
        using ComputeDevice host = ComputeDevice.OpenHost();
        Assert.Throws<ArgumentException>(() => Dtw.Align(s_x, s_x[.., ..2], new() { Device = host }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gram.Neighbours(s_x, s_x, Kernel.Linear(), 100, new() { Device = host }));
        Assert.Throws<ArgumentException>(() => Dtw.AlignCosts(Tensor.Create<float>([-1], [1, 1]), new() { Device = host }));
        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public void Live_buffers_and_memory_are_told_of_each_open_device()
    {
        using Recorder recorder = new();
        using (ComputeDevice host = ComputeDevice.OpenHost())
        using (DeviceTensor<float> x = host.Upload(s_x))
        {
            recorder.Observe();
            Assert.That(recorder.Of("fusionkernels.buffers.live").Select(one => one.Value), Does.Contain(1.0));
            Assert.That(recorder.Of("fusionkernels.memory.allocated").Select(one => one.Value), Does.Contain((double)(s_x.FlattenedLength * sizeof(float))));
        }

        recorder.Clear();
        recorder.Observe();
        Assert.That(recorder.Of("fusionkernels.memory.allocated").Select(one => one.Value), Does.Not.Contain((double)(s_x.FlattenedLength * sizeof(float))), "a closed device is silent");
    }

    [Test]
    public void Copies_and_compilations_of_a_device_are_told_where_they_happen()
    {
        using Recorder recorder = new();
        using ComputeDevice device = ComputeDevice.Over(AcceleratorCatalog.OpenSimulated(4));
        Tensor<float> x = s_x[..8, ..];
        using (DeviceTensor<float> there = device.Upload(x))
        {
            Assert.That(recorder.Of("fusionkernels.transfer.size").Single().Value, Is.EqualTo(8 * 6 * sizeof(float)));
            Assert.That(recorder.Of("fusionkernels.transfer.size").Single().Tags["fusionkernels.direction"], Is.EqualTo("upload"));
        }

        recorder.Clear();
        ExecutionReport? report = null;
        Tensor<float> k = Gram.Compute(x, Kernel.Linear(), new() { Device = device, Report = told => report = told });
        Assert.That(report!.TransferBytes, Is.EqualTo((long)((8 * 6) + k.FlattenedLength) * sizeof(float)), "the rows there, the result back");
        Assert.That(recorder.Of("fusionkernels.transfer.size").Sum(one => one.Value), Is.GreaterThanOrEqualTo(report.TransferBytes), "and what the kernel itself needs there");
        Measured[] compiled = [.. recorder.Of("fusionkernels.compile.duration")];
        Assert.That(compiled.Sum(one => one.Value), Is.EqualTo(report.CompileSeconds).Within(1).Percent.Or.EqualTo(report.CompileSeconds).Within(0.01));
        Assert.That(compiled, Is.Not.Empty);
        Assert.That(compiled[0].Tags["fusionkernels.kernel"], Is.InstanceOf<string>());

        recorder.Clear();
        Gram.Compute(x, Kernel.Linear(), new() { Device = device });
        Assert.That(recorder.Of("fusionkernels.compile.duration"), Is.Empty, "kernels are compiled once");
        Assert.That(recorder.Of("fusionkernels.kernel.duration", "Gram.Compute").Single().Value, Is.Positive);
    }

    [Test]
    public void Retries_for_want_of_memory_are_counted()
    {
        using HostEngine engine = new(1, SimdWidth.Scalar);
        Assert.That(ExecutionTrace.Start("Test.Retry", isReported: false), Is.Null, "nobody asks");
        using Recorder recorder = new();
        using ExecutionTrace? trace = ExecutionTrace.Start("Test.Retry", isReported: false);
        trace!.Retries = 2;
        trace.Complete(engine, "float32", null);
        Assert.That(recorder.Of("fusionkernels.retries", "Test.Retry").Single().Value, Is.EqualTo(2));
    }

    [Test]
    public void Where_nobody_listens_an_operation_allocates_nothing()
    {
        using ComputeDevice host = ComputeDevice.OpenHost();
        GramOptions options = new() { Device = host, Threads = 1 };
        float[] result = new float[40 * 40];
        Kernel kernel = Kernel.Rbf(0.1f);
        long least = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Gram.Compute(s_x.AsReadOnlyTensorSpan(), kernel, new TensorSpan<float>(result, [40, 40]), options);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }
}
