using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>A similarity search of samples that are vectors, or that may be missing: blocks of windows, each window with one bound, and the alignments of those that it does not remove.</summary>
/// <remarks>
/// The bound of Keogh, added up over the channels, stands for the cascade of one whole channel, for a tighter one takes as long as a
/// window's alignment in the lanes of a vector; windows of a block are aligned in the order of their bounds, so that the first ones remove the rest. Windows are normalised and bounded in float64 on the calling
/// thread, and aligned as pairs of series on any engine. A window that holds a sample which propagates is no candidate. Memory: a
/// block of windows.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal sealed class SearchBlocks<T>
    where T : unmanaged
{
    /// <summary>Windows of a block, at most.</summary>
    private const int MostWindows = 4096;

    /// <summary>Bytes of a block's windows, at most.</summary>
    private const long BlockBytes = 64 << 20;

    /// <summary>Windows that are aligned before the rest of a block is compared with what they found: they fill the lanes of a vector on several threads.</summary>
    private const int FirstAligned = 256;

    private readonly Engine _engine;
    private readonly SearchProblem _problem;
    private readonly SeriesPack<T> _query;
    private readonly SeriesPack<T> _stream;
    private readonly RunSettings _settings;
    private readonly SearchBest _best;
    private readonly WarpingProblem _alignment;
    private readonly double _factor;
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly int _length;
    private readonly int _channels;
    private long _candidates;
    private long _completed;

    /// <summary>Prepares the query.</summary>
    /// <param name="engine">Who aligns.</param>
    /// <param name="problem">What is looked for.</param>
    /// <param name="query">Holds one series.</param>
    /// <param name="stream">Holds one series, at least as long, with as many channels.</param>
    /// <param name="settings">How to run.</param>
    /// <param name="best">Takes the matches.</param>
    public SearchBlocks(Engine engine, SearchProblem problem, SeriesPack<T> query, SeriesPack<T> stream, in RunSettings settings, SearchBest best)
    {
        (_engine, _problem, _stream, _settings, _best) = (engine, problem, stream, settings, best);
        (_length, _channels) = (query.Lengths[0], query.Channels);
        _query = new([_length], _channels);
        Normalize(query[0], _query[0]);
        _alignment = new() { Cost = problem.Cost, Window = problem.Window, SkipsMissing = problem.SkipsMissing };

        // Bounds are exact but for float64's rounding; an alignment rounds once for each step of its path and each channel of a cost.
        _factor = SearchLimit.Factor<T>(_length + _channels);
        (_lower, _upper) = (new double[_length * _channels], new double[_length * _channels]);
        FillEnvelope();
    }

    private double Limit => _problem.IsExhaustive ? double.PositiveInfinity : Element.ToDouble(SearchLimit.Of<T>(_best.Limit, _factor));

    /// <summary>Searches all windows.</summary>
    public DtwSearchLedger Run()
    {
        int windows = _stream.Lengths[0] - _length + 1;
        int block = (int)Math.Clamp(BlockBytes / ((long)_query.Values.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()), 1, Math.Min(windows, MostWindows));
        SeriesPack<T> samples = PackOf(block);
        int[] positions = new int[block];
        double[] bounds = new double[block];
        bool isBroken = !_problem.SkipsMissing && HoldsNonFinite(_query[0]);
        for (int first = 0; first < windows && !isBroken; first += block)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            int end = Math.Min(windows, first + block), count = 0;
            for (int at = first; at < end; at++)
            {
                ReadOnlySpan<T> window = _stream.Values.AsSpan(at * _channels, _length * _channels);
                if (!_problem.SkipsMissing && HoldsNonFinite(window)) continue;
                Normalize(window, samples[count]);
                bounds[count] = _problem.IsExhaustive ? 0 : Bound(samples[count]);
                positions[count++] = at;
            }

            Align(samples, positions, bounds.AsSpan(0, count));
            _candidates += count;
            _settings.Progress?.Report(end / (double)windows);
        }

        if (_settings.Trace is { } trace) trace.Tiling = $"blocks of {block} windows: bound of Keogh, then alignments by {trace.Tiling}";
        return new(_candidates, 0, _candidates - _completed, 0, 0, 0, 0, _completed);
    }

    private void Align(SeriesPack<T> samples, int[] positions, Span<double> bounds)
    {
        int[] order = [.. Enumerable.Range(0, bounds.Length)];
        bounds.Sort(order.AsSpan());
        for (int done = 0, step = FirstAligned; done < order.Length; step *= 4)
        {
            int end = (int)Math.Min(order.Length, (long)done + step);
            double limit = Limit;
            while (end > done && bounds[end - 1] >= limit) end--;
            if (end == done) break;
            Align(samples, positions, order.AsSpan(done, end - done));
            done = end;
        }
    }

    private void Align(SeriesPack<T> samples, int[] positions, ReadOnlySpan<int> candidates)
    {
        SeriesPack<T> windows = PackOf(candidates.Length);
        for (int k = 0; k < candidates.Length; k++) samples[candidates[k]].CopyTo(windows[k]);
        T[] values = new T[candidates.Length];
        Warping.Distances(_engine, _alignment, windows, _query, MatrixRef<T>.Of(values, values.Length, 1), _settings with { Progress = null });
        _completed += values.Length;
        for (int k = 0; k < values.Length; k++)
        {
            T distance = Lanes1<T>.Sum(WarpingFinishing.Apply<Lanes1<T>, T>(_problem.Finish, Lanes1<T>.Broadcast(values[k]), _length, _length));
            _best.Offer(new(Element.ToDouble(distance), positions[candidates[k]], Element.ToDouble(values[k])));
        }
    }

    /// <summary>What a window costs at least: of each sample the way to the least and greatest values that it may be matched with.</summary>
    private double Bound(ReadOnlySpan<T> window)
    {
        double sum = 0;
        for (int row = 0; row < _length; row++)
        {
            double cost = 0;
            for (int at = row * _channels; at < (row + 1) * _channels; at++)
            {
                double value = Element.ToDouble(window[at]);
                double beyond = value < _lower[at] ? _lower[at] - value : value > _upper[at] ? value - _upper[at] : 0;
                cost += _problem.Cost == PointCost.Absolute ? beyond : beyond * beyond;
            }

            sum += _problem.Cost == PointCost.Euclidean ? Math.Sqrt(cost) : cost;
        }

        return sum;
    }

    /// <summary>The least and greatest values of the query that each sample of a window may be matched with; without bounds where one is missing.</summary>
    private void FillEnvelope()
    {
        Array.Fill(_lower, double.PositiveInfinity);
        Array.Fill(_upper, double.NegativeInfinity);
        for (int row = 0; row < _length; row++)
        {
            RowRange range = _problem.Window.Row(row, _length, _length).Within(_length);
            for (int column = range.First; column < range.End; column++)
            {
                for (int c = 0; c < _channels; c++)
                {
                    double value = Element.ToDouble(_query.Values[(column * _channels) + c]);
                    ref double lower = ref _lower[(row * _channels) + c], upper = ref _upper[(row * _channels) + c];
                    lower = double.IsNaN(value) ? double.NegativeInfinity : Math.Min(lower, value);
                    upper = double.IsNaN(value) ? double.PositiveInfinity : Math.Max(upper, value);
                }
            }
        }
    }

    /// <summary>Gives every channel mean 0 and deviation 1 where the search normalises, by the samples that are not missing; a constant one becomes zeros.</summary>
    private void Normalize(ReadOnlySpan<T> samples, Span<T> target)
    {
        samples.CopyTo(target);
        for (int c = 0; c < _channels && _problem.ZNormalizes; c++)
        {
            (double mean, double scale) = Moments(samples, c);
            for (int at = c; at < samples.Length; at += _channels)
            {
                double value = Element.ToDouble(samples[at]);
                if (!double.IsNaN(value)) target[at] = Element.Of<T>((value - mean) * scale);
            }
        }
    }

    /// <summary>The mean of a channel's samples that are not missing, and the inverse of their deviation.</summary>
    private (double Mean, double Scale) Moments(ReadOnlySpan<T> samples, int channel)
    {
        double origin = double.NaN, sum = 0, squares = 0;
        int count = 0;
        for (int at = channel; at < samples.Length; at += _channels)
        {
            double value = Element.ToDouble(samples[at]);
            if (double.IsNaN(value)) continue;
            if (count++ == 0) origin = value;
            sum += value - origin;
        }

        double mean = origin + (sum / count);
        for (int at = channel; at < samples.Length; at += _channels)
        {
            double difference = Element.ToDouble(samples[at]) - mean;
            if (!double.IsNaN(difference)) squares += difference * difference;
        }

        return (mean, squares == 0 ? 0 : 1 / Math.Sqrt(squares / count));
    }

    private SeriesPack<T> PackOf(int windows)
    {
        int[] lengths = new int[windows];
        Array.Fill(lengths, _length);
        return new(lengths, _channels);
    }

    private static bool HoldsNonFinite(ReadOnlySpan<T> values)
    {
        foreach (T value in values)
        {
            if (!double.IsFinite(Element.ToDouble(value))) return true;
        }

        return false;
    }
}
