using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Series of local features in place of samples, for alignments that follow the shape of the series rather than its level.</summary>
public static class SeriesTransform
{
    /// <summary>Estimated slopes: ((x[i] - x[i-1]) + (x[i+1] - x[i-1]) / 2) / 2 for every sample but the first and the last (Keogh and Pazzani 2001, eq. 4).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">time, or time x channels; at least 3 samples, of any strides.</param>
    /// <returns>time - 2, or (time - 2) x channels; NaN where a sample of the three is.</returns>
    /// <exception cref="ArgumentException">The series has fewer than 3 samples, or another rank.</exception>
    public static Tensor<T> Derivative<T>(Tensor<T> series)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        SeriesPack<T> pack = SeriesPacking.PackOne<T>(series.AsReadOnlyTensorSpan(), nameof(series), MissingSamples.Propagate);
        SeriesPack<T> slopes = DerivativesOf(pack);
        return Tensor.Create(slopes.Values, series.Rank == 1 ? [slopes.Steps] : [slopes.Steps, slopes.Channels]);
    }

    /// <summary>The samples around every sample, as its description (shapeDTW, Zhao and Itti 2018); beyond the ends the end samples stand.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="series">time, or time x channels, of any strides.</param>
    /// <param name="reach">Samples to either side, 0 or more.</param>
    /// <returns>time x (channels * (2 reach + 1)): of each channel in turn the samples from reach before to reach after.</returns>
    /// <exception cref="ArgumentException">The series is empty or of another rank, the reach is negative, or the result exceeds what one array can hold.</exception>
    public static Tensor<T> Subsequences<T>(Tensor<T> series, int reach)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfNegative(reach);
        SeriesPack<T> pack = SeriesPacking.PackOne<T>(series.AsReadOnlyTensorSpan(), nameof(series), MissingSamples.Propagate);
        SeriesPack<T> around = SubsequencesOf(pack, reach);
        return Tensor.Create(around.Values, [around.Steps, around.Channels]);
    }

    /// <summary>The derivatives of all series.</summary>
    /// <exception cref="ArgumentException">One has fewer than 3 samples.</exception>
    internal static SeriesPack<T> DerivativesOf<T>(SeriesPack<T> series)
        where T : unmanaged
    {
        int[] lengths = Array.ConvertAll(series.Lengths, length => length - 2);
        int shortest = Array.FindIndex(lengths, length => length < 1);
        if (shortest >= 0) throw new ArgumentException($"series {shortest} has {series.Lengths[shortest]} samples; a derivative needs at least 3");
        SeriesPack<T> slopes = new(lengths, series.Channels);
        for (int i = 0; i < series.Count; i++)
        {
            ReadOnlySpan<T> samples = series[i];
            Span<T> target = slopes[i];
            int channels = series.Channels;
            for (int k = 0; k < target.Length; k++)
            {
                double before = Element.ToDouble(samples[k]), here = Element.ToDouble(samples[k + channels]), after = Element.ToDouble(samples[k + (2 * channels)]);
                target[k] = Element.Of<T>(((here - before) + ((after - before) / 2)) / 2);
            }
        }

        return slopes;
    }

    /// <summary>The subsequences of all series.</summary>
    /// <exception cref="ArgumentException">They exceed what one array can hold.</exception>
    internal static SeriesPack<T> SubsequencesOf<T>(SeriesPack<T> series, int reach)
        where T : unmanaged
    {
        long width = (2L * reach) + 1;
        if (width * series.Channels > int.MaxValue) throw new ArgumentException($"{width} samples around each sample of {series.Channels} channels exceed one array; choose a smaller reach");
        SeriesPack<T> around = new(series.Lengths, (int)width * series.Channels);
        for (int i = 0; i < series.Count; i++)
        {
            ReadOnlySpan<T> samples = series[i];
            Span<T> target = around[i];
            int length = series.Lengths[i], at = 0;
            for (int step = 0; step < length; step++)
            {
                for (int c = 0; c < series.Channels; c++)
                {
                    for (int k = -reach; k <= reach; k++) target[at++] = samples[(Math.Clamp(step + k, 0, length - 1) * series.Channels) + c];
                }
            }
        }

        return around;
    }
}
