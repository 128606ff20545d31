using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>
/// The tighter bounds of the windows that those of <see cref="SearchWindowKernel"/> left: of Keogh from the query to the window's
/// envelope, of Lemire, and of Webb and Petitjean, each where the one before it stays below the limit. A thread owns a window.
/// </summary>
/// <remarks>The same terms as the host's <see cref="Bounds{V, T, TCost}"/>, with the windows in the lanes in place of time; envelopes are those of the window itself.</remarks>
internal static class SearchBoundKernel
{
    /// <summary>Sequences of a window's length that a thread works with.</summary>
    public const int Columns = 6;

    /// <summary>Bounds of a window.</summary>
    public const int Stages = 3;

    /// <summary>The kernel.</summary>
    /// <param name="windows">The windows as they are compared, length x stride.</param>
    /// <param name="chosen">Which of them.</param>
    /// <param name="keogh">The bounds of Keogh of all windows.</param>
    /// <param name="query">The query's samples, its lower and its upper envelope, the lower one of the upper and the upper one of the lower.</param>
    /// <param name="work">Working memory of <see cref="Columns"/> x length x count elements.</param>
    /// <param name="bounds">Receives the bounds, <see cref="Stages"/> x count; what follows one that reaches the limit is that one.</param>
    /// <param name="stride">All windows.</param>
    /// <param name="count">Those that are chosen.</param>
    /// <param name="length">Samples of a window.</param>
    /// <param name="radius">The greatest |row - column| within the band.</param>
    /// <param name="limit">A bound that reaches it removes the window.</param>
    public static void Run<V, T, TCost>(
        ArrayView<T> windows, ArrayView<int> chosen, ArrayView<T> keogh, ArrayView<T> query, ArrayView<T> work, ArrayView<T> bounds, int stride, int count, int length, int radius, T limit)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int at = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (at >= count) return;
        long column = (long)length * count;
        SearchColumn<V, T> x = new(windows, chosen[at], stride), y = new(query, 0, 1), result = new(bounds, at, count);
        SearchColumn<V, T> lower = new(work, at, count), upper = new(work, column + at, count);
        Slide(x, lower, length, radius, isUpper: false);
        Slide(x, upper, length, radius, isUpper: true);
        V most = V.Broadcast(limit), bound = Keogh<V, T, TCost>(y, lower, upper, length);
        result[0] = bound;
        if (V.IsLess(bound, most)) bound = Improved<V, T, TCost>(x, V.Broadcast(keogh[chosen[at]]), query, work, column, at, count, length, radius);
        result[1] = bound;
        if (V.IsLess(bound, most)) bound = Webb<V, T, TCost>(x, query, work, column, at, count, length, radius);
        result[2] = bound;
    }

    /// <summary>The least or greatest of every element and those at most a radius away, by two runs through blocks of that span (van Herk 1992).</summary>
    private static void Slide<V, T>(SearchColumn<V, T> source, SearchColumn<V, T> result, int length, int radius, bool isUpper)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        int span = (2 * radius) + 1;
        V neutral = isUpper ? V.Constant(double.NegativeInfinity) : V.Constant(double.PositiveInfinity);
        for (int block = 0; block < length; block += span)
        {
            // What a sample's neighbourhood has of the block of neighbours that it begins in, then of the next one.
            int count = Math.Min(span, length - block), last = Math.Min(span - 1, length - 1 - block + radius);
            V extreme = neutral;
            for (int k = last; k >= 0; k--)
            {
                int place = block - radius + k;
                if (place >= 0) extreme = isUpper ? V.Max(extreme, source[place]) : V.Min(extreme, source[place]);
                if (k < count) result[block + k] = extreme;
            }

            extreme = neutral;
            for (int k = 1; k < count; k++)
            {
                int place = block + radius + k;
                if (place < length) extreme = isUpper ? V.Max(extreme, source[place]) : V.Min(extreme, source[place]);
                result[block + k] = isUpper ? V.Max(extreme, result[block + k]) : V.Min(extreme, result[block + k]);
            }
        }
    }

    private static V Keogh<V, T, TCost>(SearchColumn<V, T> samples, SearchColumn<V, T> lower, SearchColumn<V, T> upper, int length)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        V sum = V.Constant(0);
        for (int i = 0; i < length; i++) sum = BoundTerms<TCost, T>.AddKeogh(sum, samples[i], lower[i], upper[i]);
        return sum;
    }

    /// <summary>As <see cref="Bounds{V, T, TCost}.Improved"/>; the window's own envelopes, in the first two columns, stay.</summary>
    private static V Improved<V, T, TCost>(
        SearchColumn<V, T> x, V keogh, ArrayView<T> query, ArrayView<T> work, long column, int at, int count, int length, int radius)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        SearchColumn<V, T> y = new(query, 0, 1), yLower = new(query, length, 1), yUpper = new(query, 2L * length, 1);
        SearchColumn<V, T> projection = new(work, (2 * column) + at, count), lower = new(work, (3 * column) + at, count), upper = new(work, (4 * column) + at, count);
        for (int i = 0; i < length; i++) projection[i] = BoundTerms<TCost, T>.Project(x[i], yLower[i], yUpper[i]);
        Slide(projection, lower, length, radius, isUpper: false);
        Slide(projection, upper, length, radius, isUpper: true);
        return keogh + Keogh<V, T, TCost>(y, lower, upper, length);
    }

    /// <summary>As <see cref="Bounds{V, T, TCost}.Webb"/>; the window's own envelopes are in the first two columns.</summary>
    private static V Webb<V, T, TCost>(SearchColumn<V, T> x, ArrayView<T> query, ArrayView<T> work, long column, int at, int count, int length, int radius)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        SearchColumn<V, T> y = new(query, 0, 1), yLower = new(query, length, 1), yUpper = new(query, 2L * length, 1);
        SearchColumn<V, T> yLowerOfUpper = new(query, 3L * length, 1), yUpperOfLower = new(query, 4L * length, 1);
        SearchColumn<V, T> lower = new(work, at, count), upper = new(work, column + at, count);
        SearchColumn<V, T> lowerOfUpper = new(work, (2 * column) + at, count), upperOfLower = new(work, (3 * column) + at, count);
        Slide(upper, lowerOfUpper, length, radius, isUpper: false);
        Slide(lower, upperOfLower, length, radius, isUpper: true);
        SearchColumn<V, T> blocksAbove = new(work, (4 * column) + at, count), blocksBelow = new(work, (5 * column) + at, count);
        bool hasEnds = length >= BoundTerms<TCost, T>.ShortestWithEnds && radius >= 1;
        int first = hasEnds ? BoundTerms<TCost, T>.EndSamples : 0, end = length - first;
        V sum = V.Constant(0), zero = V.Constant(0), one = V.Constant(1);
        for (int i = 0; i < length; i++)
        {
            V above = zero, below = zero;
            if (i >= first && i < end)
            {
                sum = BoundTerms<TCost, T>.AddKeogh(sum, x[i], yLower[i], yUpper[i]);
                V isBelow = V.SelectLess(x[i], yLower[i], one, zero), isAbove = V.SelectLess(yUpper[i], x[i], one, zero);
                above = isAbove + (isBelow * V.SelectLess(lowerOfUpper[i], yLower[i], one, zero));
                below = isBelow + (isAbove * V.SelectLess(yUpper[i], upperOfLower[i], one, zero));
            }

            blocksAbove[i] = above;
            blocksBelow[i] = below;
        }

        SearchColumn<V, T> aboveIsBound = lowerOfUpper, belowIsBound = upperOfLower;
        Slide(blocksAbove, aboveIsBound, length, radius, isUpper: true);
        Slide(blocksBelow, belowIsBound, length, radius, isUpper: true);
        for (int j = first; j < end; j++)
        {
            sum += BoundTerms<TCost, T>.Allowance(y[j], upper[j], yUpperOfLower[j], aboveIsBound[j], one);
            sum += BoundTerms<TCost, T>.Allowance(y[j], lower[j], yLowerOfUpper[j], belowIsBound[j], zero - one);
        }

        if (!hasEnds) return sum;
        int last = length - 1;
        sum += BoundTerms<TCost, T>.EndPaths(x[0], x[1], x[2], y[0], y[1], y[2], radius >= 2);
        return sum + BoundTerms<TCost, T>.EndPaths(x[last], x[last - 1], x[last - 2], y[last], y[last - 1], y[last - 2], radius >= 2);
    }
}
