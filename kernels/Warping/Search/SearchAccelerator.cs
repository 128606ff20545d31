using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Devices;
using ILGPU;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A similarity search on an accelerator: tiles of windows, each with one bound, and the alignments of those that no bound removes. On the engine's lane.</summary>
/// <remarks>
/// One bound stands for the host's cascade: a device aligns thousands of windows in the time in which a cascade would sort a few out.
/// In a tile those of the least bounds are aligned first, so that the rest meet the best values. Memory: the samples of a tile's
/// windows, whatever the stream's length.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class SearchAccelerator<T>
    where T : unmanaged
{
    /// <summary>Bytes of a tile's windows: enough for every thread of a large device, and few milliseconds of work.</summary>
    private const long TileBytes = 128L << 20;

    /// <summary>Windows that are aligned before the rest of a tile is compared with what they found.</summary>
    private const int FirstAligned = 1024;

    private const int GroupThreads = 128;

    private readonly AcceleratorEngine _engine;
    private readonly SearchCall<T> _call;
    private readonly SearchQuery<T> _query;
    private readonly WarpingProblem _alignment;
    private readonly double _factor;
    private long _completed;

    /// <summary>Prepares the query.</summary>
    public SearchAccelerator(AcceleratorEngine engine, in SearchCall<T> call)
    {
        (_engine, _call) = (engine, call);
        _query = SearchQuery<T>.Prepare<Lanes1<T>>(call.Query.Span, call.Problem.Window, call.Problem.ZNormalizes);
        _alignment = new() { Cost = call.Problem.Cost, Window = call.Problem.Window };
        _factor = SearchLimit.Factor<T>(_query.Length);
    }

    private double Limit => _call.Problem.IsExhaustive ? double.PositiveInfinity : Element.ToDouble(SearchLimit.Of<T>(_call.Best.Limit, _factor));

    /// <summary>Searches all windows. A tile that finds no room is halved.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is no room for one window.</exception>
    public DtwSearchLedger Run()
    {
        int windows = _call.StreamLength - _query.Length + 1;
        int tile = (int)Math.Clamp(TileBytes / ((long)_query.Length * sizeof(T)), 1, windows);
        SeriesPack<T> pack = new([_query.Length], 1);
        _query.Values.CopyTo(pack.Values, 0);
        using DeviceSet<T> query = DeviceSet<T>.Upload(_engine, [pack], _call.Settings);
        using AcceleratorBuffer<T> envelope = Upload([.. _query.Lower, .. _query.Upper]);
        for (int first = 0; first < windows;)
        {
            _call.Settings.Cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(tile, windows - first);
            long before = _completed;
            try
            {
                Tile(first, count, query, envelope);
            }
            catch (DeviceOutOfMemoryException) when (count > 1)
            {
                // Matches that it had found are found again, and are the same.
                _completed = before;
                tile = (count + 1) / 2;
                _call.Settings.Trace?.Retries += 1;
                continue;
            }

            first += count;
            _call.Settings.Progress?.Report(first / (double)windows);
        }

        return new(windows, 0, windows - _completed, 0, 0, 0, 0, _completed);
    }

    private void Tile(int first, int count, DeviceSet<T> query, AcceleratorBuffer<T> envelope)
    {
        RunSettings settings = _call.Settings;
        int length = _query.Length;
        bool normalizes = _call.Problem.ZNormalizes;
        using AcceleratorBuffer<T> stream = Upload(new(_call.Stream + first, count + length - 1));
        using AcceleratorBuffer<T> moments = Upload(normalizes ? Moments(first, count) : [default]);
        using AcceleratorBuffer<T> samples = _engine.Rent<T>((long)count * length, settings.Operation);
        using AcceleratorBuffer<T> bounds = _engine.Rent<T>(count, settings.Operation);
        int group = Math.Min(GroupThreads, _engine.MaxGroupSize);
        SearchWindowKernels<T>.Of(_call.Problem.Cost).Launch(
            _engine, new KernelConfig((count + group - 1) / group, group), stream.View, moments.View, envelope.View, samples.View, bounds.View, count, length, normalizes, settings.Trace);
        settings.Trace?.Tiles += 1;
        _engine.Synchronize(settings.Trace);
        T[] least = new T[count];
        _engine.Download<T>(bounds, 0, least);
        (int[] order, double[] values) = Candidates(least);
        for (int done = 0, step = FirstAligned; done < order.Length; step *= 4)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(order.Length, done + step);
            double limit = Limit;
            while (end > done && values[end - 1] >= limit) end--;
            if (end == done) break;
            Align(order.AsSpan(done, end - done), first, count, query, samples);
            done = end;
        }
    }

    private (int[] Order, double[] Bounds) Candidates(T[] bounds)
    {
        double limit = Limit;
        int[] order = [.. Enumerable.Range(0, bounds.Length).Where(window => Element.ToDouble(bounds[window]) < limit)];
        double[] values = [.. order.Select(window => Element.ToDouble(bounds[window]))];
        Array.Sort(values, order);
        return (order, values);
    }

    private void Align(ReadOnlySpan<int> candidates, int first, int count, DeviceSet<T> query, AcceleratorBuffer<T> samples)
    {
        RunSettings settings = _call.Settings with { Progress = null };
        long[] starts = new long[candidates.Length];
        for (int k = 0; k < starts.Length; k++) starts[k] = candidates[k];
        DeviceSet<T> windows = DeviceSet<T>.Over(samples.View, starts, _query.Length, stepStride: count);
        T[] values = new T[candidates.Length];
        using (WarpingDevice<T> device = new(_engine, _alignment, windows, query, columns: -1, settings))
        {
            fixed (T* pointer = values)
            {
                device.Store(MatrixRef<T>.Of(values, values.Length, 1).At(pointer), isSymmetric: false);
            }
        }

        _completed += candidates.Length;
        for (int k = 0; k < values.Length; k++)
        {
            T distance = Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(_call.Problem.Finish, Lanes1<T>.Broadcast(values[k]), _query.Length, _query.Length));
            _call.Best.Offer(new(Element.ToDouble(distance), first + candidates[k], Element.ToDouble(values[k])));
        }
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

    private AcceleratorBuffer<T> Upload(ReadOnlySpan<T> values)
    {
        AcceleratorBuffer<T> buffer = _engine.Rent<T>(values.Length, _call.Settings.Operation);
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
