using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Rules;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Alignments of windows with the query, given up when they cannot be a match any more: a thread owns a window.</summary>
/// <remarks>As <see cref="SearchLanes{V, T, TCost}"/>, but each by itself: a device's thread may end before its neighbours do. One row of cells is kept.</remarks>
internal static class SearchAlignmentKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="windows">The windows as they are compared, length x stride.</param>
    /// <param name="chosen">Which of them.</param>
    /// <param name="keogh">The bounds of Keogh of all windows: what all rows cost at least.</param>
    /// <param name="query">The query's samples, then its lower and its upper envelope.</param>
    /// <param name="ranges">The first column of each row, then the one behind its last; neither ever goes back.</param>
    /// <param name="cells">Working memory of length x count elements.</param>
    /// <param name="values">Receives the end values; infinity where one was given up.</param>
    /// <param name="stride">All windows.</param>
    /// <param name="count">Those that are chosen.</param>
    /// <param name="length">Samples of a window.</param>
    /// <param name="limit">What reaches it is no match.</param>
    public static void Run<V, T, TCost>(
        ArrayView<T> windows, ArrayView<int> chosen, ArrayView<T> keogh, ArrayView<T> query, ArrayView<int> ranges, ArrayView<T> cells, ArrayView<T> values, int stride, int count, int length, T limit)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int at = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (at >= count) return;
        SearchColumn<V, T> x = new(windows, chosen[at], stride), row = new(cells, at, count), result = new(values, at, count);
        Symmetric1Rule<T> rule = default;
        V infinity = V.Constant(double.PositiveInfinity), most = V.Broadcast(limit), end = infinity;
        V all = V.Broadcast(keogh[chosen[at]]), passed = V.Constant(0), diagonal = V.Constant(0);
        int known = 0, begin = 0;
        for (int i = 0; i < length; i++)
        {
            V sample = x[i], left = infinity, least = infinity;
            int first = ranges[i], behind = ranges[length + i];
            if (i > 0) diagonal = first > begin && first <= known ? row[first - 1] : infinity;
            for (int j = first; j < behind; j++)
            {
                V above = j < known ? row[j] : infinity;
                left = TCost.Add(rule.Reach(diagonal, above, left), sample, V.Broadcast(query[j]));
                row[j] = left;
                least = V.MinNonNegative(least, left);
                diagonal = above;
            }

            // The rows to come cost at least what theirs is of the bound of Keogh.
            passed = BoundTerms<TCost, T>.AddKeogh(passed, sample, V.Broadcast(query[length + i]), V.Broadcast(query[(2L * length) + i]));
            if (!V.IsLess(least + (all - passed), most)) break;
            if (i == length - 1 && behind == length) end = left;
            (begin, known) = (first, behind);
        }

        result[0] = end;
    }
}
