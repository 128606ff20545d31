using FusionKernels.Kernels.Engines;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>What a path takes beside its series: memory that grows with the lengths.</summary>
[TestFixture]
[Parallelizable]
internal sealed class PathMemoryTests
{
    private const int Length = 20_000;
    private const long Megabytes = 1 << 20;

    [Test]
    public void The_path_of_a_long_pair_takes_less_than_64_megabytes()
    {
        float[] x = [.. PairSeries.Walk(Length, 1, 1).Select(sample => (float)sample[0])], y = [.. PairSeries.Walk(Length, 1, 2).Select(sample => (float)sample[0])];
        (DtwAlignment<float>? fit, long told, long allocated, long held) = (null, 0, 0, 0);

        // A fresh thread, whose working memory is that of this path alone.
        Thread thread = new(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            fit = Dtw.Align<float>(x, y, new() { Device = WarpingSeries.Host, Report = report => told = report.PeakBytes });
            (allocated, held) = (GC.GetAllocatedBytesForCurrentThread() - before, Scratch.HeldBytes);
        });
        thread.Start();
        thread.Join();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(told, Is.InRange(2 * Length * sizeof(float), 64 * Megabytes), "as reported");
            Assert.That(allocated, Is.LessThan(64 * Megabytes), "as allocated, what was let go included");
            Assert.That(held, Is.LessThan(64 * Megabytes), "as held by the thread");
        }

        double sum = fit!.Path.Sum(match => ((double)x[match.X] - y[match.Y]) * ((double)x[match.X] - y[match.Y]));
        Assert.That(fit.Path[^1], Is.EqualTo((Length - 1, Length - 1)));
        Assert.That(fit.Distance, Is.EqualTo(Math.Sqrt(sum)).Within(1e-4).Percent);
        Assert.That(fit.Distance, Is.EqualTo(Dtw.Distance<float>(x, y, new() { Device = WarpingSeries.Host })));
    }
}
