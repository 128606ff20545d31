using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.Search;

namespace FusionKernels;

/// <summary>Similarity search: where in a long stream is what resembles a query, under dynamic time warping?</summary>
/// <remarks>
/// <para>Every window of the query's length is a candidate. Lower bounds, from cheap to tight, remove nearly all of them; the others
/// are aligned, and given up as soon as they cannot be matches. The answer is always that of aligning every window, ties and
/// constant windows included: rounding never decides (Rakthanmanon et al. 2012, Lemire 2009, Webb and Petitjean 2021). Samples of
/// several channels are compared as vectors; for them, and for streams with missing samples, one bound (Keogh's) stands for the cascade.</para>
/// <para>Mean and deviation of a window are computed in float64, without running sums that drift, so neither the stream's length nor
/// its distance from 0 costs accuracy. Matches do not depend on the number of threads. Memory beside the stream: under a
/// megabyte per thread for queries of a few hundred samples; on a named accelerator a tile of windows and what a batch of them works with, 128 MiB each at most. Thread-safe.</para>
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
        if (options.Missing != MissingSamples.Reject && (SeriesPacking.HasNonFinite(query) || SeriesPacking.HasNonFinite(stream)))
        {
            return FindVectors(
                SeriesPacking.PackOne<T>(new(query), nameof(query), options.Missing), SeriesPacking.PackOne<T>(new(stream), nameof(stream), options.Missing), options);
        }

        using Execution execution = Execution.Begin<T>(options, HostExecution.Device, "DtwSearch.Find");
        SeriesPacking.RequireFinite(query, nameof(query));
        SeriesPacking.RequireFinite(stream, nameof(stream));
        SearchMatch[] matches = Warping.Search(
            execution.Engine, options.Problem(query.Length), query.ToArray(), stream, execution.Settings, out DtwSearchLedger ledger);
        return Told<T>(execution, matches, ledger, query.Length, stream.Length);
    }

    /// <summary>The same for tensors of any strides, and for samples of several channels.</summary>
    /// <param name="query">The query: time, or time x channels.</param>
    /// <param name="stream">The stream: time, or time x channels, as many as the query has.</param>
    /// <param name="options">How many, how far apart, normalisation, window, cost, threads; null for the defaults.</param>
    /// <exception cref="ArgumentException">As of spans; or a tensor is of a rank other than 1 and 2, or channels differ.</exception>
    /// <inheritdoc cref="Find{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, DtwSearchOptions?)"/>
    public static DtwSearchResult<T> Find<T>(Tensor<T> query, Tensor<T> stream, DtwSearchOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Find(query, nameof(query), stream, options ?? new());

    /// <summary>The same for many queries, one after the other; their lengths may differ.</summary>
    /// <param name="queries">The queries: each time, or time x channels.</param>
    /// <param name="stream">The stream: time, or time x channels, as many as the queries have.</param>
    /// <param name="options">How many, how far apart, normalisation, window, cost, threads; null for the defaults.</param>
    /// <returns>A result for each query.</returns>
    /// <inheritdoc cref="Find{T}(Tensor{T}, Tensor{T}, DtwSearchOptions?)"/>
    public static DtwSearchResult<T>[] Find<T>(IReadOnlyList<Tensor<T>> queries, Tensor<T> stream, DtwSearchOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(queries);
        DtwSearchResult<T>[] results = new DtwSearchResult<T>[queries.Count];
        options ??= new();
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Find(queries[i], $"{nameof(queries)}[{i}]", stream, options with { Progress = PartialProgress.Of(options.Progress, i, results.Length) });
        }

        return results;
    }

    private static DtwSearchResult<T> Find<T>(Tensor<T> query, string name, Tensor<T> stream, DtwSearchOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(query, name);
        ArgumentNullException.ThrowIfNull(stream);
        if (HasOneChannel(query) && HasOneChannel(stream)) return Find(SeriesPacking.OneChannel(query, name), SeriesPacking.OneChannel(stream, nameof(stream)), options);
        SeriesPack<T> packedQuery = SeriesPacking.PackOne<T>(query.AsReadOnlyTensorSpan(), name, options.Missing);
        SeriesPack<T> packedStream = SeriesPacking.PackOne<T>(stream.AsReadOnlyTensorSpan(), nameof(stream), options.Missing);
        SeriesPacking.RequireSameChannels(packedQuery, packedStream, name, nameof(stream));
        return FindVectors(packedQuery, packedStream, options);
    }

    private static bool HasOneChannel<T>(Tensor<T> series) => series.Rank == 1 || (series.Rank == 2 && series.Lengths[1] == 1);

    private static DtwSearchResult<T> FindVectors<T>(SeriesPack<T> query, SeriesPack<T> stream, DtwSearchOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = Execution.Begin<T>(options, HostExecution.Device, "DtwSearch.Find");
        execution.Skipped(query.MissingValues + stream.MissingValues);
        SearchMatch[] matches = Warping.Search(execution.Engine, options.Problem(query.Lengths[0]), query, stream, execution.Settings, out DtwSearchLedger ledger);
        return Told<T>(execution, matches, ledger, query.Lengths[0], stream.Values.Length);
    }

    /// <summary>The result, once whoever asked has been told what ran.</summary>
    private static DtwSearchResult<T> Told<T>(in Execution execution, SearchMatch[] matches, DtwSearchLedger ledger, int length, int values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        execution.Complete<T>("windows in the lanes", (double)(ledger.Completed + ledger.Abandoned) * length * length, (long)values * Kernels.Simd.Element.SizeOf<T>());
        return new([.. matches.Select(match => new DtwSearchMatch<T>(match.Position, T.CreateChecked(match.Distance)))], ledger);
    }
}
