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

    /// <summary>The kernel; works with <see cref="Columns"/> sequences for each window, and gives <see cref="Stages"/> bounds: what follows one that reaches the limit is that one.</summary>
    /// <param name="search">The windows.</param>
    public static void Run<V, T, TCost>(SearchArguments<T> search)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int at = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (at >= search.Count) return;
        int window = search.Chosen[at];
        SearchColumn<V, T> x = new(search.Windows, window, search.Stride), result = new(search.Result, at, search.Count);
        SearchColumn<V, T> lower = Column<V, T>(search, 0, at), upper = Column<V, T>(search, 1, at);
        Slide(x, lower, search.Length, search.Radius, isUpper: false);
        Slide(x, upper, search.Length, search.Radius, isUpper: true);
        V limit = V.Broadcast(search.Limit), bound = Keogh<V, T, TCost>(Series<V, T>(search, 0), lower, upper, search.Length);
        result[0] = bound;
        if (V.IsLess(bound, limit)) bound = V.Broadcast(search.Keogh[window]) + OfProjection<V, T, TCost>(x, search, at);
        result[1] = bound;
        if (V.IsLess(bound, limit)) bound = Webb<V, T, TCost>(x, search, at);
        result[2] = bound;
    }

    /// <summary>A sequence that a thread works with.</summary>
    private static SearchColumn<V, T> Column<V, T>(SearchArguments<T> search, int column, int at)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new(search.Work, ((long)column * search.Length * search.Count) + at, search.Count);

    /// <summary>The query (0) or one of its envelopes.</summary>
    private static SearchColumn<V, T> Series<V, T>(SearchArguments<T> search, int index)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => new(search.Query, (long)index * search.Length, 1);

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

    /// <summary>What <see cref="Bounds{V, T, TCost}.Improved"/> adds to the window's own bound of Keogh; the envelopes in the first two columns stay.</summary>
    private static V OfProjection<V, T, TCost>(SearchColumn<V, T> x, SearchArguments<T> search, int at)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int length = search.Length, radius = search.Radius;
        SearchColumn<V, T> y = Series<V, T>(search, 0), yLower = Series<V, T>(search, 1), yUpper = Series<V, T>(search, 2);
        SearchColumn<V, T> projection = Column<V, T>(search, 2, at), lower = Column<V, T>(search, 3, at), upper = Column<V, T>(search, 4, at);
        for (int i = 0; i < length; i++) projection[i] = BoundTerms<TCost, T>.Project(x[i], yLower[i], yUpper[i]);
        Slide(projection, lower, length, radius, isUpper: false);
        Slide(projection, upper, length, radius, isUpper: true);
        return Keogh<V, T, TCost>(y, lower, upper, length);
    }

    /// <summary>As <see cref="Bounds{V, T, TCost}.Webb"/>; the window's own envelopes are in the first two columns.</summary>
    private static V Webb<V, T, TCost>(SearchColumn<V, T> x, SearchArguments<T> search, int at)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int length = search.Length, radius = search.Radius;
        SearchColumn<V, T> y = Series<V, T>(search, 0), yLower = Series<V, T>(search, 1), yUpper = Series<V, T>(search, 2);
        SearchColumn<V, T> yLowerOfUpper = Series<V, T>(search, 3), yUpperOfLower = Series<V, T>(search, 4);
        SearchColumn<V, T> lower = Column<V, T>(search, 0, at), upper = Column<V, T>(search, 1, at);
        SearchColumn<V, T> lowerOfUpper = Column<V, T>(search, 2, at), upperOfLower = Column<V, T>(search, 3, at);
        Slide(upper, lowerOfUpper, length, radius, isUpper: false);
        Slide(lower, upperOfLower, length, radius, isUpper: true);
        SearchColumn<V, T> blocksAbove = Column<V, T>(search, 4, at), blocksBelow = Column<V, T>(search, 5, at);
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
