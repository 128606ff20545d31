using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <content>Distances of many pairs.</content>
public static partial class Dtw
{
    /// <summary>The distances of all pairs of a set of series.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">At least one series, each time or time x channels; lengths may differ, channels may not.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <returns>series x series, rows as x. Where exchanging the series costs the same, each pair is computed once, with the series that comes first as x, and the result is symmetric to the last bit; patterns, ends and windows that treat x and y otherwise are computed both ways.</returns>
    /// <remarks>Memory: the series, a border of the table for each thread, and the result; never a table.</remarks>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite (its place is named), or the options contradict each other.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold even one pair.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static Tensor<T> Distances<T>(IReadOnlyList<Tensor<T>> series, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Distances(SeriesPacking.Pack(series, nameof(series), MissingOf(options)), null, options);

    /// <summary>The distances of every series of x from every one of y: one against many, a few against many, or two sets.</summary>
    /// <param name="x">At least one series, each time or time x channels; lengths may differ, channels may not.</param>
    /// <param name="y">Others, with as many channels.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Distances{T}(IReadOnlyList{Tensor{T}}, DtwOptions?)"/>
    public static Tensor<T> Distances<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Distances(SeriesPacking.Pack(x, nameof(x), MissingOf(options)), SeriesPacking.Pack(y, nameof(y), MissingOf(options)), options);

    /// <summary>The distances of all pairs of a set of series of one length.</summary>
    /// <param name="series">series x time, or series x time x channels.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <inheritdoc cref="Distances{T}(IReadOnlyList{Tensor{T}}, DtwOptions?)"/>
    public static Tensor<T> Distances<T>(Tensor<T> series, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        return Distances(SeriesPacking.PackEqual<T>(series.AsReadOnlyTensorSpan(), nameof(series), MissingOf(options)), null, options);
    }

    /// <summary>The distances of every series of x from every one of y, each set of one length.</summary>
    /// <param name="x">series x time, or series x time x channels.</param>
    /// <param name="y">The same of other series, with as many channels.</param>
    /// <param name="options">Costs, window, steps, ends, device; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Distances{T}(IReadOnlyList{Tensor{T}}, DtwOptions?)"/>
    public static Tensor<T> Distances<T>(Tensor<T> x, Tensor<T> y, DtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        return Distances(
            SeriesPacking.PackEqual<T>(x.AsReadOnlyTensorSpan(), nameof(x), MissingOf(options)),
            SeriesPacking.PackEqual<T>(y.AsReadOnlyTensorSpan(), nameof(y), MissingOf(options)),
            options);
    }

    private static MissingSamples MissingOf(DtwOptions? options) => options?.Missing ?? MissingSamples.Reject;

    private static Tensor<T> Distances<T>(SeriesPack<T> x, SeriesPack<T>? y, DtwOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        SeriesDistances.Compute(x, y, (options ?? new()).Problem(isForPath: false), MissingOf(options), options, "Dtw.Distances");
}
