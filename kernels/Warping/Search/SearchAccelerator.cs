using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A similarity search on an accelerator: the host's cascade, tile by tile of windows. On the engine's lane.</summary>
/// <remarks>
/// All windows of a tile get the bounds of Kim and of Keogh at once. Those that stay are taken in the order of the latter, in batches
/// that grow, so that the first ones find what removes the rest: by the tighter bounds, then by giving up alignments. Memory: the
/// samples of a tile's windows and what a batch works with, whatever the stream's length.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class SearchAccelerator<T>
    where T : unmanaged
{
    /// <summary>Bytes of a tile's windows, and of a batch's working memory: enough for every thread of a large device, and few milliseconds of work.</summary>
    private const long TileBytes = 128L << 20;

    /// <summary>Windows that are aligned before the rest of a tile is compared with what they found.</summary>
    private const int FirstAligned = 1024;

    private const int GroupThreads = 128;

    private readonly AcceleratorEngine _engine;
    private readonly SearchCall<T> _call;
    private readonly SearchQuery<T> _query;
    private readonly SearchKernels<T> _kernels;
    private readonly double _factor;
    private readonly int _mostAligned;

    /// <summary>Prepares the query.</summary>
    public SearchAccelerator(AcceleratorEngine engine, in SearchCall<T> call)
    {
        (_engine, _call) = (engine, call);
        _query = SearchQuery<T>.Prepare<Lanes1<T>>(call.Query.Span, call.Problem.Window, call.Problem.ZNormalizes);
        _kernels = SearchKernels<T>.Of(call.Problem.Cost);
        _factor = SearchLimit.Factor<T>(_query.Length);
        _mostAligned = Within(SearchBoundKernel.Columns);
    }

    private T Limit => SearchLimit.Of<T>(_call.Problem.IsExhaustive ? double.PositiveInfinity : _call.Best.Limit, _factor);

    /// <summary>Searches all windows. A tile that finds no room is halved.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is no room for one window.</exception>
    public DtwSearchLedger Run()
    {
        int windows = _call.StreamLength - _query.Length + 1, tile = Math.Min(windows, Within(1));
        DtwSearchLedger sum = new(0, 0, 0, 0, 0, 0, 0, 0);
        using AcceleratorBuffer<T> query = Upload<T>([.. _query.Values, .. _query.Lower, .. _query.Upper, .. _query.LowerOfUpper, .. _query.UpperOfLower]);
        using AcceleratorBuffer<int> ranges = Upload<int>([.. _query.First, .. _query.End]);
        for (int first = 0; first < windows;)
        {
            _call.Settings.Cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(tile, windows - first);
            try
            {
                sum = sum.Plus(Tile(first, count, new() { Query = query.View, Ranges = ranges.View, Stride = count, Length = _query.Length, Radius = _query.Radius }));
            }
            catch (DeviceOutOfMemoryException) when (count > 1)
            {
                // Matches that it had found are found again, and are the same.
                tile = (count + 1) / 2;
                _call.Settings.Trace?.Retries += 1;
                continue;
            }

            first += count;
            _call.Settings.Progress?.Report(first / (double)windows);
        }

        return sum;
    }

    private DtwSearchLedger Tile(int first, int count, SearchArguments<T> search)
    {
        RunSettings settings = _call.Settings;
        int length = _query.Length;
        bool normalizes = _call.Problem.ZNormalizes;
        using AcceleratorBuffer<T> stream = Upload(new ReadOnlySpan<T>(_call.Stream + first, count + length - 1));
        using AcceleratorBuffer<T> moments = Upload<T>(normalizes ? Moments(first, count) : [default]);
        using AcceleratorBuffer<T> windows = _engine.Rent<T>((long)count * length, settings.Operation);
        using AcceleratorBuffer<T> bounds = _engine.Rent<T>(2L * count, settings.Operation);
        _kernels.Windows(_engine, Threads(count), stream.View, moments.View, search.Query, windows.View, bounds.View, count, length, normalizes, settings.Trace);
        settings.Trace?.Tiles += 1;
        _engine.Synchronize(settings.Trace);
        (search.Windows, search.Keogh) = (windows.View, bounds.View.SubView(count, count));
        T[] values = new T[2 * count];
        _engine.Download<T>(bounds, 0, values);
        (int[] order, double[] keogh, DtwSearchLedger ledger) = Candidates(values, count);
        for (int done = 0, step = FirstAligned; done < order.Length; step = Math.Min(4 * step, _mostAligned))
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            search.Limit = Limit;
            int end = Math.Min(order.Length, done + Math.Min(step, _mostAligned)), behind = end;
            while (end > done && keogh[end - 1] >= Element.ToDouble(search.Limit)) end--;
            DtwSearchLedger batch = Batch(order[done..end], first, search);

            // Where one is removed by the bound that they are ordered by, so are all behind it.
            if (end < behind) behind = order.Length;
            ledger = ledger.Plus(batch with { KeoghOfWindow = behind - end });
            done = behind;
        }

        return ledger;
    }

    /// <summary>The windows that the bounds of Kim and of Keogh leave, in the order of the latter.</summary>
    private (int[] Order, double[] Keogh, DtwSearchLedger Ledger) Candidates(T[] bounds, int count)
    {
        double limit = Element.ToDouble(Limit);
        int[] afterKim = [.. Enumerable.Range(0, count).Where(window => Element.ToDouble(bounds[window]) < limit)];
        int[] order = [.. afterKim.Where(window => Element.ToDouble(bounds[count + window]) < limit)];
        double[] keogh = [.. order.Select(window => Element.ToDouble(bounds[count + window]))];
        Array.Sort(keogh, order);
        return (order, keogh, new(count, count - afterKim.Length, afterKim.Length - order.Length, 0, 0, 0, 0, 0));
    }

    /// <summary>Takes some windows through the rest of the cascade.</summary>
    private DtwSearchLedger Batch(int[] left, int first, in SearchArguments<T> search)
    {
        DtwSearchLedger ledger = new(0, 0, 0, 0, 0, 0, 0, 0);
        if (left.Length > 0 && double.IsFinite(Element.ToDouble(search.Limit)))
        {
            T limit = search.Limit;
            int count = left.Length;
            T[] bounds = Launch(left, search, SearchBoundKernel.Columns, SearchBoundKernel.Stages, _kernels.Bounds);
            int[] stages = [.. Enumerable.Range(0, count).Select(k => Stage(bounds, k, count, limit))];
            left = [.. left.Where((_, k) => stages[k] == SearchBoundKernel.Stages)];
            ledger = ledger with { KeoghOfQuery = stages.AsSpan().Count(0), Improved = stages.AsSpan().Count(1), Webb = stages.AsSpan().Count(2) };
        }

        if (left.Length == 0) return ledger;
        T[] values = Launch(left, search, columns: 1, stages: 1, _kernels.Alignments);
        int completed = 0;
        for (int k = 0; k < values.Length; k++)
        {
            if (double.IsPositiveInfinity(Element.ToDouble(values[k]))) continue;
            completed++;
            T distance = Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(_call.Problem.Finish, Lanes1<T>.Broadcast(values[k]), _query.Length, _query.Length));
            _call.Best.Offer(new(Element.ToDouble(distance), first + left[k], Element.ToDouble(values[k])));
        }

        return ledger with { Abandoned = left.Length - completed, Completed = completed };
    }

    /// <summary>The first of a window's bounds that removes it; as many as there are where none does.</summary>
    private static int Stage(T[] bounds, int window, int count, T limit)
    {
        int stage = 0;
        while (stage < SearchBoundKernel.Stages && Element.ToDouble(bounds[(stage * count) + window]) < Element.ToDouble(limit)) stage++;
        return stage;
    }

    /// <summary>What a kernel gives for some windows.</summary>
    private T[] Launch(int[] chosen, SearchArguments<T> search, int columns, int stages, SearchLaunch<T> launch)
    {
        RunSettings settings = _call.Settings;
        T[] results = new T[stages * chosen.Length];
        using AcceleratorBuffer<int> places = Upload<int>(chosen);
        using AcceleratorBuffer<T> work = _engine.Rent<T>((long)columns * chosen.Length * _query.Length, settings.Operation);
        using AcceleratorBuffer<T> result = _engine.Rent<T>(results.Length, settings.Operation);
        (search.Chosen, search.Count, search.Work, search.Result) = (places.View, chosen.Length, work.View, result.View);
        launch(_engine, Threads(chosen.Length), search, settings.Trace);
        _engine.Synchronize(settings.Trace);
        _engine.Download<T>(result, 0, results);
        return results;
    }

    /// <summary>Threads whose sequences of a window's length fit the bytes of a tile.</summary>
    private int Within(int sequences) => (int)Math.Clamp(TileBytes / ((long)sequences * _query.Length * sizeof(T)), 1, int.MaxValue / 4);

    private KernelConfig Threads(int count)
    {
        int group = Math.Min(GroupThreads, _engine.MaxGroupSize);
        return new((count + group - 1) / group, group);
    }

    /// <summary>Centres, scales and shifts of windows.</summary>
    private T[] Moments(int first, int count)
    {
        T[] moments = new T[3L * count];
        double[] work = new double[SearchNormalization<T>.WorkLength(_query.Length)];
        fixed (double* pWork = work)
        fixed (T* pMoments = moments)
        {
            SearchNormalization<T>.Compute(_call.Stream, first, first + count, _query.Length, pWork, pMoments, pMoments + count, pMoments + (2L * count));
        }

        return moments;
    }

    private AcceleratorBuffer<TAny> Upload<TAny>(ReadOnlySpan<TAny> values)
        where TAny : unmanaged
    {
        AcceleratorBuffer<TAny> buffer = _engine.Rent<TAny>(values.Length, _call.Settings.Operation);
        try
        {
            _engine.Upload(values, buffer, 0);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
