using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Moments of files that are larger than what they may take of memory.</summary>
[TestFixture]
[Category("Slow")]
[NonParallelizable]
public sealed class StreamedFileTests
{
    private const int Columns = 64;
    private const int BlockRows = 16384;
    private const int Blocks = 150;
    private const long MostBytes = 300 << 20;

    [Test]
    public void Files_of_a_gigabyte_take_little_memory_and_the_time_of_reading_them()
    {
        using TemporaryFolder folder = new();
        long bytes = 2L * Blocks * BlockRows * Columns * sizeof(float);
        long room = new DriveInfo(folder["."]).AvailableFreeSpace;
        Assume.That(room, Is.GreaterThanOrEqualTo(bytes + (1L << 30)), $"{room >> 20} MiB are free where temporary files go; this test needs {(bytes >> 20) + 1024}");
        Tensor<float> x = Block(seed: 1), y = Block(seed: 2);
        string pathX = folder["x.npy"], pathY = folder["y.npy"];
        Write(pathX, x);
        Write(pathY, y);
        double reading = Math.Min(Seconds(() => Read(pathX, pathY)), Seconds(() => Read(pathX, pathY)));

        using CancellationTokenSource done = new();
        using Process self = Process.GetCurrentProcess();
        long before = self.WorkingSet64, most = before;
        Thread watch = new(() =>
        {
            while (!done.Token.WaitHandle.WaitOne(10))
            {
                self.Refresh();
                most = Math.Max(most, self.WorkingSet64);
            }
        });
        watch.Start();
        CanonicalMoments moments = new(1);
        double streaming = Seconds(() => moments = CanonicalMoments.OfFiles(pathX, pathY));
        done.Cancel();
        watch.Join();
        streaming = Math.Min(streaming, Seconds(() => CanonicalMoments.OfFiles(pathX, pathY)));

        TestContext.Out.WriteLine($"{bytes >> 20} MiB: read in {reading:0.00} s, streamed in {streaming:0.00} s ({streaming / reading:0.00} times as long), {(most - before) >> 20} MiB more memory");
        Assert.That(most - before, Is.LessThan(MostBytes));
        CanonicalMoments block = new(Columns, Columns);
        block.Accumulate(x, y);
        Assert.That(moments.Rows, Is.EqualTo((long)Blocks * BlockRows));
        for (int i = 0; i < Columns; i++)
        {
            Assert.That(moments.Mean(0)[i], Is.EqualTo(block.Mean(0)[i]).Within(1e-6));
            Assert.That(moments.Covariance(0, 1)[i, 7], Is.EqualTo(block.Covariance(0, 1)[i, 7]).Within(1e-5));
            Assert.That(moments.Covariance(0, 0)[i, i], Is.EqualTo(block.Covariance(0, 0)[i, i]).Within(1e-4 * block.Covariance(0, 0)[i, i]));
        }
    }

    private static Tensor<float> Block(int seed)
    {
        Random random = new(seed);
        float[] values = new float[BlockRows * Columns];
        for (int i = 0; i < values.Length; i++) values[i] = random.NextSingle() + (i % Columns);
        return Tensor.Create(values, [BlockRows, Columns]);
    }

    /// <summary>The block again and again, under one header.</summary>
    private static void Write(string path, Tensor<float> block)
    {
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({Blocks * BlockRows}, {Columns}), }}";
        header = header.PadRight(128 - 10 - 1) + "\n";
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        using FileStream file = File.Create(path);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header)]);
        float[] values = [.. block];
        for (int i = 0; i < Blocks; i++) file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static void Read(params string[] paths)
    {
        byte[] buffer = new byte[16 << 20];
        foreach (string path in paths)
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            while (file.Read(buffer) > 0)
            {
            }
        }
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
