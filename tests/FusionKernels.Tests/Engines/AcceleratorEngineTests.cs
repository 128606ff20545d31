using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using ILGPU;
using ILGPU.Runtime;
using NUnit.Framework;

namespace FusionKernels.Tests.Engines;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
public sealed unsafe class AcceleratorEngineTests(TestEngine source)
{
    private static readonly RunSettings s_settings = new("Test.Scale");
    private AcceleratorEngine _engine = null!;

    [OneTimeSetUp]
    public void Open() => _engine = (AcceleratorEngine)source.Open();

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TearDown]
    public void Everything_is_returned() => Assert.That(_engine.LiveBuffers, Is.Zero);

    [Test]
    public void A_call_runs_on_the_lane_and_brings_its_fields_back()
    {
        float* x = stackalloc float[6] { 1, 2, 3, 4, 5, 6 }, y = stackalloc float[6];
        ScaleCall call = new(Dense(x, 2, 3), Dense(y, 2, 3), 2, s_settings);
        _engine.Execute(ref call);
        Assert.That(call.Thread, Is.Not.Zero.And.Not.EqualTo(Environment.CurrentManagedThreadId));
        Assert.That(new ReadOnlySpan<float>(y, 6).ToArray(), Is.EqualTo(new float[] { 2, 4, 6, 8, 10, 12 }));
    }

    [TestCaseSource(nameof(Layouts))]
    public void Host_operands_of_any_strides_are_read_and_written_in_place(int rows, int columns, Layout from, Layout to)
    {
        float[] x = [.. Enumerable.Range(1, 4000).Select(i => (float)i)], y = new float[4000];
        fixed (float* source = x, target = y)
        {
            Operand<float> input = from.Over(source, rows, columns), output = to.Over(target, rows, columns);
            ScaleCall call = new(input, output, 3, s_settings);
            _engine.Execute(ref call);
        }

        float[] expected = new float[4000];
        fixed (float* source = x, target = expected)
        {
            Operand<float> input = from.Over(source, rows, columns), output = to.Over(target, rows, columns);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    output.Pointer[(i * output.RowStride) + (j * output.ColumnStride)] =
                        3 * input.Pointer[(i * input.RowStride) + (j * input.ColumnStride)];
                }
            }
        }

        Assert.That(y.AsSpan().SequenceEqual(expected));
    }

    [Test]
    public void A_matrix_longer_than_the_transfer_buffer_passes_in_pieces()
    {
        const int rows = 1100, columns = 1001, pitch = 1003;
        float[] x = [.. Enumerable.Range(0, rows * pitch).Select(i => (float)(i % 8191))], y = new float[rows * pitch];
        using AcceleratorBuffer<float> there = _engine.Rent<float>((long)rows * columns, "Test.Pieces");
        fixed (float* from = x, to = y)
        {
            MoveCall up = new(new(from, null, 0, rows, columns, pitch, 1), s_settings, there, upload: true);
            _engine.Execute(ref up);
            MoveCall down = new(new(to, null, 0, rows, columns, pitch, 1), s_settings, there, upload: false);
            _engine.Execute(ref down);
        }

        for (int i = 0; i < rows; i++)
        {
            Assert.That(y.AsSpan(i * pitch, columns).SequenceEqual(x.AsSpan(i * pitch, columns)), $"row {i}");
            Assert.That(y.AsSpan((i * pitch) + columns, pitch - columns).ToArray(), Is.All.Zero, "between the rows nothing is written");
        }
    }

    [Test]
    public void Operands_on_the_device_stay_there()
    {
        using DeviceBuffer<float> x = _engine.Allocate<float>(20, "Test"), y = _engine.Allocate<float>(20, "Test");
        _engine.Upload<float>([.. Enumerable.Range(0, 20).Select(i => (float)i)], x, 0);
        _engine.Upload<float>(new float[20], y, 0);
        ExecutionTrace trace = new("Test.Scale");
        ScaleCall call = new(new(null, x, 5, 2, 3, 4, 1), new(null, y, 1, 2, 3, 1, 5), 10, s_settings with { Trace = trace });
        _engine.Execute(ref call);
        float[] result = new float[20];
        _engine.Download(y, 0, result);
        Assert.That(result[1..14], Is.EqualTo(new float[] { 50, 90, 0, 0, 0, 60, 100, 0, 0, 0, 70, 110, 0 }));
        Assert.That(trace.TransferSeconds, Is.Zero);
        Assert.That(trace.PeakBytes, Is.EqualTo(2 * 6 * sizeof(float)));
    }

    [Test]
    public void An_operand_of_another_device_is_an_error_that_names_both()
    {
        using HostEngine host = new(1, SimdWidth.Scalar);
        using DeviceBuffer<float> there = host.Allocate<float>(4, "Test");
        float* y = stackalloc float[4];
        ScaleCall call = new(new(null, there, 0, 2, 2, 2, 1), Dense(y, 2, 2), 1, s_settings);
        DeviceMismatchException? failure = Assert.Throws<DeviceMismatchException>(() => _engine.Execute(ref call));
        Assert.That(failure!.Message, Does.StartWith("Test.Scale: ").And.Contain("host").And.Contain(_engine.Name));
    }

    [Test]
    public void A_trace_tells_compiling_copying_and_computing_apart()
    {
        using AcceleratorEngine fresh = (AcceleratorEngine)source.Open();
        float* x = stackalloc float[4] { 1, 2, 3, 4 }, y = stackalloc float[4];
        ExecutionTrace first = new("Test.Scale"), second = new("Test.Scale");
        ScaleCall call = new(Dense(x, 2, 2), Dense(y, 2, 2), 2, s_settings with { Trace = first });
        fresh.Execute(ref call);
        call = new(Dense(x, 2, 2), Dense(y, 2, 2), 2, s_settings with { Trace = second });
        fresh.Execute(ref call);
        ExecutionReport report = first.Report(fresh, "float32");
        Assert.That(report.CompileSeconds, Is.GreaterThan(0));
        Assert.That(report.TransferSeconds, Is.GreaterThan(0));
        Assert.That(report.KernelSeconds, Is.GreaterThan(0));
        Assert.That(report.CompileSeconds + report.TransferSeconds + report.KernelSeconds, Is.LessThanOrEqualTo(report.TotalSeconds));
        Assert.That(report.PeakBytes, Is.EqualTo(2 * 4 * sizeof(float)));
        Assert.That(second.CompileSeconds, Is.Zero, "the kernel was cached");
        Assert.That(fresh.CompiledKernels, Is.EqualTo(1));
        Assert.That(fresh.Launches, Is.EqualTo(2));
    }

    [Test]
    public void A_kernel_that_does_not_compile_is_an_error_with_the_compilers_words_and_harms_nothing()
    {
        CompileCall call = default;
        KernelCompilationException? failure = Assert.Throws<KernelCompilationException>(() => _engine.Execute(ref call));
        Assert.That(failure!.Kernel, Is.EqualTo("uncompilable"));
        Assert.That(failure.Backend, Is.Not.Empty);
        Assert.That(failure.CompilerText, Is.Not.Empty);
        Assert.That(failure.Message, Does.Contain(_engine.Name).And.Not.Contain("\n"));
        A_call_runs_on_the_lane_and_brings_its_fields_back();
    }

    [Test]
    public void Returned_memory_is_used_again_until_it_is_trimmed()
    {
        _engine.Trim();
        Assert.That(_engine.AllocatedBytes, Is.Zero);
        _engine.Rent<float>(1000, "Test").Dispose();
        long pooled = _engine.AllocatedBytes;
        Assert.That(pooled, Is.GreaterThanOrEqualTo(4000));
        for (int i = 0; i < 10; i++) _engine.Rent<double>(500, "Test").Dispose();
        Assert.That(_engine.AllocatedBytes, Is.EqualTo(pooled));
        using (AcceleratorBuffer<float> held = _engine.Rent<float>(1000, "Test"))
        {
            _engine.Trim();
            Assert.That(_engine.AllocatedBytes, Is.EqualTo(pooled), "memory in use stays");
        }

        _engine.Trim();
        Assert.That(_engine.AllocatedBytes, Is.Zero);
    }

    [Test]
    public void A_full_device_empties_its_pool_before_it_gives_up()
    {
        using AcceleratorEngine small = (AcceleratorEngine)source.Open();
        small.MemoryLimit = 1 << 20;
        small.Rent<byte>(700_000, "Test").Dispose();
        using (small.Rent<byte>(400_000, "Test"))
        {
            Assert.That(small.AllocatedBytes, Is.LessThanOrEqualTo(small.MemoryLimit), "the pooled block made way");
            DeviceOutOfMemoryException? failure = Assert.Throws<DeviceOutOfMemoryException>(() => small.Rent<byte>(900_000, "Test.Big"));
            Assert.That(failure!.Operation, Is.EqualTo("Test.Big"));
            Assert.That(failure.RequestedBytes, Is.GreaterThanOrEqualTo(900_000));
            Assert.That(failure.FreeBytes, Is.InRange(0, small.MemoryLimit));
        }

        Assert.That(small.LiveBuffers, Is.Zero);
        Assert.That(small.IsLost, Is.False);
        small.Rent<byte>(900_000, "Test").Dispose();
    }

    [Test]
    public void A_write_outside_a_buffer_is_found_when_the_buffer_is_returned()
    {
        foreach (long at in (long[])[-1, 10])
        {
            AcceleratorBuffer<float> buffer = _engine.Rent<float>(10, "Test.Careless");
            PokeCall call = new(buffer, at);
            _engine.Execute(ref call);
            Assert.That(buffer.Dispose, Throws.TypeOf<GuardViolationException>().With.Message.Contains("Test.Careless"), $"index {at}");
        }
    }

    [Test]
    public void Fresh_memory_is_poisoned_so_that_reading_it_shows()
    {
        for (int round = 0; round < 2; round++)
        {
            using AcceleratorBuffer<float> buffer = _engine.Rent<float>(10, "Test");
            float[] elements = new float[10];
            _engine.Download(buffer, 0, elements);
            Assert.That(elements, Is.All.NaN);
            _engine.Upload<float>(new float[10], buffer, 0);
        }
    }

    [Test]
    public void A_leaked_buffer_is_counted_and_comes_back()
    {
        int before = _engine.LeakedBuffers;
        Leak();
        for (int i = 0; i < 50 && _engine.LeakedBuffers == before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(_engine.LeakedBuffers, Is.EqualTo(before + 1));
        _engine.Trim();
        Assert.That(_engine.LiveBuffers, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Sixteen_threads_share_one_device(bool guards)
    {
        using AcceleratorEngine engine = (AcceleratorEngine)source.Open();
        engine.Guards = guards;
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(1, 16).Select(number => new Thread(() =>
        {
            try
            {
                ScaleAlone(engine, number);
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.That(failure, Is.Null);
        Assert.That(engine.LiveBuffers, Is.Zero);
        Assert.That(engine.CompiledKernels, Is.EqualTo(1));
    }

    [Test]
    public void Buffers_may_be_disposed_after_their_engine()
    {
        AcceleratorEngine fresh = (AcceleratorEngine)source.Open();
        AcceleratorBuffer<float> buffer = fresh.Rent<float>(10, "Test");
        fresh.Dispose();
        fresh.Dispose();
        Assert.That(buffer.Dispose, Throws.Nothing);
        Assert.That(fresh.LiveBuffers, Is.Zero);
        Assert.That(() => fresh.Rent<float>(10, "Test"), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(fresh.Trim, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Copies_outside_a_buffer_are_refused()
    {
        using AcceleratorBuffer<float> buffer = _engine.Rent<float>(10, "Test");
        Assert.That(() => _engine.Upload<float>(new float[3], buffer, 8), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => _engine.Download(buffer, -1, new float[3]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Capabilities_are_sane()
    {
        Assert.That(_engine.WarpSize, Is.InRange(1, 128));
        Assert.That(_engine.MaxGroupSize, Is.GreaterThanOrEqualTo(256));
        Assert.That(_engine.SharedMemoryPerGroup, Is.InRange(16 * 1024, 48 * 1024));
        Assert.That(_engine.EstimatedFlopsPerSecond, Is.GreaterThan(1e8));
        if (source.Kind == DeviceKind.OpenCL) Assert.That(_engine.SupportsWarpShuffles, Is.False);
    }

    private static IEnumerable<TestCaseData> Layouts()
    {
        Layout[] layouts =
        [
            new("dense", (_, columns) => (columns, 1)),
            new("pitched", (_, columns) => (columns + 5, 1)),
            new("transposed", (rows, _) => (1, rows)),
            new("transposed pitched", (rows, _) => (1, rows + 3)),
            new("every other column", (_, columns) => (2 * columns, 2)),
        ];
        Layout[] readOnly = [.. layouts, new("one row for all", (_, _) => (0, 1)), new("one column for all", (_, _) => (1, 0))];
        foreach ((int rows, int columns) in ((int, int)[])[(5, 7), (1, 6), (6, 1), (0, 3), (3, 0), (31, 33)])
        {
            foreach (Layout from in readOnly)
            {
                foreach (Layout to in layouts) yield return new(rows, columns, from, to);
            }
        }
    }

    private static Operand<float> Dense(float* pointer, int rows, int columns) => new(pointer, null, 0, rows, columns, columns, 1);

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void Leak() => _engine.Rent<float>(10, "Test.Leak");

    private static void ScaleAlone(AcceleratorEngine engine, int number)
    {
        const int length = 60;
        float* x = stackalloc float[length], y = stackalloc float[length];
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < length; i++) x[i] = i + round;
            ScaleCall call = new(Dense(x, 1, length), Dense(y, 1, length), number, s_settings);
            engine.Execute(ref call);
            for (int i = 0; i < length; i++)
            {
                if (y[i] != (i + round) * number) throw new InvalidOperationException($"thread {number}: {y[i]} at {i}");
            }
        }
    }

    /// <summary>A way to lay a matrix out in host memory.</summary>
    public sealed record Layout(string Name, Func<int, int, (long Row, long Column)> Strides)
    {
        public override string ToString() => Name;

        internal Operand<float> Over(float* pointer, int rows, int columns)
        {
            (long row, long column) = Strides(rows, columns);
            return new(pointer, null, 0, rows, columns, row, column);
        }
    }

    private readonly struct PokeCall(AcceleratorBuffer<float> buffer, long at) : IEngineCall
    {
        public string Operation => "Test";

        public void OnHost(HostEngine engine) => throw new InvalidOperationException();

        public void OnAccelerator(AcceleratorEngine engine)
        {
            var poke = engine.Kernel("poke", typeof(float), static a => a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, long>(TestKernels.Poke));
            engine.Launching("poke");

            // The view of the whole block: the simulation would stop an index outside the buffer's own view itself.
            IContiguousArrayView own = buffer.View;
            ArrayView<float> block = own.Buffer.AsRawArrayView().Cast<float>();
            poke(1, block, (own.IndexInBytes / sizeof(float)) + at);
        }
    }

    private readonly struct CompileCall : IEngineCall
    {
        public string Operation => "Test";

        public void OnHost(HostEngine engine) => throw new InvalidOperationException();

        public void OnAccelerator(AcceleratorEngine engine) =>
            engine.Kernel("uncompilable", typeof(float), static a => a.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>>(TestKernels.Uncompilable));
    }

    /// <summary>Moves a host matrix through the engine's own staging, to compare with a device buffer.</summary>
    private readonly struct MoveCall(Operand<float> host, RunSettings settings, AcceleratorBuffer<float> there, bool upload) : IEngineCall
    {
        public string Operation => settings.Operation;

        public void OnHost(HostEngine engine) => throw new InvalidOperationException();

        public void OnAccelerator(AcceleratorEngine engine)
        {
            if (upload)
            {
                using DeviceMatrix<float> staged = engine.Read(host, settings);
                there.View.SubView(0, there.Length).CopyFrom(engine.Accelerator.DefaultStream, staged.View);
            }
            else
            {
                using DeviceMatrix<float> staged = engine.Write(host, settings);
                staged.View.CopyFrom(engine.Accelerator.DefaultStream, there.View);
                staged.Commit();
            }
        }
    }
}
