using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <content>Series that live on a device.</content>
public static partial class Dtw
{
    /// <summary>The distances of all pairs of series that live on a device, left there.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">series x time, of one channel.</param>
    /// <param name="options">Costs, window, steps, ends; null for the defaults.</param>
    /// <returns>series x series on the device of the series; dispose it.</returns>
    /// <remarks>The samples are read back once to check that they are finite, or to count those that are skipped.</remarks>
    /// <exception cref="ArgumentException">The tensor is no matrix or empty, a sample is not finite (its place is named), non-finite samples are to be propagated, or the options contradict each other.</exception>
    /// <exception cref="DeviceMismatchException">The options name another device.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the result.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DeviceTensor<T> Distances<T>(DeviceTensor<T> series, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        return OnDevice(series, null, RequireSamples(series, nameof(series), options), options);
    }

    /// <summary>The distances of every series of x from every one of y, all on one device, left there.</summary>
    /// <param name="x">series x time, of one channel.</param>
    /// <param name="y">Others, on the device of x.</param>
    /// <param name="options">Costs, window, steps, ends; null for the defaults.</param>
    /// <returns>series of x x series of y on the device of the series; dispose it.</returns>
    /// <exception cref="DeviceMismatchException">x and y live on different devices, or the options name another one.</exception>
    /// <inheritdoc cref="Distances{T}(DeviceTensor{T}, DtwOptions?)"/>
    public static DeviceTensor<T> Distances<T>(DeviceTensor<T> x, DeviceTensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return OnDevice(x, y, RequireSamples(x, nameof(x), options) + RequireSamples(y, nameof(y), options), options);
    }

    private static DeviceTensor<T> OnDevice<T>(DeviceTensor<T> x, DeviceTensor<T>? y, long skipped, DtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WarpingProblem problem = (options ?? new()).Problem(isForPath: false);
        MatrixRef<T> rows = x.AsMatrix(nameof(x)), columns = y is null ? default : y.AsMatrix(nameof(y));
        using Execution execution = Execution.Begin<T>(options, x.Device, "Dtw.Distances");
        execution.Skipped(skipped);
        DeviceTensor<T> result = execution.Device.Allocate<T>(rows.Rows, y is null ? rows.Rows : columns.Rows);
        try
        {
            Warping.Distances(execution.Engine, problem, rows, columns, result.AsMatrix("result"), execution.Settings);
        }
        catch
        {
            result.Dispose();
            throw;
        }

        long elements = x.FlattenedLength + (y?.FlattenedLength ?? 0) + result.FlattenedLength;
        execution.Complete<T>("pairs of series", (double)x.FlattenedLength * (y ?? x).FlattenedLength, elements * Element.SizeOf<T>());
        return result;
    }

    /// <summary>Samples that are skipped; throws where one is refused.</summary>
    private static long RequireSamples<T>(DeviceTensor<T> series, string name, DtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (series.Rank != 2 || series.FlattenedLength == 0) throw new ArgumentException($"'{name}' is {Shape.Of(series.Lengths)}; series on a device are series x time, of one channel, at least one of each", name);
        MissingSamples missing = MissingOf(options);
        if (missing == MissingSamples.Propagate) throw new ArgumentException($"series on a device are not searched for samples to propagate: ask for {nameof(MissingSamples.Reject)} or {nameof(MissingSamples.Skip)}", nameof(options));
        return SeriesPacking.PackEqual<T>(series.Download().AsReadOnlyTensorSpan(), name, missing).MissingValues;
    }
}
