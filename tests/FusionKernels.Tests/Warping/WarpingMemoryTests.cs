using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>What alignments take beside their series: memory that grows with the lengths, never with the tables.</summary>
[TestFixture]
[Parallelizable]
internal sealed class WarpingMemoryTests
{
    private const long Megabytes = 1 << 20;

    [Test]
    public void The_path_of_a_long_pair_takes_less_than_64_megabytes()
    {
        const int Length = 20_000;
        float[] x = Walk(Length, 1), y = Walk(Length, 2);
        (DtwAlignment<float> fit, long told) = Measure(64 * Megabytes, report => Dtw.Align<float>(x, y, new() { Device = WarpingSeries.Host, Report = report }));
        Assert.That(told, Is.GreaterThan(2 * Length * sizeof(float)));
        double sum = fit.Path.Sum(match => ((double)x[match.X] - y[match.Y]) * ((double)x[match.X] - y[match.Y]));
        Assert.That(fit.Path[^1], Is.EqualTo((Length - 1, Length - 1)));
        Assert.That(fit.Distance, Is.EqualTo(Math.Sqrt(sum)).Within(1e-4).Percent);
        Assert.That(fit.Distance, Is.EqualTo(Dtw.Distance<float>(x, y, new() { Device = WarpingSeries.Host })));
    }

    /// <summary>A table alone of the 80 200 would be 1 MiB, a row of cells of each 160 MB.</summary>
    [TestCase(1)]
    [TestCase(3)]
    public void All_pairs_take_the_series_a_border_and_the_result(int channels)
    {
        const int Count = 400, Length = 512;
        Tensor<float>[] series = [.. Enumerable.Range(0, Count).Select(i => WarpingSeries.Tensor<float>(PairSeries.Walk(Length, channels, i)))];
        long packed = (long)Count * Length * channels * sizeof(float), result = Count * Count * sizeof(float);
        (Tensor<float> distances, long told) = Measure(
            (2 * packed) + result + (2 * Megabytes), report => Dtw.Distances(series, new() { Device = WarpingSeries.Host, Threads = 1, Report = report, Window = WarpingWindow.Radius(3) }));
        Assert.That(told, Is.GreaterThanOrEqualTo(packed + result));
        Assert.That(distances[3, 7], Is.EqualTo(Dtw.Distance(series[3], series[7], new() { Device = WarpingSeries.Host, Window = WarpingWindow.Radius(3) })).Within(1e-4).Percent);
    }

    /// <summary>The shares of all cells would be 768 MB, and a table 256 MB.</summary>
    [Test]
    public void Gradients_of_a_long_pair_keep_blocks_of_diagonals()
    {
        const int Length = 8000;
        Tensor<float> x = Tensor.Create(Walk(Length, 3), [Length]), y = Tensor.Create(Walk(Length, 4), [Length]);
        (SoftDtwGradient<float> gradient, long told) = Measure(48 * Megabytes, report => SoftDtw.ValueAndGradient(x, y, new() { Device = WarpingSeries.Host, Report = report }));
        Assert.That(told, Is.GreaterThan(8 * Megabytes), "the blocks are counted");
        Assert.That(gradient.Value, Is.EqualTo(SoftDtw.Value(x, y, new SoftDtwOptions { Device = WarpingSeries.Host })));
    }

    /// <summary>Runs on a fresh thread, whose working memory is that of this call alone, and fails where more than so many bytes are told, allocated or held.</summary>
    private static (TResult Result, long Told) Measure<TResult>(long most, Func<Action<ExecutionReport>, TResult> run)
    {
        (TResult Result, long Told, long Allocated, long Held) measured = default;
        Thread thread = new(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            measured.Result = run(report => measured.Told = report.PeakBytes);
            (measured.Allocated, measured.Held) = (GC.GetAllocatedBytesForCurrentThread() - before, Scratch.HeldBytes);
        });
        thread.Start();
        thread.Join();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(measured.Told, Is.InRange(1, most), "as reported");
            Assert.That(measured.Allocated, Is.LessThan(most), "as allocated, what was let go included");
            Assert.That(measured.Held, Is.LessThan(most), "as held by the thread");
        }

        return (measured.Result, measured.Told);
    }

    private static float[] Walk(int length, int seed) => [.. PairSeries.Walk(length, 1, seed).Select(sample => (float)sample[0])];
}
