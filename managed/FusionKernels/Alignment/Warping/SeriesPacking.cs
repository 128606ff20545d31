using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Series as callers give them, packed for the kernels, with what is wrong with them in words.</summary>
internal static class SeriesPacking
{
    /// <summary>One series, of rank 1 (time) or 2 (time x channels).</summary>
    /// <param name="series">The series, of any strides.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <param name="missing">What to do with samples that are not finite.</param>
    /// <exception cref="ArgumentException">It is empty, of another rank, or holds a sample that is refused.</exception>
    public static SeriesPack<T> PackOne<T>(in ReadOnlyTensorSpan<T> series, string name, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int length, int channels) = Shaped(series, name, name);
        SeriesPack<T> pack = new([length], channels);
        series.FlattenTo(pack[0]);
        pack.MissingValues = Check<T>(pack[0], channels, name, name, missing);
        return pack;
    }

    /// <summary>A set of series; lengths may differ, the number of channels may not.</summary>
    /// <inheritdoc cref="PackOne{T}" path="/param"/>
    /// <exception cref="ArgumentException">There is no series, one is empty or of a rank other than 1 and 2, channels differ, or a sample is refused.</exception>
    public static SeriesPack<T> Pack<T>(IReadOnlyList<Tensor<T>> series, string name, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(series, name);
        if (series.Count == 0) throw new ArgumentException($"'{name}' holds no series; give at least one", name);
        int[] lengths = new int[series.Count];
        int channels = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            string one = $"{name}[{i}]";
            if (series[i] is null) throw new ArgumentException($"{one} is null", name);
            (lengths[i], int width) = Shaped(series[i].AsReadOnlyTensorSpan(), one, name);
            if (i == 0) channels = width;
            else if (width != channels) throw new ArgumentException($"{one} has {width} channels, {name}[0] has {channels}: all series of a set have the same channels", name);
        }

        SeriesPack<T> pack = new(lengths, channels);
        for (int i = 0; i < lengths.Length; i++)
        {
            series[i].FlattenTo(pack[i]);
            pack.MissingValues += Check<T>(pack[i], channels, $"{name}[{i}]", name, missing);
        }

        return pack;
    }

    /// <summary>A set of series of one length: series x time, or series x time x channels.</summary>
    /// <inheritdoc cref="PackOne{T}" path="/param"/>
    /// <exception cref="ArgumentException">The rank is neither 2 nor 3, there is no series, they are empty, or a sample is refused.</exception>
    public static SeriesPack<T> PackEqual<T>(in ReadOnlyTensorSpan<T> series, string name, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (series.Rank is not (2 or 3) || series.IsEmpty)
        {
            throw new ArgumentException($"'{name}' is {Shape.Of(series.Lengths)}; a set is series x time or series x time x channels, with at least one of each", name);
        }

        int count = checked((int)series.Lengths[0]), length = checked((int)series.Lengths[1]);
        int channels = series.Rank == 3 ? checked((int)series.Lengths[2]) : 1;
        int[] lengths = new int[count];
        Array.Fill(lengths, length);
        SeriesPack<T> pack = new(lengths, channels);
        series.FlattenTo(pack.Values);
        for (int i = 0; i < count; i++) pack.MissingValues += Check<T>(pack[i], channels, $"{name}[{i}]", name, missing);
        return pack;
    }

    /// <summary>Throws where two sets or series differ in width.</summary>
    /// <exception cref="ArgumentException">They have different numbers of channels.</exception>
    public static void RequireSameChannels<T>(SeriesPack<T> x, SeriesPack<T> y, string nameX, string nameY)
        where T : unmanaged
    {
        if (x.Channels != y.Channels) throw new ArgumentException($"'{nameX}' has {x.Channels} channels, '{nameY}' has {y.Channels}: both need the same", nameY);
    }

    /// <summary>The samples of a series of one channel, in place where they are consecutive.</summary>
    /// <exception cref="ArgumentException">It is of a rank other than 1 and 2, or has several channels.</exception>
    public static ReadOnlySpan<T> OneChannel<T>(Tensor<T> series, string name)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(series, name);
        if (series.Rank is not (1 or 2) || (series.Rank == 2 && series.Lengths[1] != 1))
        {
            throw new ArgumentException($"'{name}' is {Shape.Of(series.Lengths)}; one channel is needed: time, or time x 1", name);
        }

        if (series.IsDense) return System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(in series.GetPinnableReference(), checked((int)series.FlattenedLength));
        T[] samples = new T[series.FlattenedLength];
        series.FlattenTo(samples);
        return samples;
    }

    /// <summary>Throws where a sample of one channel is not finite.</summary>
    /// <exception cref="ArgumentException">One is not; it is named.</exception>
    public static void RequireFinite<T>(ReadOnlySpan<T> series, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!TensorPrimitives.IsFiniteAll(series)) Check(series, 1, name, name, MissingSamples.Reject);
    }

    /// <summary>Whether a series holds a value that is not finite.</summary>
    public static bool HasNonFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in values)
        {
            if (!T.IsFinite(value)) return true;
        }

        return false;
    }

    private static (int Length, int Channels) Shaped<T>(in ReadOnlyTensorSpan<T> series, string one, string parameter)
    {
        // A tensor span over nothing has no dimensions.
        if (series.Rank == 0) throw new ArgumentException($"{one} is empty; a series has at least one sample", parameter);
        if (series.Rank > 2) throw new ArgumentException($"{one} is {Shape.Of(series.Lengths)}; a series is time, or time x channels", parameter);
        if (series.IsEmpty) throw new ArgumentException($"{one} is empty ({Shape.Of(series.Lengths)}); a series has at least one sample and one channel", parameter);
        return (checked((int)series.Lengths[0]), series.Rank == 2 ? checked((int)series.Lengths[1]) : 1);
    }

    /// <summary>Values that are skipped; throws where one is refused.</summary>
    private static long Check<T>(ReadOnlySpan<T> values, int channels, string one, string parameter, MissingSamples missing)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long skipped = 0;
        if (missing == MissingSamples.Propagate) return skipped;
        for (int i = 0; i < values.Length; i++)
        {
            if (T.IsFinite(values[i])) continue;
            if (missing == MissingSamples.Skip && T.IsNaN(values[i]))
            {
                skipped++;
                continue;
            }

            string place = channels == 1 ? $"{one}, sample {i}" : $"{one}, sample {i / channels}, channel {i % channels}";
            string what = T.IsNaN(values[i]) ? "is NaN" : "is infinite";
            string cure = T.IsNaN(values[i])
                ? $"fill it, or ask for {nameof(MissingSamples)}.{nameof(MissingSamples.Skip)}"
                : "replace it by a finite number";
            throw new ArgumentException($"{place}, {what}: {cure}", parameter);
        }

        return skipped;
    }
}
