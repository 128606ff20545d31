using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Rules;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Alignments of one query with as many candidates of its length as a vector has lanes, abandoned when none of them can be a match any more.</summary>
/// <remarks>
/// Rows are the candidates' samples, one lane each; columns those of the query. What the rows still to come cost at least (the bound
/// of Keogh, summed from the end) is added to the least cell of a row (Rakthanmanon et al. 2012, section 4.2.4, who leave out a radius
/// of it because their bound runs along the other axis).
/// </remarks>
internal static unsafe class SearchLanes<V, T, TCost>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
{
    /// <summary>Elements of the candidates' samples, and of what their rows still cost.</summary>
    public static int RowsLength(int length) => (length + 1) * V.Count;

    /// <summary>What the rows from each one on cost at least.</summary>
    /// <param name="rows">length x lanes.</param>
    /// <param name="query">The query's envelope.</param>
    /// <param name="length">Samples.</param>
    /// <param name="remaining">Receives (length + 1) x lanes.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Remaining(T* rows, in BoundedSeries<T> query, int length, T* remaining)
    {
        V sum = V.Constant(0);
        V.Store(sum, remaining + (length * V.Count));
        for (int i = length - 1; i >= 0; i--)
        {
            sum = BoundTerms<TCost, T>.AddKeogh(sum, V.Load(rows + (i * V.Count)), V.Broadcast(query.Lower[i]), V.Broadcast(query.Upper[i]));
            V.Store(sum, remaining + (i * V.Count));
        }
    }

    /// <summary>Aligns them.</summary>
    /// <param name="rows">length x lanes.</param>
    /// <param name="remaining">(length + 1) x lanes: see <see cref="Remaining"/>.</param>
    /// <param name="query">The query, with its columns for each row.</param>
    /// <param name="cells">Working memory of (length + 1) x lanes.</param>
    /// <param name="limit">Lanes that reach it are no match; 0 in lanes without a candidate.</param>
    /// <param name="result">Receives the end values, where not abandoned.</param>
    /// <returns>Whether it came to the end.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static bool Align(T* rows, T* remaining, SearchQuery<T> query, T* cells, V limit, T* result)
    {
        Symmetric1Rule<T> rule = default;
        int length = query.Length;
        T* values = SearchQuery<T>.Address(query.Values);
        int* first = SearchQuery<T>.Address(query.First), end = SearchQuery<T>.Address(query.End);
        V infinity = V.Constant(double.PositiveInfinity);
        for (int j = 1; j <= length; j++) V.Store(infinity, cells + (j * V.Count));
        V.Store(V.Constant(0), cells);
        for (int i = 0; i < length; i++)
        {
            V sample = V.Load(rows + (i * V.Count)), left = infinity, least = infinity;
            T* cell = cells + (first[i] * V.Count);
            V diagonal = V.Load(cell);
            V.Store(infinity, cell);
            for (int j = first[i]; j < end[i]; j++)
            {
                cell += V.Count;
                V above = V.Load(cell);

                // The rule is symmetric in the three: what is known last goes where the fewest operations follow.
                left = TCost.Add(rule.Reach(diagonal, left, above), sample, V.Broadcast(values[j]));
                V.Store(left, cell);
                least = V.MinNonNegative(least, left);
                diagonal = above;
            }

            if (!V.AnyLess(least + V.Load(remaining + ((i + 1) * V.Count)), limit)) return false;
        }

        V.Store(V.Load(cells + (length * V.Count)), result);
        return true;
    }
}
