using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <content>Edit distances.</content>
public static partial class ElasticDistance
{
    /// <summary>Edit distance with real penalty (Chen and Ng 2004): samples are matched at their distance, or left out at their distance from a constant.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Erp<T>(Tensor<T> x, Tensor<T> y, ErpOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Erp{T}(Tensor{T}, Tensor{T}, ErpOptions?)"/>
    public static T Erp<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ErpOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Erp");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Erp{T}(Tensor{T}, Tensor{T}, ErpOptions?)"/>
    public static Tensor<T> Erp<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, ErpOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>One minus the share of the shorter series that the longest common subsequence covers (Vlachos, Kollios and Gunopulos 2002): 0 for a subsequence, 1 for nothing in common.</summary>
    /// <remarks>What lies outside the window counts as no match.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Lcss<T>(Tensor<T> x, Tensor<T> y, LcssOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Lcss{T}(Tensor{T}, Tensor{T}, LcssOptions?)"/>
    public static T Lcss<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, LcssOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Lcss");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Lcss{T}(Tensor{T}, Tensor{T}, LcssOptions?)"/>
    public static Tensor<T> Lcss<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, LcssOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>Edit distance on real sequences (Chen, Ozsu and Oria 2005) over the longer length: 0 to 1.</summary>
    /// <remarks>Samples at the begin may be left out at no cost, as in aeon; in the paper they count 1 each.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Edr<T>(Tensor<T> x, Tensor<T> y, EdrOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Edr{T}(Tensor{T}, Tensor{T}, EdrOptions?)"/>
    public static T Edr<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, EdrOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Edr");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Edr{T}(Tensor{T}, Tensor{T}, EdrOptions?)"/>
    public static Tensor<T> Edr<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, EdrOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>Move-split-merge (Stefan, Athitsos and Das 2013): what it costs to turn one series into the other by moves, splits and merges of samples; a metric.</summary>
    /// <remarks>Series of several channels are aligned channel by channel, and the distances added.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Msm<T>(Tensor<T> x, Tensor<T> y, MsmOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Msm{T}(Tensor{T}, Tensor{T}, MsmOptions?)"/>
    public static T Msm<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, MsmOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Msm");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Msm{T}(Tensor{T}, Tensor{T}, MsmOptions?)"/>
    public static Tensor<T> Msm<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, MsmOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>Time warp edit distance (Marteau 2009): matches and deletions, charged for the time between samples as well; a metric for a stiffness above 0.</summary>
    /// <remarks>Sample i is at time i, and before the first one both series are 0.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">time, or time x channels, of any strides.</param>
    /// <param name="y">Likewise, of the same channels.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <exception cref="ArgumentException">A series is empty or of another rank, channels differ, a sample is not finite, or a parameter is out of its range.</exception>
    public static T Twe<T>(Tensor<T> x, Tensor<T> y, TweOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());

    /// <summary>The same of two series of one channel.</summary>
    /// <inheritdoc cref="Twe{T}(Tensor{T}, Tensor{T}, TweOptions?)"/>
    public static T Twe<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, TweOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Pair<T>(new(x), new(y), options ?? new(), "ElasticDistance.Twe");

    /// <summary>The same of all pairs of series.</summary>
    /// <param name="x">Series, each time or time x channels, of any lengths.</param>
    /// <param name="y">Likewise, of the same channels; null for the series of x.</param>
    /// <param name="options">Parameters and window; null for the defaults.</param>
    /// <returns>series of x x series of y.</returns>
    /// <inheritdoc cref="Twe{T}(Tensor{T}, Tensor{T}, TweOptions?)"/>
    public static Tensor<T> Twe<T>(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>>? y = null, TweOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Between(x, y, options ?? new());
}
