using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Rules;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Alignments of windows with the query, given up when they cannot be a match any more: a thread owns a window.</summary>
/// <remarks>As <see cref="SearchLanes{V, T, TCost}"/>, but each by itself: a device's thread may end before its neighbours do. One row of cells is kept.</remarks>
internal static class SearchAlignmentKernel
{
    /// <summary>The kernel; works with one sequence for each window, and gives its end value, infinity where it was given up.</summary>
    /// <param name="search">The windows.</param>
    public static void Run<V, T, TCost>(SearchArguments<T> search)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int at = (Grid.IdxX * Group.DimX) + Group.IdxX;
        int length = search.Length, count = search.Count;
        if (at >= count) return;
        int window = search.Chosen[at];
        ArrayView<T> query = search.Query;
        SearchColumn<V, T> x = new(search.Windows, window, search.Stride), row = new(search.Work, at, count), result = new(search.Result, at, count);
        Symmetric1Rule<T> rule = default;
        V infinity = V.Constant(double.PositiveInfinity), most = V.Broadcast(search.Limit), end = infinity;
        V all = V.Broadcast(search.Keogh[window]), passed = V.Constant(0), diagonal = V.Constant(0);
        int known = 0, begin = 0;
        for (int i = 0; i < length; i++)
        {
            V sample = x[i], left = infinity, least = infinity;
            int first = search.Ranges[i], behind = search.Ranges[length + i];
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
