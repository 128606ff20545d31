using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A series read between its samples, linearly.</summary>
internal static class LinearSamples
{
    /// <summary>Samples at some places of a series.</summary>
    /// <param name="series">time, or time x channels; one sample at least.</param>
    /// <param name="count">Samples to read.</param>
    /// <param name="place">By sample to read: the number of the one at or before it, and the part of the way to the next, 0 to 1.</param>
    /// <returns>count x channels.</returns>
    public static Tensor<T> Read<T>(Tensor<T> series, int count, Func<int, (int Before, double Part)> place)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int steps = (int)series.Lengths[0], channels = series.Rank == 2 ? (int)series.Lengths[1] : 1;
        T[] values = new T[series.FlattenedLength], result = new T[checked(count * channels)];
        series.FlattenTo(values);
        for (int t = 0; t < count; t++)
        {
            (int before, double way) = place(t);
            int after = Math.Min(before + 1, steps - 1);
            T part = T.CreateTruncating(way);
            for (int c = 0; c < channels; c++)
            {
                T low = values[(before * channels) + c], high = values[(after * channels) + c];
                result[(t * channels) + c] = part == T.One ? high : low + (part * (high - low));
            }
        }

        return Tensor.Create(result, [count, channels]);
    }

    /// <summary>The same at positions counted in samples; before the first and behind the last one these stay.</summary>
    /// <param name="series">time, or time x channels; one sample at least.</param>
    /// <param name="count">Samples to read.</param>
    /// <param name="position">By sample to read: its position, 0 at the first one.</param>
    /// <returns>count x channels.</returns>
    public static Tensor<T> ReadAt<T>(Tensor<T> series, int count, Func<int, double> position)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int last = (int)series.Lengths[0] - 1;
        return Read(series, count, t =>
        {
            double at = Math.Clamp(position(t), 0, last);
            int before = Math.Min((int)at, Math.Max(0, last - 1));
            return (before, at - before);
        });
    }
}
