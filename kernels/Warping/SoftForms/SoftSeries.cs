using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>A set of series as soft kernels read them: centred, in the unit of costs, channel by channel, in both directions. Immutable.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class SoftSeries<T>
    where T : unmanaged
{
    private readonly T[] _forward;
    private readonly T[] _backward;
    private readonly long[] _starts;

    /// <summary>Prepares a set.</summary>
    /// <param name="series">The series.</param>
    /// <param name="centre">What is subtracted from every sample: any point among the data, so that large offsets cost no digits.</param>
    /// <param name="unit">The problem's unit of squared distances.</param>
    public SoftSeries(SeriesPack<T> series, ReadOnlySpan<double> centre, double unit)
    {
        Series = series;
        _starts = new long[series.Count];
        long size = SoftPair<T>.Padding;
        for (int i = 0; i < series.Count; i++)
        {
            _starts[i] = size;
            size += series.Channels * (long)SoftPair<T>.StrideOf(series.Lengths[i]);
        }

        if (size > Array.MaxLength - SoftPair<T>.Padding) throw new ArgumentException($"{series.Count} series of {series.Steps} samples x {series.Channels} channels exceed {Array.MaxLength} values once padded; compute them in parts", nameof(series));
        _forward = GC.AllocateArray<T>((int)size + SoftPair<T>.Padding, pinned: true);
        _backward = GC.AllocateArray<T>((int)size + SoftPair<T>.Padding, pinned: true);
        double scale = 1 / Math.Sqrt(unit);
        for (int i = 0; i < series.Count; i++) LargestSquare = Math.Max(LargestSquare, Fill(i, centre, scale));
    }

    /// <summary>The series as they were given.</summary>
    public SeriesPack<T> Series { get; }

    /// <summary>The largest squared length of a prepared sample, values that are not finite disregarded.</summary>
    public double LargestSquare { get; }

    /// <summary>Bytes held beside the series.</summary>
    public long Bytes => 2L * _forward.Length * sizeof(T);

    /// <summary>One series from its first sample.</summary>
    public T* Forward(int series) => Aligned(_forward) + _starts[series];

    /// <summary>One series from its last sample.</summary>
    public T* Backward(int series) => Aligned(_backward) + _starts[series];

    /// <summary>The mean of all finite values, channel by channel.</summary>
    public static double[] CentreOf(SeriesPack<T> series)
    {
        double[] centre = new double[series.Channels];
        int[] counts = new int[centre.Length];
        for (int step = 0; step < series.Steps; step++)
        {
            for (int c = 0; c < centre.Length; c++)
            {
                double value = Element.ToDouble(series.Values[(step * centre.Length) + c]);
                if (!double.IsFinite(value)) continue;
                centre[c] += value;
                counts[c]++;
            }
        }

        for (int c = 0; c < centre.Length; c++) centre[c] /= Math.Max(1, counts[c]);
        return centre;
    }

    /// <summary>The first multiple of a cache line within an array of the pinned heap.</summary>
    private static T* Aligned(T[] memory) =>
        (T*)(((nint)Unsafe.AsPointer(ref memory[0]) + Scratch.Alignment - 1) & ~(nint)(Scratch.Alignment - 1));

    private double Fill(int index, ReadOnlySpan<double> centre, double scale)
    {
        int length = Series.Lengths[index];
        nint stride = SoftPair<T>.StrideOf(length);
        ReadOnlySpan<T> samples = Series[index];
        T* forward = Forward(index), backward = Backward(index);
        double largest = 0;
        for (int step = 0; step < length; step++)
        {
            double square = 0;
            for (int c = 0; c < centre.Length; c++)
            {
                double value = (Element.ToDouble(samples[(step * centre.Length) + c]) - centre[c]) * scale;
                if (double.IsFinite(value)) square += value * value;
                forward[(c * stride) + step] = backward[(c * stride) + length - 1 - step] = Element.Of<T>(value);
            }

            largest = Math.Max(largest, square);
        }

        return largest;
    }
}
