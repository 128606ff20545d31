using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>
/// Mean and standard deviation (of the population) of every window of a stream, as what a sample is normalised by:
/// (sample - centre) * scale + shift. Constant windows, and so near to constant that their squares vanish, become zeros.
/// </summary>
/// <remarks>
/// In float64, with no running sum that could drift: with blocks as long as a window, every window is the tail of one block and the
/// head of the next. Sums are around the block's last sample, which all windows that begin in the block hold; so the variance, their
/// difference, loses at most 2 log2(length) bits however far the stream is from 0. A window's numbers do not depend on what else is
/// asked for. The centre is the mean rounded to the element, and the shift what that left out.
/// </remarks>
internal static unsafe class SearchNormalization<T>
    where T : unmanaged
{
    /// <summary>Elements of float64 working memory for windows of a length.</summary>
    public static int WorkLength(int length) => 8 * (length + 1);

    /// <summary>Computes those of the windows from <paramref name="first"/> to <paramref name="end"/> - 1.</summary>
    /// <param name="stream">The stream, from its begin.</param>
    /// <param name="first">The first window.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="length">Samples of a window.</param>
    /// <param name="work">Working memory of <see cref="WorkLength"/>.</param>
    /// <param name="centre">Receives the centre of each window.</param>
    /// <param name="scale">Receives the scales.</param>
    /// <param name="shift">Receives the shifts.</param>
    public static void Compute(T* stream, int first, int end, int length, double* work, T* centre, T* scale, T* shift)
    {
        for (int block = first - (first % length); block < end; block += length)
        {
            int from = Math.Max(block, first), to = (int)Math.Min((long)block + length, end);
            Block(stream, block, from, to, length, work, centre + (from - first), scale + (from - first), shift + (from - first));
        }
    }

    /// <summary>The same for one series as a whole, normalised into <paramref name="result"/>, which may be the series.</summary>
    public static void Normalize(T* series, int length, T* result)
    {
        double origin = Element.ToDouble(series[0]), sum = 0, squares = 0;
        for (int i = 0; i < length; i++) sum += Element.ToDouble(series[i]) - origin;
        double mean = sum / length;
        for (int i = 0; i < length; i++)
        {
            double difference = Element.ToDouble(series[i]) - origin - mean;
            squares += difference * difference;
        }

        double scale = squares == 0 ? 0 : 1 / Math.Sqrt(squares / length);
        for (int i = 0; i < length; i++) result[i] = Element.Of<T>((Element.ToDouble(series[i]) - origin - mean) * scale);
    }

    private static void Block(T* stream, int block, int from, int to, int length, double* work, T* centre, T* scale, T* shift)
    {
        double* tail = work, head = tail + length + 1, tailSums = head + length + 1, tailSquares = tailSums + length + 1;
        double* headSums = tailSquares + length + 1, headSquares = headSums + length + 1, means = headSquares + length + 1, inverses = means + length + 1;
        int behind = to - 1 - block;
        Widen(stream + block, tail, length);
        Widen(stream + block + length, head, behind);
        new Span<double>(head + behind, length - behind).Clear();
        double origin = tail[length - 1];
        Sums(tail, head, length, origin, tailSums, tailSquares, headSums, headSquares);
        int skipped = from - block, windows = to - from;
        Moments(tailSums + skipped, tailSquares + skipped, headSums + skipped, headSquares + skipped, windows, length, origin, means, inverses);
        Narrow(means, centre, windows);
        Narrow(inverses, scale, windows);

        // What rounding left out of the centres, into the head's place: it is not needed any more.
        Widen(centre, head, windows);
        Shifts(head, tailSums + skipped, headSums + skipped, inverses, windows, length, origin);
        Narrow(head, shift, windows);
    }

    /// <summary>Sums of differences and their squares: from each sample to the tail's end, and from the head's begin to before each sample.</summary>
    /// <remarks>Both directions in one loop, for a chain of additions waits for itself.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sums(
        double* tail, double* head, int length, double origin, double* tailSums, double* tailSquares, double* headSums, double* headSquares)
    {
        double tailSum = 0, tailSquare = 0, headSum = 0, headSquare = 0;
        for (int i = 0, j = length - 1; i < length; i++, j--)
        {
            (headSums[i], headSquares[i]) = (headSum, headSquare);
            double inHead = head[i] - origin, inTail = tail[j] - origin;
            headSum += inHead;
            headSquare += inHead * inHead;
            tailSum += inTail;
            tailSquare += inTail * inTail;
            (tailSums[j], tailSquares[j]) = (tailSum, tailSquare);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Moments(
        double* tailSums, double* tailSquares, double* headSums, double* headSquares, int windows, int length, double origin, double* means, double* inverses)
    {
        double perSample = 1.0 / length;
        int i = 0;
        for (; i <= windows - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> mean = (Vector.Load(tailSums + i) + Vector.Load(headSums + i)) * perSample, squares = Vector.Load(tailSquares + i) + Vector.Load(headSquares + i);
            Vector<double> inverse = Vector<double>.One / Vector.SquareRoot((squares * perSample) - (mean * mean));
            Vector.Store(mean + new Vector<double>(origin), means + i);
            Vector.Store(Vector.ConditionalSelect(Vector.Equals(squares, Vector<double>.Zero), Vector<double>.Zero, inverse), inverses + i);
        }

        for (; i < windows; i++)
        {
            double mean = (tailSums[i] + headSums[i]) * perSample, squares = tailSquares[i] + headSquares[i];
            means[i] = mean + origin;
            inverses[i] = squares == 0 ? 0 : 1 / Math.Sqrt((squares * perSample) - (mean * mean));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Shifts(double* centres, double* tailSums, double* headSums, double* inverses, int windows, int length, double origin)
    {
        double perSample = 1.0 / length;
        int i = 0;
        for (; i <= windows - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> mean = (Vector.Load(tailSums + i) + Vector.Load(headSums + i)) * perSample;
            Vector.Store((Vector.Load(centres + i) - new Vector<double>(origin) - mean) * Vector.Load(inverses + i), centres + i);
        }

        for (; i < windows; i++) centres[i] = (centres[i] - origin - ((tailSums[i] + headSums[i]) * perSample)) * inverses[i];
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Widen(T* source, double* destination, int count)
    {
        int i = 0;
        if (typeof(T) == typeof(float))
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Widen(Vector.Load((float*)source + i), out Vector<double> low, out Vector<double> high);
                Vector.Store(low, destination + i);
                Vector.Store(high, destination + i + Vector<double>.Count);
            }
        }

        for (; i < count; i++) destination[i] = Element.ToDouble(source[i]);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(double* source, T* destination, int count)
    {
        int i = 0;
        if (typeof(T) == typeof(float))
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Store(Vector.Narrow(Vector.Load(source + i), Vector.Load(source + i + Vector<double>.Count)), (float*)destination + i);
            }
        }

        for (; i < count; i++) destination[i] = Element.Of<T>(source[i]);
    }
}
