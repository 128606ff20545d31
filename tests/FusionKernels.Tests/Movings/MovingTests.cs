using System.Numerics.Tensors;
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
