using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Gram matrices written to files: whole, interrupted, resumed, of other work.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.Engines))]
public sealed class GramFileTests(TestEngine engine)
{
    private const int Rows = 130;

    private readonly Tensor<float> _x = GramAssert.Tensor<float>(GramAssert.Rows<float>(Rows, 5, 1));

    private static Kernel Kernel => FusionKernels.Kernel.Rbf() + FusionKernels.Kernel.Linear().Centered();

    /// <summary>Ten rows a block.</summary>
    private GramFileOptions Options => new() { Device = engine.Device, BlockBytes = 10 * Rows * sizeof(float) };

    [Test]
    public void The_file_is_the_matrix()
    {
        using TemporaryFolder folder = new();
        Tensor<float> y = GramAssert.Tensor<float>(GramAssert.Rows<float>(77, 5, 2));
        IEnumerable<Kernel> every = KernelCases.Table.Concat(KernelCases.Composed).Where(one => !KernelCases.NeedsHistograms(one));

        // A file is written as often as a block ends: every kernel on one engine, elsewhere one of each way through the rows.
        foreach (Kernel kernel in engine == TestEngines.Present[0] ? every : [FusionKernels.Kernel.Rbf(), Kernel])
        {
            MatrixFileSummary summary = Gram.ComputeTo(folder["k.npy"], _x, kernel, Options);
            Assert.That(summary, Is.EqualTo(new MatrixFileSummary(folder["k.npy"], Rows, Rows, 0, null)));
            Tensor<float> written = Npy.Read<float>(folder["k.npy"]);
            Same(written, Gram.Compute(_x, kernel, Options), kernel.ToString());
            Gram.ComputeTo(folder["k.npy"], _x, y, kernel, Options);
            Same(Npy.Read<float>(folder["k.npy"]), Gram.Compute(_x, y, kernel, Options), $"{kernel} rectangular");
        }

        Assert.That(folder.Names, Is.EqualTo<string>(["k.npy"]));
    }

    [Test]
    public void Rows_on_the_device_make_the_same_file_and_go_on_with_it()
    {
        using TemporaryFolder folder = new();
        Tensor<float> y = GramAssert.Tensor<float>(GramAssert.Rows<float>(77, 5, 2));
        using DeviceTensor<float> onDevice = engine.Device.Upload(_x), others = engine.Device.Upload(y);
        GramFileOptions options = Options with { Device = null };
        Gram.ComputeTo(folder["whole.npy"], _x, Kernel, Options);
        Gram.ComputeTo(folder["device.npy"], onDevice, Kernel, options);
        Assert.That(File.ReadAllBytes(folder["device.npy"]), Is.EqualTo(File.ReadAllBytes(folder["whole.npy"])));
        Interrupt(folder["k.npy"], Kernel, _x, 4);
        Assert.That(Gram.ComputeTo(folder["k.npy"], onDevice, Kernel, options), Is.EqualTo(new MatrixFileSummary(folder["k.npy"], Rows, Rows, 40, null)));
        Assert.That(File.ReadAllBytes(folder["k.npy"]), Is.EqualTo(File.ReadAllBytes(folder["whole.npy"])));

        Gram.ComputeTo(folder["whole.npy"], _x, y, Kernel, Options);
        Gram.ComputeTo(folder["device.npy"], onDevice, others, Kernel, options);
        Assert.That(File.ReadAllBytes(folder["device.npy"]), Is.EqualTo(File.ReadAllBytes(folder["whole.npy"])));
        Assert.That(engine.LiveBuffers, Is.EqualTo(2), "nothing is left behind");
    }

    [TestCase(0, 5)]
    [TestCase(5, 0)]
    public void Nothing_makes_a_file_too(int rows, int columns)
    {
        using TemporaryFolder folder = new();
        Gram.ComputeTo(folder["k.npy"], GramAssert.Tensor<float>(new double[rows, 3]), GramAssert.Tensor<float>(new double[columns, 3]), Kernel, Options);
        Assert.That(Npy.Read<float>(folder["k.npy"]).Lengths.ToArray(), Is.EqualTo(new nint[] { rows, columns }));
        Assert.That(folder.Names, Is.EqualTo<string>(["k.npy"]));
    }

    [Test]
    public void An_interrupted_call_is_resumed_with_the_same_bytes([Values(1, 3, 12)] int blocks)
    {
        using TemporaryFolder folder = new();
        Gram.ComputeTo(folder["whole.npy"], _x, Kernel, Options);
        Interrupt(folder["k.npy"], Kernel, _x, blocks);
        Assert.That(folder.Names, Is.EquivalentTo<string>(["whole.npy", "k.npy.partial", "k.npy.partial.log"]));
        List<double> reports = [];

        // On the host the size of a block may change between the calls.
        long blockBytes = engine.Kind == DeviceKind.Host ? 7000 : Options.BlockBytes;
        MatrixFileSummary summary = Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options with { Progress = new Recorder(reports.Add), BlockBytes = blockBytes });
        Assert.That(summary.ResumedRows, Is.EqualTo(10 * blocks));
        Assert.That(summary.Discarded, Is.Null);
        Assert.That(reports, Is.Ordered);
        Assert.That(reports[0], Is.GreaterThan(10.0 * blocks / Rows));
        Assert.That(reports[^1], Is.EqualTo(1).Within(1e-12));
        Assert.That(File.ReadAllBytes(folder["k.npy"]), Is.EqualTo(File.ReadAllBytes(folder["whole.npy"])));
        Assert.That(folder.Names, Is.EquivalentTo<string>(["whole.npy", "k.npy"]));
    }

    [Test]
    public void Rows_beyond_the_log_and_a_torn_last_line_do_not_count()
    {
        using TemporaryFolder folder = new();
        Gram.ComputeTo(folder["whole.npy"], _x, Kernel, Options);
        Interrupt(folder["k.npy"], Kernel, _x, 4);
        using (FileStream partial = File.OpenWrite(folder["k.npy.partial"]))
        {
            partial.Seek(0, SeekOrigin.End);
            partial.Write(new byte[777]);
        }

        File.AppendAllText(folder["k.npy.partial.log"], "{\"completedRo");
        Assert.That(Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options).ResumedRows, Is.EqualTo(40));
        Assert.That(File.ReadAllBytes(folder["k.npy"]), Is.EqualTo(File.ReadAllBytes(folder["whole.npy"])));
    }

    [Test]
    public void A_torn_line_is_written_over_when_work_goes_on()
    {
        using TemporaryFolder folder = new();
        Interrupt(folder["k.npy"], Kernel, _x, 2);
        File.AppendAllText(folder["k.npy.partial.log"], "{\"completedRo");
        Interrupt(folder["k.npy"], Kernel, _x, 3);
        Assert.That(Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options).ResumedRows, Is.EqualTo(50));
    }

    [Test]
    public void Other_work_starts_anew_and_says_why()
    {
        using TemporaryFolder folder = new();
        Tensor<float> other = GramAssert.Tensor<float>(GramAssert.Rows<float>(Rows, 5, 9));
        Check(_x, FusionKernels.Kernel.Rbf(2), "it was of the kernel rbf(gamma=1/d) + centred(linear)");
        Check(other, Kernel, "it was of other inputs");
        Check(GramAssert.Tensor<float>(GramAssert.Rows<float>(20, 5, 9)), Kernel, "it was 130 x 130 of 5 features");
        Interrupt(folder["k.npy"], Kernel, _x, 3);
        File.Delete(folder["k.npy.partial.log"]);
        Assert.That(Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options).Discarded, Is.EqualTo("nothing tells what it was"));
        Interrupt(folder["k.npy"], Kernel, _x, 3);
        File.WriteAllBytes(folder["k.npy.partial"], new byte[30]);
        Assert.That(Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options).Discarded, Does.StartWith("it is damaged"));
        Same(Npy.Read<float>(folder["k.npy"]), Gram.Compute(_x, Kernel, Options), "after damage");

        void Check(Tensor<float> x, Kernel kernel, string why)
        {
            Interrupt(folder["k.npy"], Kernel, _x, 3);
            MatrixFileSummary summary = Gram.ComputeTo(folder["k.npy"], x, kernel, Options);
            Assert.That(summary.Discarded, Is.EqualTo(why));
            Assert.That(summary.ResumedRows, Is.Zero);
            Same(Npy.Read<float>(folder["k.npy"]), Gram.Compute(x, kernel, Options), why);
        }
    }

    [Test]
    public void Invalid_input_leaves_everything_as_it_was()
    {
        using TemporaryFolder folder = new();
        Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options);
        Interrupt(folder["k.npy"], Kernel, _x, 3);
        byte[] finished = File.ReadAllBytes(folder["k.npy"]), partial = File.ReadAllBytes(folder["k.npy.partial"]);
        Tensor<float> bad = GramAssert.Tensor<float>(new double[,] { { 1, double.NaN } });
        Assert.That(() => Gram.ComputeTo(folder["k.npy"], bad, Kernel, Options), Throws.ArgumentException.With.Message.StartsWith("x[0, 1] is not a finite number"));
        Assert.That(File.ReadAllBytes(folder["k.npy"]), Is.EqualTo(finished));
        Assert.That(File.ReadAllBytes(folder["k.npy.partial"]), Is.EqualTo(partial));
        Assert.That(() => Gram.ComputeTo(folder["new.npy"], bad, Kernel, Options), Throws.ArgumentException);
        Assert.That(folder.Names, Has.None.StartsWith("new"));
        Assert.That(() => Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options with { BlockBytes = 0 }), Throws.ArgumentException.With.Message.Contains("at least 1 byte"));
    }

    [Test]
    public void Two_calls_do_not_work_on_one_file()
    {
        using TemporaryFolder folder = new();
        bool refused = false;
        Recorder meddler = new(_ =>
        {
            if (refused) return;
            Assert.That(() => Gram.ComputeTo(folder["k.npy"], _x, Kernel, new() { Device = engine.Device }), Throws.InstanceOf<IOException>());
            refused = true;
        });
        Gram.ComputeTo(folder["k.npy"], _x, Kernel, Options with { Progress = meddler, Threads = 1 });
        Assert.That(refused);
        Same(Npy.Read<float>(folder["k.npy"]), Gram.Compute(_x, Kernel, Options), "the first call");
    }

    [Test]
    public void Memory_stays_within_the_plan()
    {
        using TemporaryFolder folder = new();
        Tensor<float> x = GramAssert.Tensor<float>(GramAssert.Rows<float>(3000, 20, 1));
        foreach (Kernel kernel in (Kernel[])[FusionKernels.Kernel.Rbf(), FusionKernels.Kernel.Laplacian() + FusionKernels.Kernel.Rbf()])
        {
            GramFileOptions options = Options with { BlockBytes = 3 << 20 };
            GramPlanSummary plan = Gram.PlanTo<float>(3000, null, 20, kernel, options);
            Assert.That(plan.ResultBytes, Is.EqualTo(36_000_000));
            if (engine.Shared is HostEngine host)
            {
                Assert.That(plan.WorkingBytes, Is.LessThan(plan.ResultBytes));

                // Allocated in all is more than held at one time. Half a MiB is for hashing, streams and the test's own.
                Assert.That(AllocatedAfresh(host, folder["k.npy"], x, kernel, options), Is.LessThan(plan.WorkingBytes + (1 << 19)), kernel.ToString());
                continue;
            }

            ExecutionReport? report = null;
            Gram.ComputeTo(folder["k.npy"], x, kernel, options with { Report = one => report = one });
            Assert.That(report!.PeakBytes - plan.InputBytes, Is.Positive.And.AtMost(plan.WorkingBytes), kernel.ToString());
        }
    }

    /// <summary>On an engine and a thread of its own, so that no working memory is left from before.</summary>
    private static long AllocatedAfresh(HostEngine host, string path, Tensor<float> x, Kernel kernel, GramFileOptions options)
    {
        long allocated = 0;
        Thread thread = new(() =>
        {
            using HostEngine fresh = new(0, host.Width);
            using ComputeDevice device = ComputeDevice.Over(fresh);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Gram.ComputeTo(path, x, kernel, options with { Device = device });
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        });
        thread.Start();
        thread.Join();
        return allocated;
    }

    /// <summary>On the host to the last bit; accelerators choose kernels by the size of the work.</summary>
    private void Same(Tensor<float> written, Tensor<float> expected, string what)
    {
        double[,] values = GramAssert.Array(expected);
        if (engine.Kind == DeviceKind.Host) GramAssert.SameBits(written, expected, what);
        else GramAssert.Near(written, values, values, Tolerances.Gram<float>(5), what);
    }

    /// <summary>Cancels a call after some blocks of ten rows.</summary>
    private void Interrupt(string path, Kernel kernel, Tensor<float> x, int blocks)
    {
        using CancellationTokenSource source = new();
        int seen = 0;
        double last = -1;
        Recorder progress = new(done =>
        {
            // The first report of a block comes when the block before it is on the disk.
            int block = (int)((done * Rows / 10) - 1e-9);
            if (block != last) seen++;
            last = block;
            if (seen > blocks) source.Cancel();
        });
        Assert.That(() => Gram.ComputeTo(path, x, kernel, Options with { Progress = progress, Cancellation = source.Token }), Throws.InstanceOf<OperationCanceledException>());
    }

    private sealed class Recorder(Action<double> record) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (record) record(value);
        }
    }
}
