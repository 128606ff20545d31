using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Variants of dynamic time warping.</content>
public static partial class ElasticDistance
{
    /// <summary>Weighted dynamic time warping (Jeong, Jeong and Omitaomu 2011): squared costs weighted by 1 / (1 + exp(-g (|i - j| - half the longer length))).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Wdtw<T>(Tensor<T> x, Tensor<T> y, WdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Wdtw{T}(Tensor{T}, Tensor{T}, WdtwOptions?)"/>
    public static T Wdtw<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, WdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Wdtw");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Wdtw{T}(Tensor{T}, Tensor{T}, WdtwOptions?)"/>
    public static Tensor<T> Wdtw<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, WdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>Amerced dynamic time warping (Herrmann and Webb 2023): squared costs, and a penalty for every step off the diagonal.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Adtw<T>(Tensor<T> x, Tensor<T> y, AdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Adtw{T}(Tensor{T}, Tensor{T}, AdtwOptions?)"/>
    public static T Adtw<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, AdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Adtw");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Adtw{T}(Tensor{T}, Tensor{T}, AdtwOptions?)"/>
    public static Tensor<T> Adtw<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, AdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>Derivative dynamic time warping (Keogh and Pazzani 2001): squared costs of <see cref="SeriesTransform.Derivative"/>, for series of 3 samples or more.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Ddtw<T>(Tensor<T> x, Tensor<T> y, DdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Ddtw{T}(Tensor{T}, Tensor{T}, DdtwOptions?)"/>
    public static T Ddtw<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, DdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Ddtw");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Ddtw{T}(Tensor{T}, Tensor{T}, DdtwOptions?)"/>
    public static Tensor<T> Ddtw<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, DdtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>Shape dynamic time warping (Zhao and Itti 2018): the squared differences of the samples that the best alignment of <see cref="SeriesTransform.Subsequences{T}(System.Numerics.Tensors.Tensor{T}, int)"/> matches.</summary>
    /// <remarks>Each pair is aligned path and all, on the host unless a device is named; the samples' differences are added on the host in float64.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T ShapeDtw<T>(Tensor<T> x, Tensor<T> y, ShapeDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="ShapeDtw{T}(Tensor{T}, Tensor{T}, ShapeDtwOptions?)"/>
    public static T ShapeDtw<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ShapeDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.ShapeDtw");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="ShapeDtw{T}(Tensor{T}, Tensor{T}, ShapeDtwOptions?)"/>
    public static Tensor<T> ShapeDtw<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, ShapeDtwOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The discrete Frechet distance (Eiter and Mannila 1994): the longest leash that the best joint walk needs, in Euclidean distance.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Frechet<T>(Tensor<T> x, Tensor<T> y, FrechetOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Frechet{T}(Tensor{T}, Tensor{T}, FrechetOptions?)"/>
    public static T Frechet<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, FrechetOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Frechet");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Frechet{T}(Tensor{T}, Tensor{T}, FrechetOptions?)"/>
    public static Tensor<T> Frechet<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, FrechetOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());
}
