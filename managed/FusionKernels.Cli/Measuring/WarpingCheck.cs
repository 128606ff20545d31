using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;

namespace FusionKernels.Cli;

/// <summary>Time warping on one device against the plain float64 reference.</summary>
internal static class WarpingCheck
{
    /// <summary>As many units of rounding as <see cref="KernelCheck"/> allows; a path adds up a few dozen costs.</summary>
    private const double Tolerance32 = 1e-5, Tolerance64 = 1e-12;

    private const double Gamma = 0.5;

    private static readonly int[] s_rows = [23, 17, 31, 20, 26], s_columns = [19, 29, 24];

    /// <summary>What is checked: the default, windows, ends and steps, one pair, the elastic measures and soft warping.</summary>
    public static IReadOnlyList<SelfTest> Suite { get; } =
    [
        OfSets("dtw", new()),
        OfSets("dtw, radius 3", new() { Window = WarpingWindow.Radius(3) }),
        OfSets("dtw, Itakura", new() { Window = WarpingWindow.Itakura(2) }),
        OfSets("dtw, subsequence", new() { Ends = WarpingEnds.Subsequence }),
        OfSets("dtw, symmetricP05", new() { Step = StepPattern.ByName("symmetricP05"), Cost = PointCost.Absolute }),
        OfSets("dtw, independent", new() { Channels = ChannelAlignment.Independent }),
        new("dtw, one pair", HostOnly: true, Checked("dtw, one pair", new PairSubject())),
        OfMeasure("erp", new ErpOptions()),
        OfMeasure("lcss", new LcssOptions { Tolerance = 0.3 }),
        OfMeasure("edr", new EdrOptions { Tolerance = 0.3 }),
        OfMeasure("msm", new MsmOptions { Cost = 0.1 }),
        OfMeasure("twe", new TweOptions { Penalty = 0.1 }),
        OfMeasure("wdtw", new WdtwOptions()),
        OfMeasure("adtw", new AdtwOptions { Penalty = 0.1 }),
        OfMeasure("frechet", new FrechetOptions()),
        new("soft-dtw", HostOnly: false, Checked("soft-dtw", new SoftSubject())),
    ];

    private static SelfTest OfSets(string name, DtwOptions options) => new(name, HostOnly: false, Checked(name, new SetSubject(options)));

    private static SelfTest OfMeasure(string name, ElasticOptions options) => new(name, HostOnly: false, Checked(name, new MeasureSubject(options)));

    private static Func<ComputeDevice, bool, int, CancellationToken, KernelCheck> Checked(string name, ISubject subject) => (device, float64, threads, cancellation) => float64
        ? Run<double>(name, subject, new() { Device = device, Threads = threads, Cancellation = cancellation }, Tolerance64)
        : Run<float>(name, subject, new() { Device = device, Threads = threads, Cancellation = cancellation }, Tolerance32);

    private static KernelCheck Run<T>(string name, ISubject subject, ExecutionOptions execution, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelCheck check = new(name, execution.Device!.Description.Name, typeof(T) == typeof(float) ? "float32" : "float64", null, tolerance, 0, null);
        Tensor<T>[] x = Series<T>(s_rows, seed: 1), y = Series<T>(s_columns, seed: 2);
        return KernelCheck.Attempt(check, () =>
        {
            long started = Stopwatch.GetTimestamp();
            Tensor<T> computed = subject.Compute(x, y, execution);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return (ReferenceGram.Deviation(computed, Reference(subject, x, y)), seconds);
        });
    }

    private static double[,] Reference<T>(ISubject subject, Tensor<T>[] x, Tensor<T>[] y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] distances = new double[x.Length, y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++) distances[i, j] = subject.Reference(Steps(x[i]), Steps(y[j]));
        }

        return distances;
    }

    private static double[][] Steps<T>(Tensor<T> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, (int)series.Lengths[0]).Select(time => new[] { double.CreateChecked(series[time, 0]), double.CreateChecked(series[time, 1]) })];

    /// <summary>Walks of two channels in sixteenths, which no rounding takes to the other side of a tolerance.</summary>
    private static Tensor<T>[] Series<T>(int[] lengths, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        uint state = (uint)seed * 2654435761u;
        return [.. lengths.Select(length =>
        {
            Tensor<T> series = Tensor.CreateFromShape<T>([length, 2]);
            int[] level = new int[2];
            for (int time = 0; time < length; time++)
            {
                for (int channel = 0; channel < 2; channel++)
                {
                    state = (state * 1664525u) + 1013904223u;
                    level[channel] += (int)(state >> 28) - 8;
                    series[time, channel] = T.CreateChecked(level[channel] / 16.0);
                }
            }

            return series;
        })];
    }

    /// <summary>A distance as a device computes it, and as the reference does.</summary>
    private interface ISubject
    {
        /// <summary>Series of x against series of y, on the device.</summary>
        Tensor<T> Compute<T>(Tensor<T>[] x, Tensor<T>[] y, ExecutionOptions execution)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>;

        /// <summary>One pair, from its steps.</summary>
        double Reference(double[][] x, double[][] y);
    }

    private sealed class SetSubject(DtwOptions options) : ISubject
    {
        public Tensor<T> Compute<T>(Tensor<T>[] x, Tensor<T>[] y, ExecutionOptions execution)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            Dtw.Distances(x, y, options with { Device = execution.Device, Threads = execution.Threads, Cancellation = execution.Cancellation });

        public double Reference(double[][] x, double[][] y) => WarpingReference.Distance(options.Problem(), x, y);
    }

    private sealed class PairSubject : ISubject
    {
        public Tensor<T> Compute<T>(Tensor<T>[] x, Tensor<T>[] y, ExecutionOptions execution)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            DtwOptions options = new() { Device = execution.Device, Threads = execution.Threads, Cancellation = execution.Cancellation };
            Tensor<T> distances = Tensor.CreateFromShape<T>([x.Length, y.Length]);
            for (int i = 0; i < x.Length; i++)
            {
                for (int j = 0; j < y.Length; j++) distances[i, j] = Dtw.Align(x[i], y[j], options).Distance;
            }

            return distances;
        }

        public double Reference(double[][] x, double[][] y) => WarpingReference.Distance(new DtwOptions().Problem(), x, y);
    }

    private sealed class MeasureSubject(ElasticOptions options) : ISubject
    {
        public Tensor<T> Compute<T>(Tensor<T>[] x, Tensor<T>[] y, ExecutionOptions execution)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            ElasticDistance.Between(x, y, options with { Device = execution.Device, Threads = execution.Threads, Cancellation = execution.Cancellation });

        public double Reference(double[][] x, double[][] y) => WarpingReference.Distance(options.Problem(x[0].Length), x, y);
    }

    private sealed class SoftSubject : ISubject
    {
        public Tensor<T> Compute<T>(Tensor<T>[] x, Tensor<T>[] y, ExecutionOptions execution)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
            SoftDtw.Distances(x, y, new() { Gamma = Gamma, Device = execution.Device, Threads = execution.Threads, Cancellation = execution.Cancellation });

        public double Reference(double[][] x, double[][] y) =>
            WarpingReference.AccumulateSoft(WarpingReference.PointCosts(PointCost.SquaredEuclidean, x, y), Gamma, WarpingWindow.None)[x.Length - 1, y.Length - 1];
    }
}
