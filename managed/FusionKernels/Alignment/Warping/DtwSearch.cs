using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;

namespace FusionKernels;

/// <summary>Similarity search: where in a long stream is what resembles a query, under dynamic time warping?</summary>
/// <remarks>
/// <para>Every window of the query's length is a candidate. Lower bounds, from cheap to tight, remove nearly all of them; the others
/// are aligned, and given up as soon as they cannot be matches. The answer is always that of aligning every window, ties and
/// constant windows included: rounding never decides (Rakthanmanon et al. 2012, Lemire 2009, Webb and Petitjean 2021).</para>
/// <para>Mean and deviation of a window are computed in float64, without running sums that drift, so neither the stream's length nor
/// its distance from 0 costs accuracy. Matches do not depend on the number of threads. Memory beside the stream: under a
/// megabyte per thread for queries of a few hundred samples; on a named accelerator, where one bound stands for the cascade, a tile of windows. Thread-safe.</para>
/// </remarks>
public static class DtwSearch
{
    /// <summary>The windows of a stream that are nearest to a query.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="query">The query, at least one sample of one channel.</param>
    /// <param name="stream">The stream, at least as long.</param>
    /// <param name="options">How many, how far apart, normalisation, window, cost, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">The query is empty or longer than the stream, a sample is not finite (its place is named), an option is out of its range, or the window is no band.</exception>
    /// <exception cref="NotSupportedException">The device lacks the element, or it is neither float nor double.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static DtwSearchResult<T> Find<T>(ReadOnlySpan<T> query, ReadOnlySpan<T> stream, DtwSearchOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        using Execution execution = Execution.Begin<T>(options, HostExecution.Device, "DtwSearch.Find");
        SeriesPacking.RequireFinite(query, nameof(query));
        SeriesPacking.RequireFinite(stream, nameof(stream));
        SearchMatch[] matches = Warping.Search(
            execution.Engine, options.Problem(query.Length), query.ToArray(), stream, execution.Settings, out DtwSearchLedger ledger);
        if (execution.IsReported)
        {
            execution.Complete<T>("windows in the lanes", (double)(ledger.Completed + ledger.Abandoned) * query.Length * query.Length, (long)stream.Length * Kernels.Simd.Element.SizeOf<T>());
        }

        return new([.. matches.Select(match => new DtwSearchMatch<T>(match.Position, T.CreateChecked(match.Distance)))], ledger);
    }

    /// <summary>The same for tensors of any strides.</summary>
    /// <param name="query">The query: time, or time x 1.</param>
    /// <param name="stream">The stream: time, or time x 1.</param>
    /// <param name="options">How many, how far apart, normalisation, window, cost, threads; null for the defaults.</param>
    /// <inheritdoc cref="Find{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwSearchOptions?)"/>
    public static DtwSearchResult<T> Find<T>(Tensor<T> query, Tensor<T> stream, DtwSearchOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Find<T>(SeriesPacking.OneChannel(query, nameof(query)), SeriesPacking.OneChannel(stream, nameof(stream)), options);

    /// <summary>The same for many queries, one after the other; their lengths may differ.</summary>
    /// <param name="queries">The queries: each time, or time x 1.</param>
    /// <param name="stream">The stream: time, or time x 1.</param>
    /// <param name="options">How many, how far apart, normalisation, window, cost, threads; null for the defaults.</param>
    /// <returns>A result for each query.</returns>
    /// <inheritdoc cref="Find{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwSearchOptions?)"/>
    public static DtwSearchResult<T>[] Find<T>(IReadOnlyList<Tensor<T>> queries, Tensor<T> stream, DtwSearchOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(queries);
        ReadOnlySpan<T> samples = SeriesPacking.OneChannel(stream, nameof(stream));
        DtwSearchResult<T>[] results = new DtwSearchResult<T>[queries.Count];
        for (int i = 0; i < results.Length; i++) results[i] = Find(SeriesPacking.OneChannel(queries[i], $"{nameof(queries)}[{i}]"), samples, options);
        return results;
    }
}
