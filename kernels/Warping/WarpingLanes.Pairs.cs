using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <content>One series of x against the group: strip by strip.</content>
internal sealed unsafe partial class WarpingLanes<V, T, TCost, TRule>
{
    /// <summary>Rows of a strip: what the registers hold.</summary>
    private static int StripRows => V.Count * sizeof(T) == 64 ? 6 : 4;

    private static T Infinity => Element.Of<T>(double.PositiveInfinity);

    /// <summary>The end values of a series against those in the lanes.</summary>
    private void Align(in LaneGroup<T> group, SeriesPack<T> x, int series, T* ends)
    {
        int rows = x.Lengths[series];
        ReadOnlySpan<T> samples = x[series];
        fixed (T* values = x.StepValues is { } steps ? steps.AsSpan(x.Starts[series], rows) : default,
            borders = x.BorderValues is { } given ? given.AsSpan(x.Starts[series], rows) : default)
        {
            StripArguments<T> strip = new()
            {
                X = group.X, RowValues = values, RowBorders = borders, Y = group.Y, ColumnValues = group.ColumnValues, Border = group.Border, State = group.State,
                Lags = group.Lags + ((nint)rows * V.Count), Firsts = group.Firsts, Ends = group.Ends, Outside = _outside, Channels = x.Channels,
            };
            T border = TRule.Border == WarpingBorder.Wall ? Infinity : default;
            LaneSpan span = Begin(group);
            int count;
            for (int row = 0; row < rows; row += count)
            {
                count = rows - row >= StripRows ? StripRows : 1;
                LaneSpan next = Span(group, row, count);
                if (_isWindowed) FillOutside(group, span, next);
                span = next;
                CopySamples(samples, row, count, strip.X, x.Channels);
                border = BeginStrip(strip, row, count, span.Low, border);
                Sweep(ref strip, count, span);
                strip.RowValues += count;
                strip.RowBorders += count;
                strip.Lags -= (nint)count * V.Count;
                strip.Firsts += count * V.Count;
                strip.Ends += count * V.Count;
            }

            for (int lane = 0; lane < V.Count; lane++)
            {
                int last = group.Lengths[lane] - 1;
                ends[lane] = last >= span.Low && last < span.High ? group.Border[((nint)last * V.Count) + lane] : _outside;
            }
        }
    }

    /// <summary>The columns that a strip computes.</summary>
    private LaneSpan Span(in LaneGroup<T> group, int row, int count)
    {
        if (!_isWindowed) return new(0, 0, group.Longest, group.Longest);
        LaneSpan span = LaneSpan.None;
        for (int i = row; i < row + count; i++) span = span.With(group.Spans[i]);
        return span.High > 0 ? span : new(0, 0, 0, 0);
    }

    /// <summary>Lays out what stands above the first row; returns the columns for which that is.</summary>
    private LaneSpan Begin(in LaneGroup<T> group)
    {
        LaneSpan span = Span(group, 0, 1);
        V value = V.Broadcast(TRule.Border == WarpingBorder.Wall ? Infinity : default);
        V outside = V.Broadcast(_outside);
        for (int j = span.Low; j < span.High; j++)
        {
            V cell = TRule.Border == WarpingBorder.Given ? V.Load(group.ColumnBorders + ((nint)j * V.Count)) : value;
            if (_isWindowed && TRule.Border == WarpingBorder.Zero)
            {
                V column = V.Constant(j);
                cell = V.SelectLess(column, V.Load(group.Firsts), outside, V.SelectLess(column, V.Load(group.Ends), cell, outside));
            }

            V.Store(cell, group.Border + ((nint)j * V.Count));
        }

        return span;
    }

    /// <summary>Where the next strip looks above it beyond the columns of the last one there is nothing.</summary>
    private void FillOutside(in LaneGroup<T> group, LaneSpan last, LaneSpan next)
    {
        V outside = V.Broadcast(_outside);
        for (int j = Math.Max(next.Low - 1, -1); j < Math.Min(last.Low, next.High); j++) V.Store(outside, group.Border + ((nint)j * V.Count));
        for (int j = Math.Max(next.Low - 1, last.High); j < next.High; j++) V.Store(outside, group.Border + ((nint)j * V.Count));
    }

    /// <summary>The samples of a strip's rows, channel by channel.</summary>
    private static void CopySamples(ReadOnlySpan<T> samples, int row, int count, T* target, int channels)
    {
        for (int r = 0; r < count; r++)
        {
            ReadOnlySpan<T> sample = samples.Slice((row + r) * channels, channels);
            for (int c = 0; c < channels; c++) target[(c * count) + r] = sample[c];
        }
    }

    /// <summary>Lays out the cells left of a strip; returns the border's value beside its last row.</summary>
    private T BeginStrip(in StripArguments<T> strip, int row, int count, int low, T border)
    {
        V outside = V.Broadcast(_outside);
        if (low > 0) V.Store(V.Load(strip.Border + ((nint)(low - 1) * V.Count)), strip.State);
        else V.Store(row == 0 ? Corner(strip, count) : BorderCell(strip, -1, border), strip.State);
        for (int r = 0; r < count; r++)
        {
            if (TRule.Border == WarpingBorder.Given) border = strip.RowBorders[r];
            V.Store(low > 0 ? outside : BorderCell(strip, r, border), strip.State + ((r + 1) * V.Count));
        }

        return border;
    }

    /// <summary>The cell before the first column of a row.</summary>
    private V BorderCell(in StripArguments<T> strip, int row, T border)
    {
        V value = V.Broadcast(border);
        return _isWindowed && TRule.Border == WarpingBorder.Zero
            ? V.SelectLess(V.Constant(0), V.Load(strip.Firsts + (row * V.Count)), V.Broadcast(_outside), value)
            : value;
    }

    /// <summary>The cell before the first row and column.</summary>
    private static V Corner(in StripArguments<T> strip, int count)
    {
        V zero = V.Constant(0);
        if (!TRule.DoublesDiagonal) return zero;
        V sum = TCost.First(V.Broadcast(strip.X[0]), V.Load(strip.Y));
        for (int c = 1; c < strip.Channels; c++) sum = TCost.Add(sum, V.Broadcast(strip.X[c * count]), V.Load(strip.Y + (c * V.Count)));
        V cost = TCost.Finish(sum);

        // Of an infinite cost the cell is infinite from any finite corner.
        return V.SelectLess(cost, V.Broadcast(Infinity), zero - cost, zero);
    }

    /// <summary>Computes the strip, window or not; what lies outside it costs only at the edges.</summary>
    private void Sweep(ref StripArguments<T> strip, int count, LaneSpan span)
    {
        if (span.InnerLow >= span.InnerHigh)
        {
            Columns<StripForms.AtBoth>(ref strip, count, span.Low, span.High);
            return;
        }

        Columns<StripForms.AtFirst>(ref strip, count, span.Low, span.InnerLow);
        Columns<StripForms.Inside>(ref strip, count, span.InnerLow, span.InnerHigh);
        Columns<StripForms.AtEnd>(ref strip, count, span.InnerHigh, span.High);
    }

    private void Columns<TEdge>(ref StripArguments<T> strip, int count, int from, int to)
        where TEdge : struct, StripForms.IEdge
    {
        if (from >= to) return;
        (strip.From, strip.To) = (from, to);
        if (strip.Channels == 1) Rows<StripForms.OneChannel, TEdge>(ref strip, count);
        else Rows<StripForms.ManyChannels, TEdge>(ref strip, count);
    }

    private void Rows<TChannels, TEdge>(ref StripArguments<T> strip, int count)
        where TChannels : struct, StripForms.IChannels
        where TEdge : struct, StripForms.IEdge
    {
        fixed (StripArguments<T>* arguments = &strip)
        {
            if (count == 1) WarpingStrip<V, T, TCost, TRule>.Run<StripForm<StripForms.OneRow, TChannels, TEdge>>(arguments, _rule);
            else if (StripRows == 6) WarpingStrip<V, T, TCost, TRule>.Run<StripForm<StripForms.SixRows, TChannels, TEdge>>(arguments, _rule);
            else WarpingStrip<V, T, TCost, TRule>.Run<StripForm<StripForms.FourRows, TChannels, TEdge>>(arguments, _rule);
        }
    }
}
