using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Movings;

/// <summary>What holds whatever the engine, and what is refused.</summary>
public sealed class MovingPropertyTests
{
    [Test]
    public void Bits_depend_on_neither_threads_nor_strides_nor_neighbours([Values] MovingStatistic statistic)
    {
        double[] values = MovingTests.Values(5 * 9001, seed: 3);
        Tensor<double> all = Tensor.Create(values, [5, 9001]);
        double[] one = MovingStatistics.Compute(all, 33, statistic, new() { Threads = 1 }).ToArray();
        Assert.That(MovingStatistics.Compute(all, 33, statistic, new() { Threads = 3 }).ToArray(), Is.EqualTo(one));
        Assert.That(MovingStatistics.Compute(all[2..3, 100..900], 33, statistic).ToArray(), Is.EqualTo(one[((2 * 8969) + 100)..((2 * 8969) + 100 + 768)]));
    }

    [Test]
    public void A_reversed_series_has_the_reversed_extremes_and_no_window_leaves_them()
    {
        double[] values = MovingTests.Values(500, seed: 4), reversed = [.. values.Reverse()];
        double[] least = MovingStatistics.Compute(Tensor.Create(values, [500]), 9, MovingStatistic.Minimum).ToArray();
        Assert.That(MovingStatistics.Compute(Tensor.Create(reversed, [500]), 9, MovingStatistic.Minimum).ToArray().Reverse(), Is.EqualTo(least));
        double[] most = MovingStatistics.Compute(Tensor.Create(values, [500]), 9, MovingStatistic.Maximum).ToArray();
        double[] mean = MovingStatistics.Compute(Tensor.Create(values, [500]), 9, MovingStatistic.Mean).ToArray();
        for (int i = 0; i < mean.Length; i++) Assert.That(mean[i], Is.InRange(least[i], most[i]));
    }

    [Test]
    public void What_does_not_fit_is_refused_in_words()
    {
        Tensor<float> series = Tensor.Create<float>([1, 2, float.NaN, 4, 5, 6], [2, 3]);
        Assert.That(() => MovingStatistics.Compute(series, 2, MovingStatistic.Mean), Throws.ArgumentException.With.Message.Contains("series 0, sample 2, is NaN"));
        Assert.That(() => MovingStatistics.Compute(series, 4, MovingStatistic.Mean), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("a window of 4 samples does not fit series of 3"));
        Assert.That(() => MovingStatistics.Compute(series, 0, MovingStatistic.Mean), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => MovingStatistics.Compute(Tensor.Create<float>([1], [1, 1, 1]), 1, MovingStatistic.Mean), Throws.ArgumentException.With.Message.Contains("1 x 1 x 1"));
        Assert.That(() => MovingStatistics.Compute(Tensor.Create<float>([1, 2], [2]), 1, (MovingStatistic)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => MovingStatistics.Compute(Tensor.Create<float>([1, 2], [2]), 1, MovingStatistic.Mean, new() { Cancellation = new(true) }), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void No_series_give_no_windows() =>
        Assert.That(MovingStatistics.Compute(Tensor.Create<float>([], [0, 5]), 2, MovingStatistic.Mean).Lengths.ToArray(), Is.EqualTo(new nint[] { 0, 4 }));
}
