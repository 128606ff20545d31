using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Matching;

/// <summary>Which candidates are relevant to a query: those of its class, or the one of its own index.</summary>
/// <param name="ClassOfQuery">By query: its class; null for pairs.</param>
/// <param name="Members">By class: its candidates in ascending order; empty for pairs.</param>
internal sealed record RetrievalRelevance(int[]? ClassOfQuery, int[][] Members)
{
    /// <summary>Pairs: candidate i alone is relevant to query i.</summary>
    public static RetrievalRelevance OfPairs { get; } = new(null, []);

    /// <summary>Relevance by labels.</summary>
    public static RetrievalRelevance Of(ReadOnlySpan<int> queries, ReadOnlySpan<int> candidates)
    {
        Dictionary<int, int> classes = [];
        List<List<int>> members = [];
        for (int j = 0; j < candidates.Length; j++)
        {
            if (classes.TryAdd(candidates[j], members.Count)) members.Add([]);
            members[classes[candidates[j]]].Add(j);
        }

        int[] ofQuery = new int[queries.Length];
        for (int i = 0; i < ofQuery.Length; i++)
        {
            if (classes.TryAdd(queries[i], members.Count)) members.Add([]);
            ofQuery[i] = classes[queries[i]];
        }

        return new(ofQuery, [.. members.Select(one => one.ToArray())]);
    }

    /// <summary>The candidates that are relevant to a query.</summary>
    public ReadOnlySpan<int> To(in int query) => ClassOfQuery is null ? new ReadOnlySpan<int>(in query) : Members[ClassOfQuery[query]];
}

/// <summary>Ranks what is relevant to each query as rows of similarities come, and keeps two numbers a query.</summary>
/// <remarks>
/// Among equal similarities what is not relevant ranks first, so that neither storage order nor constant scores help. The k-th
/// relevant candidate thus has rank k plus the number of others that are at least as similar.
/// </remarks>
/// <param name="host">Whose threads rank.</param>
/// <param name="relevance">What is relevant.</param>
/// <param name="queries">Queries in all.</param>
/// <param name="candidates">Candidates of each.</param>
/// <param name="threads">At most so many threads.</param>
internal sealed unsafe class RetrievalRanks<T>(HostEngine host, RetrievalRelevance relevance, int queries, int candidates, int threads) : IRowSink<T>
    where T : unmanaged, IComparable<T>
{
    /// <summary>By query: the mean over what is relevant of the share of relevant candidates up to it; NaN where nothing is.</summary>
    public double[] AveragePrecisions { get; } = new double[queries];

    /// <summary>By query: the rank of the first relevant candidate, from 1; 0 where nothing is.</summary>
    public int[] FirstRanks { get; } = new int[queries];

    /// <inheritdoc/>
    public void Accept(int first, int count, ReadOnlySpan<T> values)
    {
        fixed (T* rows = values) Rank(first, count, rows, candidates, 1);
    }

    /// <summary>The ranks of a matrix that is there: queries x candidates in host memory, any strides.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static RetrievalRanks<T> OfMatrix(HostEngine host, RetrievalRelevance relevance, MatrixRef<T> similarities, in RunSettings settings)
    {
        settings.Cancellation.ThrowIfCancellationRequested();
        RetrievalRanks<T> ranks = new(host, relevance, similarities.Rows, similarities.Columns, settings.Threads);
        fixed (T* values = similarities) ranks.Rank(0, similarities.Rows, values, similarities.RowStride, similarities.ColumnStride);
        return ranks;
    }

    private void Rank(int first, int count, T* values, long rowStride, long columnStride)
    {
        RankJob job = new() { Ranks = this, First = first, Values = values, RowStride = rowStride, ColumnStride = columnStride };
        host.Run(ref job, count, threads);
    }

    private void Rank(int query, T* similarities, long stride)
    {
        ReadOnlySpan<int> relevant = relevance.To(query);
        if (relevant.IsEmpty)
        {
            AveragePrecisions[query] = double.NaN;
            return;
        }

        T[] best = new T[relevant.Length];
        for (int r = 0; r < best.Length; r++) best[r] = similarities[relevant[r] * stride];
        Array.Sort(best, static (left, right) => right.CompareTo(left));

        // By place among the relevant ones: candidates that are at least as similar as that one, but not as the one before it.
        int[] reaching = new int[best.Length + 1];
        for (int j = 0; j < candidates; j++) reaching[FirstNotAbove(best, similarities[j * stride])]++;
        double precisions = 0;
        int reached = 0, ties = 0;
        for (int k = 0; k < best.Length; k++)
        {
            reached += reaching[k];
            if (ties <= k)
            {
                for (ties = k + 1; ties < best.Length && best[ties].CompareTo(best[k]) == 0;) ties++;
            }

            int rank = k + 1 + reached - ties;
            if (k == 0) FirstRanks[query] = rank;
            precisions += (k + 1.0) / rank;
        }

        AveragePrecisions[query] = precisions / best.Length;
    }

    /// <summary>The first of descending values that is not above another.</summary>
    private static int FirstNotAbove(T[] descending, T value)
    {
        int low = 0, high = descending.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (descending[middle].CompareTo(value) > 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private struct RankJob : IParallelJob
    {
        public RetrievalRanks<T> Ranks;
        public int First;
        public T* Values;
        public long RowStride;
        public long ColumnStride;

        public readonly void Run(int piece) => Ranks.Rank(First + piece, Values + (piece * RowStride), ColumnStride);
    }
}
