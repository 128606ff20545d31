using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Moving;

namespace FusionKernels;

/// <summary>Statistics of every window of consecutive samples: what smooths, normalises and bounds series before they are aligned.</summary>
/// <remarks>
/// <para>NaN and infinite samples are refused with their place. A result beyond the range of <c>T</c> is infinite, never NaN.</para>
/// <para>Means are summed as differences from the window's first sample and deviations around the mean, so that a constant window has its
/// constant and a deviation of 0 to the last bit, and an offset costs no digits. Every window is computed on its own, in the order of
/// its samples: results depend on neither threads nor what lies beside a window, and are the same from run to run.</para>
/// <para>Cost: 3 operations for each sample of each window, 7 for <see cref="MovingStatistic.Deviation"/>; running sums would need fewer
/// for long windows, and lose digits. Memory: the result; operand and result on an accelerator. Thread-safe.</para>
/// </remarks>
public static class MovingStatistics
{
    private const string Name = "MovingStatistics.Compute";

    /// <summary>The statistic of samples j to j + window - 1 of every series, for every j.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">series x time, or one series; any strides.</param>
    /// <param name="window">Samples of a window: 1 to those of a series.</param>
    /// <param name="statistic">What is computed.</param>
    /// <param name="options">Device, threads, cancellation; null for the defaults.</param>
    /// <returns>series x (time - window + 1), or one row of rank 1.</returns>
    /// <exception cref="ArgumentException">The rank is neither 1 nor 2, the window does not fit, or a sample is NaN or infinite; series and sample are named.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double, or it is double and the device has no float64.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device has no room for operand and result.</exception>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Compute<T>(Tensor<T> series, int window, MovingStatistic statistic, ExecutionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Rank is not (1 or 2)) throw new ArgumentException($"'{nameof(series)}' is {Shape.Of(series.Lengths)}; series x time, or one series, is needed", nameof(series));
        (int rows, int samples) = (series.Rank == 2 ? checked((int)series.Lengths[0]) : 1, checked((int)series.Lengths[^1]));
        if (window < 1 || window > samples) throw new ArgumentOutOfRangeException(nameof(window), window, $"a window of {window} samples does not fit series of {samples}");
        Execution execution = Execution.Begin<T>(options, Name);
        T[] values = new T[checked(rows * samples)];
        series.FlattenTo(values);
        RequireFinite(values, samples);
        T[] result = new T[checked(rows * (samples - window + 1))];
        MatrixRef<T> from = MatrixRef<T>.Of(values, rows, samples), to = MatrixRef<T>.Of(result, rows, samples - window + 1);
        switch (statistic)
        {
            case MovingStatistic.Mean: MovingWindows.Compute<T, MeanRule<T>>(execution.Engine, from, window, to, execution.Settings); break;
            case MovingStatistic.Deviation: MovingWindows.Compute<T, DeviationRule<T>>(execution.Engine, from, window, to, execution.Settings); break;
            case MovingStatistic.Minimum: MovingWindows.Compute<T, MinimumRule<T>>(execution.Engine, from, window, to, execution.Settings); break;
            case MovingStatistic.Maximum: MovingWindows.Compute<T, MaximumRule<T>>(execution.Engine, from, window, to, execution.Settings); break;
            default: throw new ArgumentOutOfRangeException(nameof(statistic), statistic, "there is no such statistic");
        }

        MovingPlan plan = new(rows, samples, window);
        execution.Complete<T>($"{rows} x {plan.Windows} windows of {window}", plan.Flops(statistic == MovingStatistic.Deviation), plan.Bytes(System.Runtime.CompilerServices.Unsafe.SizeOf<T>()));
        return series.Rank == 1 ? Tensor.Create(result, [result.Length]) : Tensor.Create(result, [rows, plan.Windows]);
    }

    private static void RequireFinite<T>(T[] values, int samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int at = Array.FindIndex(values, value => !T.IsFinite(value));
        if (at < 0) return;
        throw new ArgumentException($"series {at / samples}, sample {at % samples}, is {(T.IsNaN(values[at]) ? "NaN" : "infinite")}: fill it, or leave its series out", "series");
    }
}
