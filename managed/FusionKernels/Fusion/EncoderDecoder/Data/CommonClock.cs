using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Fuses series at the level of data: all views on one clock, each channel scaled, channels side by side, one kernel of the joint series.</summary>
/// <remarks>
/// Views with time stamps are read at the same instants: evenly from the earliest first sample of the row to its latest last one; a view that
/// begins later or ends earlier keeps its first or last sample there. Views without are read from their first sample to their last. Channels are scaled to mean 0 and variance 1 over the training series; those of an absent view are 0, their mean, and what is stored
/// there is never read. A row without any view is predicted as the prior. Resampling is linear between samples. Deterministic.
/// </remarks>
public static class CommonClock
{
    /// <summary>A series at evenly spaced times from its first sample to its last.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">time, or time x channels; one sample at least.</param>
    /// <param name="length">Steps, 1 or more.</param>
    /// <returns>length x channels.</returns>
    /// <exception cref="ArgumentException">The series is empty or of another rank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public static Tensor<T> Resample<T>(Tensor<T> series, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (series.Rank is not (1 or 2) || series.FlattenedLength == 0) throw new ArgumentException($"'{nameof(series)}' is {Shape.Of(series.Lengths)}; a series is time, or time x channels", nameof(series));
        return LinearSamples.ReadAt(series, length, t => Part(t, length) * (series.Lengths[0] - 1));
    }

    /// <summary>The part of a clock's span that has gone by at one of its steps; of a single step, half.</summary>
    internal static double Part(int t, int length) => length == 1 ? 0.5 : t / (length - 1.0);

    /// <summary>A series warped to the clock of another: at each of its times, the mean of the samples that the path of the magnitudes matches.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">time x channels.</param>
    /// <param name="reference">time x channels; its channels may be others.</param>
    /// <returns>The reference's times x channels of the series.</returns>
    /// <exception cref="ArgumentException">A series is empty or of another rank, or holds a sample that is not finite.</exception>
    public static Tensor<T> Warp<T>(Tensor<T> series, Tensor<T> reference)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(reference);
        DtwAlignment<T> alignment = Dtw.Align(Magnitudes(reference), Magnitudes(series));
        int steps = (int)reference.Lengths[0], channels = series.Rank == 2 ? (int)series.Lengths[1] : 1;
        T[] values = new T[series.FlattenedLength], result = new T[steps * channels];
        series.FlattenTo(values);
        int[] counts = new int[steps];
        foreach ((int i, int j) in alignment.Path)
        {
            counts[i]++;
            for (int c = 0; c < channels; c++) result[(i * channels) + c] += values[(j * channels) + c];
        }

        for (int at = 0; at < result.Length; at++) result[at] /= T.CreateTruncating(counts[at / channels]);
        return Tensor.Create(result, [steps, channels]);
    }

    /// <summary>Fits a kernel model of the joint series.</summary>
    /// <param name="views">Views of series with labels of two classes at least, or with targets.</param>
    /// <param name="options">Clock, warping, kernel; null for the defaults.</param>
    /// <exception cref="ArgumentException">There are neither labels nor targets, a view is of another kind, or a present sample is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static CommonClockModel Fit(Views views, CommonClockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        if (options.Length is < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Length, $"{nameof(CommonClockOptions.Length)} must be 1 or more");
        if (views.Labels is null) _ = views.RequireTargets();
        return FusionExecution.Run(options, "CommonClock.Fit", isFloat64: true, hasKernel: true, told => Of(views, told!), _ => $"{NameOf(options.Warp)}: one kernel of {views.Rows} series on one clock");
    }

    /// <summary>The strategy's name.</summary>
    internal static string NameOf(bool warp) => warp ? "warped-clock" : "common-clock";

    /// <summary>How the kernel of the joint series is fitted.</summary>
    private static CommonClockModel Of(Views views, CommonClockOptions options)
    {
        JointSeries joint = JointSeries.Fit(views, options);
        return new(views, joint, KernelFusion.Fit(joint.Of(views, views.Names), KernelOptionsOf(options)), options);
    }

    internal static KernelFusionOptions KernelOptionsOf(CommonClockOptions options) => new()
    {
        Device = options.Device,
        Threads = options.Threads,
        Cancellation = options.Cancellation,
        Report = options.Report,
        Sequences = options.Kernel,
    };

    /// <summary>Length of the sample at each time, less its mean and over its deviation.</summary>
    private static Tensor<T> Magnitudes<T>(Tensor<T> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int steps = (int)series.Lengths[0], channels = series.Rank == 2 ? (int)series.Lengths[1] : 1;
        T[] values = new T[series.FlattenedLength];
        series.FlattenTo(values);
        double[] lengths = [.. Enumerable.Range(0, steps).Select(t => double.CreateTruncating(TensorPrimitives.Norm<T>(values.AsSpan(t * channels, channels))))];
        double mean = lengths.Average(), deviation = Math.Sqrt(lengths.Average(value => (value - mean) * (value - mean)));
        return Tensor.Create([.. lengths.Select(value => T.CreateTruncating(deviation > 0 ? (value - mean) / deviation : 0))], [steps]);
    }
}
