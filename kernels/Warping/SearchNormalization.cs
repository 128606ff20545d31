using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

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
    public static int WorkLength(int length) => 2 * length;

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
        double origin = Element.ToDouble(stream[block + length - 1]), sum = 0, squares = 0;
        double* tailSums = work, tailSquares = work + length;
        for (int i = block + length - 1; i >= from; i--)
        {
            double difference = Element.ToDouble(stream[i]) - origin;
            sum += difference;
            squares += difference * difference;
            tailSums[i - block] = sum;
            tailSquares[i - block] = squares;
        }

        (sum, squares) = (0, 0);
        double perSample = 1.0 / length;
        T* next = stream + block + length;
        for (int i = block; i < to; i++)
        {
            if (i >= from)
            {
                double mean = (tailSums[i - block] + sum) * perSample, square = tailSquares[i - block] + squares;
                double deviation = Math.Sqrt((square * perSample) - (mean * mean));
                double inverse = square == 0 ? 0 : 1 / deviation;
                T rounded = Element.Of<T>(origin + mean);
                centre[i - from] = rounded;
                scale[i - from] = Element.Of<T>(inverse);
                shift[i - from] = Element.Of<T>((Element.ToDouble(rounded) - origin - mean) * inverse);
            }

            if (i + 1 == to) break;
            double difference = Element.ToDouble(*next++) - origin;
            sum += difference;
            squares += difference * difference;
        }
    }
}
