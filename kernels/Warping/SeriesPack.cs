using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping;

/// <summary>Series back to back in one piece of memory, as the kernels read them; immutable once filled.</summary>
/// <remarks>Channel c of step s of series i is <c>Values[((Starts[i] + s) * Channels) + c]</c>. Arrays of the pinned heap, so that a kernel may keep their addresses.</remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed class SeriesPack<T>
    where T : unmanaged
{
    /// <summary>Memory for series of those lengths; the values are the caller's to fill.</summary>
    /// <param name="lengths">Steps of each series, at least 1.</param>
    /// <param name="channels">Channels of every step, at least 1.</param>
    /// <param name="hasStepValues">Whether each step has a value beside its channels.</param>
    /// <param name="hasBorderValues">Whether each step has a value for the table's border.</param>
    /// <exception cref="ArgumentException">All series together exceed what one array can hold.</exception>
    public SeriesPack(ReadOnlySpan<int> lengths, int channels, bool hasStepValues = false, bool hasBorderValues = false)
    {
        long steps = 0;
        foreach (int length in lengths) steps += length;
        if (steps * channels > Array.MaxLength)
        {
            throw new ArgumentException($"{lengths.Length} series of {steps} samples x {channels} channels in all exceed {Array.MaxLength} values; compute them in parts", nameof(lengths));
        }

        Channels = channels;
        Lengths = GC.AllocateUninitializedArray<int>(lengths.Length, pinned: true);
        Starts = GC.AllocateUninitializedArray<int>(lengths.Length, pinned: true);
        lengths.CopyTo(Lengths);
        int start = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            Starts[i] = start;
            start += lengths[i];
            LongestLength = Math.Max(LongestLength, lengths[i]);
        }

        Steps = start;
        Values = GC.AllocateUninitializedArray<T>(start * channels, pinned: true);
        StepValues = hasStepValues ? GC.AllocateUninitializedArray<T>(start, pinned: true) : null;
        BorderValues = hasBorderValues ? GC.AllocateUninitializedArray<T>(start, pinned: true) : null;
    }

    /// <summary>The number of series.</summary>
    public int Count => Lengths.Length;

    /// <summary>Channels of every step.</summary>
    public int Channels { get; }

    /// <summary>Steps of all series together.</summary>
    public int Steps { get; }

    /// <summary>The most steps of any series; 0 where there is none.</summary>
    public int LongestLength { get; }

    /// <summary>The channels of all steps.</summary>
    public T[] Values { get; }

    /// <summary>Steps of each series.</summary>
    public int[] Lengths { get; }

    /// <summary>The first step of each series.</summary>
    public int[] Starts { get; }

    /// <summary>One value for each step, which a rule reads as row or column value; null where none does.</summary>
    public T[]? StepValues { get; }

    /// <summary>What stands before each step in the border of an alignment table, where a rule's border is <see cref="WarpingBorder.Given"/>; null where none is.</summary>
    public T[]? BorderValues { get; }

    /// <summary>Values that are missing (NaN) and are to be skipped, as whoever packed the series counted them.</summary>
    public long MissingValues { get; set; }

    /// <summary>The values of one series, steps x channels.</summary>
    public Span<T> this[int series] => Values.AsSpan(Starts[series] * Channels, Lengths[series] * Channels);

    /// <summary>Bytes held.</summary>
    public unsafe long Bytes => ((long)Values.Length * sizeof(T)) + (((StepValues?.Length ?? 0L) + (BorderValues?.Length ?? 0L)) * sizeof(T)) + (Count * 2L * sizeof(int));

    /// <summary>A copy of consecutive series.</summary>
    public SeriesPack<T> Range(int first, int count)
    {
        SeriesPack<T> range = new(Lengths.AsSpan(first, count), Channels, StepValues is not null);
        if (count == 0) return range;
        Values.AsSpan(Starts[first] * Channels, range.Values.Length).CopyTo(range.Values);
        if (range.StepValues is { } values) StepValues.AsSpan(Starts[first], values.Length).CopyTo(values);
        return range;
    }

    /// <summary>One series as a matrix, steps x channels.</summary>
    public MatrixRef<T> Matrix(int series) => MatrixRef<T>.Of(this[series], Lengths[series], Channels);
}
