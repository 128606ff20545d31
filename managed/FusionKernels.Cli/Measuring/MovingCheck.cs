using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Moving;

namespace FusionKernels.Cli;

/// <summary>Moving statistics on one device against their definition in float64.</summary>
internal static class MovingCheck
{
    private const string Name = "moving deviation";

    /// <summary>As many units of rounding as <see cref="KernelCheck"/> allows.</summary>
    private const double Tolerance32 = 1e-5, Tolerance64 = 1e-12;

    private const int Rows = 3, Samples = 301, Window = 23;

    /// <summary>What is checked.</summary>
    public static IReadOnlyList<SelfTest> Suite { get; } =
    [
        new(Name, HostOnly: false, (device, float64, threads, cancellation) =>
        {
            ExecutionOptions options = new() { Device = device, Threads = threads, Cancellation = cancellation };
            return float64 ? Run<double>(options, Tolerance64) : Run<float>(options, Tolerance32);
        }),
    ];

    private static KernelCheck Run<T>(ExecutionOptions options, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        KernelCheck.Attempt(new(Name, options.Device!.Description.Name, typeof(T) == typeof(float) ? "float32" : "float64", null, tolerance, 0, null), () =>
        {
            // Sixteenths, exact in float32.
            double[] values = [.. Enumerable.Range(0, Rows * Samples).Select(i => ((i * 7919) % 257) / 16.0)];
            long started = Stopwatch.GetTimestamp();
            Tensor<T> found = MovingStatistics.Compute(Tensor.Create(Array.ConvertAll(values, T.CreateChecked), [Rows, Samples]), Window, MovingStatistic.Deviation, options);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, deviation = 0, largest = 0;
            for (int row = 0; row < Rows; row++)
            {
                for (int at = 0; at + Window <= Samples; at++)
                {
                    double expected = MovingReference.Deviation(values.AsSpan((row * Samples) + at, Window));
                    deviation = Math.Max(deviation, Math.Abs(double.CreateChecked(found[row, at]) - expected));
                    largest = Math.Max(largest, expected);
                }
            }

            return (deviation / largest, seconds);
        });
}
