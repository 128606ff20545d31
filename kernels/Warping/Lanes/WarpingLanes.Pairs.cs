using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <content>One series of x against the group: strip by strip.</content>
internal sealed unsafe partial class WarpingLanes<V, T, TCost, TRule>
{
    /// <summary>Whether three channels are computed two rows at a time, a column apart: 16 registers hold no more.</summary>
    private bool IsSkewed => TRule.AddsCost && TCost.IsSum && _x[0].Channels == 3 && V.Count * sizeof(T) < 64;

    /// <summary>
    /// Rows of a strip at most: the more a cell computes, the fewer chains keep the units busy, and the fewer the compiler takes.
    /// Only 512 bits come with registers for six, of one channel or three; in a window every row more widens the strip's edges.
    /// </summary>
    private int MostRows
    {
        get
        {
            if (TRule.ReadsSamples || TRule.ReadsValues || TRule.ReadsLag) return 2;
            if (IsSkewed) return _isWindowed ? 2 : LaneGroup<T>.MostRows;
            bool isSix = V.Count * sizeof(T) == 64 && TRule.AddsCost && TCost.IsSum && _x[0].Channels is (1 or 3);
            return isSix && !_isWindowed ? 6 : 4;
        }
    }

    private static T Infinity => Element.Of<T>(double.PositiveInfinity);

    /// <summary>The end values of a series against those in the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Align(in LaneGroup<T> group, SeriesPack<T> x, int series, T* ends)
    {
        int rows = x.Lengths[series];
        ReadOnlySpan<T> samples = x[series];
        fixed (T* values = x.StepValues is { } steps ? steps.AsSpan(x.Starts[series], rows) : default,
            borders = x.BorderValues is { } given ? given.AsSpan(x.Starts[series], rows) : default)
        {
            StripArguments<T> strip = new()
            {
                X = group.X,
                RowValues = values,
                RowBorders = borders,
                Y = group.Y,
                ColumnValues = group.ColumnValues,
                Border = group.Border,
                Costs = group.Costs,
                State = group.State,
                Lags = group.Lags + ((nint)rows * Lanes),
                Firsts = group.Firsts,
                Ends = group.Ends,
                Channels = x.Channels,
            };
            T border = TRule.Border == WarpingBorder.Wall ? Infinity : default;
            LaneSpan span = Begin(group);
            int most = MostRows;
            bool isSkewed = IsSkewed;
            for (int row = 0; row < rows; row += strip.Rows)
            {
                int left = rows - row, count = strip.Rows = left >= most ? most : isSkewed && left > 1 ? left & ~1 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
                LaneSpan next = Span(group, row, count);
                if (_isWindowed) FillOutside(group, span, next);
                span = next;
                CopySamples(samples, row, count, strip.X, x.Channels);
                border = BeginStrip(strip, row, span.Low, border);
                Sweep(&strip, span);
                strip.RowValues += count;
                strip.RowBorders += count;
                strip.Lags -= (nint)count * Lanes;
                strip.Firsts += (nint)count * Lanes;
                strip.Ends += (nint)count * Lanes;
            }

            for (int lane = 0; lane < Lanes; lane++)
            {
                int last = group.Lengths[lane] - 1;
                ends[lane] = last >= span.Low && last < span.High ? group.Border[((nint)last * Lanes) + lane] : Infinity;
            }
        }
    }

    /// <summary>The columns that a strip computes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LaneSpan Span(in LaneGroup<T> group, int row, int count)
    {
        if (!_isWindowed) return new(0, 0, group.Longest, group.Longest);
        LaneSpan span = LaneSpan.None;
        for (int i = row; i < row + count; i++) span = span.With(group.Spans[i]);
        return span.High > 0 ? span : default;
    }

    /// <summary>Lays out what stands above the first row; returns the columns for which that is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private LaneSpan Begin(in LaneGroup<T> group)
    {
        LaneSpan span = Span(group, 0, 1);
        V outside = V.Broadcast(Infinity);
        for (int part = 0; part < Lanes; part += V.Count)
        {
            V value = V.Broadcast(TRule.Border == WarpingBorder.Wall ? Infinity : default);
            for (int j = span.Low; j < span.High; j++)
            {
                nint position = ((nint)j * Lanes) + part;
                V cell = TRule.Border == WarpingBorder.Given ? V.Load(group.ColumnBorders + position) : value;
                if (_isWindowed && TRule.Border == WarpingBorder.Zero)
                {
                    V column = V.Constant(j);
                    cell = V.SelectLess(column, V.Load(group.Ends + part), cell, outside);
                    cell = V.SelectLess(column, V.Load(group.Firsts + part), outside, cell);
                }

                V.Store(cell, group.Border + position);
            }
        }

        return span;
    }

    /// <summary>Where the next strip looks above it beyond the columns of the last one there is nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillOutside(in LaneGroup<T> group, LaneSpan last, LaneSpan next)
    {
        Fill(group, next.Low - 1, Math.Min(last.Low, next.High));
        Fill(group, Math.Max(next.Low - 1, last.High), next.High);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(in LaneGroup<T> group, int from, int to)
    {
        if (from < to) new Span<T>(group.Border + ((nint)from * Lanes), (to - from) * Lanes).Fill(Infinity);
    }

    /// <summary>The samples of a strip's rows, channel by channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopySamples(ReadOnlySpan<T> samples, int row, int count, T* target, int channels)
    {
        for (int r = 0; r < count; r++)
        {
            ReadOnlySpan<T> sample = samples.Slice((row + r) * channels, channels);
            for (int c = 0; c < channels; c++) target[(c * LaneGroup<T>.MostRows) + r] = sample[c];
        }
    }

    /// <summary>Lays out the cells left of a strip; returns the border's value beside its last row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private T BeginStrip(in StripArguments<T> strip, int row, int low, T border)
    {
        // A given border goes on from the row before, any other one is the same beside every row.
        for (int r = -1; r < strip.Rows; r++)
        {
            if (TRule.Border == WarpingBorder.Given && r >= 0) border = strip.RowBorders[r];
            for (int part = 0; part < Lanes; part += V.Count)
            {
                V cell = low > 0
                    ? r >= 0 ? V.Broadcast(Infinity) : V.Load(strip.Border + ((nint)(low - 1) * Lanes) + part)
                    : row == 0 && r < 0 ? Corner(strip, part) : BorderCell(strip, r, part, border);
                V.Store(cell, strip.State + ((r + 1) * Lanes) + part);
            }
        }

        return border;
    }

    /// <summary>The cell before the first column of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V BorderCell(in StripArguments<T> strip, int row, int part, T border)
    {
        V value = V.Broadcast(border);
        return _isWindowed && TRule.Border == WarpingBorder.Zero
            ? V.SelectLess(V.Constant(0), V.Load(strip.Firsts + (row * Lanes) + part), V.Broadcast(Infinity), value)
            : value;
    }

    /// <summary>The cell before the first row and column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Corner(in StripArguments<T> strip, int part)
    {
        V zero = V.Constant(0);
        if (!TRule.DoublesDiagonal) return zero;
        V sum = zero;
        for (int c = 0; c < strip.Channels; c++) sum = TCost.Add(sum, V.Broadcast(strip.X[c * LaneGroup<T>.MostRows]), V.Load(strip.Y + (c * Lanes) + part));
        V cost = TCost.Finish(sum);

        // Of an infinite cost the cell is infinite from any finite corner.
        return V.SelectLess(cost, V.Broadcast(Infinity), zero - cost, zero);
    }

    /// <summary>Computes the strip; what lies outside the window costs only at its edges.</summary>
    private void Sweep(StripArguments<T>* strip, LaneSpan span)
    {
        int innerLow = Math.Min(span.InnerLow, span.High), innerHigh = Math.Max(innerLow, span.InnerHigh);
        Columns(strip, span.Low, innerLow, isAtEdge: true);
        Columns(strip, innerLow, innerHigh, isAtEdge: false);
        Columns(strip, innerHigh, span.High, isAtEdge: true);
    }

    /// <summary>Computes some columns of a strip.</summary>
    private void Columns(StripArguments<T>* strip, int from, int to, bool isAtEdge)
    {
        bool readsMore = TRule.ReadsSamples || TRule.ReadsValues || TRule.ReadsLag;
        bool addsSum = TRule.AddsCost && TCost.IsSum;
        bool isUnivariate = strip->Channels == 1;
        bool isDirect = isUnivariate || (addsSum && strip->Channels == 3);
        for (strip->From = from; strip->From < to; strip->From = strip->To)
        {
            strip->To = isDirect ? to : (int)Math.Min(strip->From + (long)LaneGroup<T>.CostColumns, to);
            if (!isDirect) WarpingCosts<V, T, TCost>.Fill(strip);
            if (readsMore && isUnivariate) Rows<StripCells.OfAllOneChannel<V, T, TCost, TRule>>(strip, isAtEdge);
            else if (readsMore) Rows<StripCells.OfAll<V, T, TRule>>(strip, isAtEdge);
            else if (addsSum && isUnivariate) Rows<StripCells.OneChannel<V, T, TCost, TRule>>(strip, isAtEdge);
            else if (IsSkewed && !isAtEdge && strip->Rows > 1) SkewedStrip<V, T, TCost, TRule>.Run(strip, _rule);
            else if (addsSum && isDirect) Rows<StripCells.ThreeChannels<V, T, TCost, TRule>>(strip, isAtEdge);
            else if (isUnivariate) Rows<StripCells.OfCost<V, T, TCost, TRule>>(strip, isAtEdge);
            else Rows<StripCells.OfGivenCost<V, T, TRule>>(strip, isAtEdge);
        }
    }

    private void Rows<TCell>(StripArguments<T>* strip, bool isAtEdge)
        where TCell : struct, IStripCell<V, T, TRule>
    {
        if (isAtEdge) Place<StripCells.AtEdge<V, T, TRule, TCell>>(strip);
        else Place<TCell>(strip);
    }

    private void Place<TCell>(StripArguments<T>* strip)
        where TCell : struct, IStripCell<V, T, TRule>
    {
        bool isShort = TRule.ReadsSamples || TRule.ReadsValues || TRule.ReadsLag;
        if (strip->Rows == 1) WarpingStrip<V, T, TRule>.Run<StripRows.One, TCell>(strip, _rule);
        else if (isShort || strip->Rows == 2) WarpingStrip<V, T, TRule>.Run<StripRows.Two, TCell>(strip, _rule);
        else if (strip->Rows == 4) WarpingStrip<V, T, TRule>.Run<StripRows.Four, TCell>(strip, _rule);
        else WarpingStrip<V, T, TRule>.Run<StripRows.Six, TCell>(strip, _rule);
    }
}
