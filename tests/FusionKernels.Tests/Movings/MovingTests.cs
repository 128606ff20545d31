using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Moving;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Movings;

/// <summary>Moving statistics on every engine but the simulated ones, against their definition in float64.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class MovingTests(TestEngine engine)
{
    private static readonly int[] s_samples = [1, 2, 15, 16, 17, 64, 131, 1031];

    [Test]
    public void Every_window_is_that_of_the_definition([Values] MovingStatistic statistic, [ValueSource(nameof(s_samples))] int samples)
    {
        foreach (int window in (int[])[1, 2, 7, samples / 2, samples])
        {
            if (window < 1 || window > samples) continue;
            double[] values = Values(3 * samples, seed: samples);
            Check(MovingStatistics.Compute(Tensor.Create(Array.ConvertAll(values, value => (float)value), [3, samples]), window, statistic, Options), values, window, statistic);
            if (engine.Device.Description.SupportsFloat64) Check(MovingStatistics.Compute(Tensor.Create(values, [3, samples]), window, statistic, Options), values, window, statistic);
        }
    }

    [Test]
    public void An_offset_costs_no_digits_and_a_constant_has_no_deviation()
    {
        float[] raised = [.. Values(300, seed: 5).Select(value => (float)(value + 4096))];
        Tensor<float> deviations = MovingStatistics.Compute(Tensor.Create(raised, [300]), 20, MovingStatistic.Deviation, Options);
        for (int i = 0; i < deviations.FlattenedLength; i++)
        {
            double expected = MovingReference.Deviation(Array.ConvertAll(raised[i..(i + 20)], value => (double)value));
            Assert.That(deviations[i], Is.EqualTo(expected).Within(Tolerances.Moving<float>(20) * 4096), $"{i}"); // the mean is rounded at 4096
        }

        float[] constant = [.. Enumerable.Repeat(0.1f, 77)];
        Assert.That(MovingStatistics.Compute(Tensor.Create(constant, [77]), 7, MovingStatistic.Mean, Options).ToArray(), Is.All.EqualTo(0.1f));
        Assert.That(MovingStatistics.Compute(Tensor.Create(constant, [77]), 7, MovingStatistic.Deviation, Options).ToArray(), Is.All.Zero);
    }

    [Test]
    public void Finite_samples_give_no_NaN([Values] MovingStatistic statistic)
    {
        float[] extreme = [0.6f * float.MaxValue, float.MaxValue, float.MaxValue, float.MaxValue, -float.MaxValue, -float.MaxValue, 1, float.Epsilon, 0, float.MaxValue];
        Tensor<float> found = MovingStatistics.Compute(Tensor.Create(extreme, [extreme.Length]), 6, statistic, Options);
        Assert.That(found.ToArray(), Has.None.NaN);
    }

    private ExecutionOptions Options => new() { Device = engine.Device };

    private static void Check<T>(Tensor<T> found, double[] values, int window, MovingStatistic statistic)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        int rows = (int)found.Lengths[0], samples = values.Length / rows;
        double worst = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int at = 0; at + window <= samples; at++)
            {
                double deviation = Math.Abs(double.CreateChecked(found[row, at]) - Reference(statistic, values.AsSpan((row * samples) + at, window)));
                worst = double.IsNaN(deviation) ? double.NaN : Math.Max(worst, deviation);
            }
        }

        Assert.That(worst, Is.LessThanOrEqualTo(Tolerances.Moving<T>(window)), $"{rows} x {samples}, windows of {window} samples");
    }

    private static double Reference(MovingStatistic statistic, ReadOnlySpan<double> window) => statistic switch
    {
        MovingStatistic.Mean => MovingReference.Mean(window),
        MovingStatistic.Deviation => MovingReference.Deviation(window),
        MovingStatistic.Minimum => MovingReference.Minimum(window),
        _ => MovingReference.Maximum(window),
    };

    /// <summary>Numbers in [-1, 1) that float32 has, too.</summary>
    internal static double[] Values(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)((random.NextSingle() * 2) - 1))];
    }
}

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

/// <summary>The device kernels on the simulation, one small set of series for each.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
public sealed class SimulatedMovingTests(TestEngine engine)
{
    [Test]
    public void Deviations_are_those_of_the_definition()
    {
        double[] values = MovingTests.Values(2 * 11, seed: 6);
        Tensor<float> found = MovingStatistics.Compute(
            Tensor.Create(Array.ConvertAll(values, value => (float)value), [2, 11]), 4, MovingStatistic.Deviation, new() { Device = engine.Device });
        for (int i = 0; i < 16; i++)
        {
            Assert.That(found[i / 8, i % 8], Is.EqualTo(MovingReference.Deviation(values.AsSpan((i / 8 * 11) + (i % 8), 4))).Within(Tolerances.Moving<float>(4)), $"{i}");
        }
    }
}
