using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <summary>A set of series from the shortest to the longest; those of one length in the order they came.</summary>
internal sealed class LaneOrder
{
    private readonly bool[] _isMissing;

    private LaneOrder(int[] series, int[] lengths, bool[] isMissing) => (Series, Lengths, _isMissing) = (series, lengths, isMissing);

    /// <summary>The series by position.</summary>
    public int[] Series { get; }

    /// <summary>The steps of each, by position.</summary>
    public int[] Lengths { get; }

    /// <summary>The number of series.</summary>
    public int Count => Series.Length;

    /// <summary>Steps of the longest.</summary>
    public int Longest => Lengths[^1];

    /// <summary>Whether the series at a position holds a value that is not finite.</summary>
    public bool IsMissing(int position) => _isMissing[position];

    /// <summary>The order of a set.</summary>
    /// <param name="parts">The series, in one or more parts of the same lengths.</param>
    /// <param name="seeksMissing">Whether series that hold values that are not finite are to be marked.</param>
    public static LaneOrder Of<T>(SeriesPack<T>[] parts, bool seeksMissing)
        where T : unmanaged
    {
        SeriesPack<T> first = parts[0];
        int[] series = [.. Enumerable.Range(0, first.Count).OrderBy(i => first.Lengths[i])];
        bool[] isMissing = new bool[series.Length];
        for (int i = 0; seeksMissing && i < series.Length; i++) isMissing[i] = parts.Any(part => HoldsNonFinite<T>(part[series[i]]));
        return new(series, [.. series.Select(i => first.Lengths[i])], isMissing);
    }

    private static bool HoldsNonFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        foreach (T value in values)
        {
            if (!double.IsFinite(Element.ToDouble(value))) return true;
        }

        return false;
    }
}
