using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <content>Groups of lanes: what is laid out once and read by many rows.</content>
internal sealed unsafe partial class WarpingLanes<V, T, TCost, TRule>
{
    /// <summary>This thread's memory for a piece.</summary>
    private LaneGroup<T> Allocate(in Piece piece)
    {
        int last = Math.Min(piece.Column + V.Count, _columns.Count) - 1;
        int longestX = _rows.Lengths[piece.EndRow - 1], longestY = _columns.Lengths[last], channels = _y[0].Channels;
        nint rows = longestX, columns = longestY, lanes = V.Count;
        LaneGroup<T> group = new() { Lanes = V.Count, Longest = longestY };
        T* memory = Scratch.Get<T>(ScratchSlot.WarpingLanes, (nint)LaneGroup<T>.Elements(
            V.Count, longestX, longestY, channels, _x.Length, TRule.ReadsValues, TRule.ReadsLag, _isWindowed));
        group.Y = Take(ref memory, columns * channels * lanes);
        group.Border = Take(ref memory, (columns + 1) * lanes) + lanes;
        group.State = Take(ref memory, (LaneGroup<T>.MostRows + 1) * lanes);
        group.Values = Take(ref memory, LaneGroup<T>.PieceRows * lanes * Math.Min(_x.Length, 2));
        if (TRule.ReadsValues) group.ColumnValues = Take(ref memory, columns * lanes);
        if (TRule.Border == WarpingBorder.Given) group.ColumnBorders = Take(ref memory, columns * lanes);
        if (TRule.ReadsLag) group.Lags = Take(ref memory, (rows + columns) * lanes);
        if (_isWindowed)
        {
            group.Firsts = Take(ref memory, rows * lanes);
            group.Ends = Take(ref memory, rows * lanes);
            group.Spans = Scratch.Get<LaneSpan>(ScratchSlot.WarpingSpans, rows);
        }

        group.X = memory;
        group.Lengths = Scratch.Get<int>(ScratchSlot.WarpingLengths, lanes);
        for (int lane = 0; lane < V.Count; lane++) group.Lengths[lane] = _columns.Lengths[Math.Min(piece.Column + lane, last)];
        return group;
    }

    private static T* Take(ref T* memory, nint length)
    {
        T* taken = memory;
        memory += length;
        return taken;
    }

    /// <summary>Transposes the series of a group into its lanes; behind its end a series repeats its last sample.</summary>
    private void Pack(ref LaneGroup<T> group, int column, SeriesPack<T> y)
    {
        int channels = y.Channels;
        for (int lane = 0; lane < V.Count; lane++)
        {
            int series = _columns.Series[Math.Min(column + lane, _columns.Count - 1)], length = y.Lengths[series];
            ReadOnlySpan<T> values = y[series];
            T* target = group.Y + lane;
            for (int i = 0; i < values.Length; i++, target += V.Count) *target = values[i];
            for (int i = values.Length; i < group.Longest * channels; i++, target += V.Count) *target = *(target - (channels * V.Count));
            if (!TRule.ReadsValues) continue;
            ReadOnlySpan<T> stepValues = y.StepValues.AsSpan(y.Starts[series], length);
            for (int j = 0; j < group.Longest; j++) group.ColumnValues[(j * V.Count) + lane] = stepValues[Math.Min(j, length - 1)];
            if (TRule.Border != WarpingBorder.Given) continue;
            ReadOnlySpan<T> borders = y.BorderValues.AsSpan(y.Starts[series], length);
            for (int j = 0; j < group.Longest; j++) group.ColumnBorders[(j * V.Count) + lane] = borders[Math.Min(j, length - 1)];
        }
    }

    /// <summary>The window of a series of so many steps against those in the lanes.</summary>
    private void FillWindow(in LaneGroup<T> group, int rows)
    {
        new Span<LaneSpan>(group.Spans, rows).Fill(LaneSpan.None);
        int end;
        for (int lane = 0; lane < V.Count; lane = end)
        {
            int columns = group.Lengths[lane];
            for (end = lane + 1; end < V.Count && group.Lengths[end] == columns;) end++;
            for (int row = 0; row < rows; row++)
            {
                RowRange range = _problem.Window.Row(row, rows, columns).Within(columns);
                if (range.End <= range.First) range = new(0, 0);
                group.Spans[row] = group.Spans[row].With(range);
                int count = end - lane;
                new Span<T>(group.Firsts + (row * V.Count) + lane, count).Fill(Element.Of<T>(range.First));
                new Span<T>(group.Ends + (row * V.Count) + lane, count).Fill(Element.Of<T>(range.End));
            }
        }
    }

    /// <summary>The values of |row - column| of a series of so many steps against those in the lanes, at column - row + rows.</summary>
    private void FillLags(in LaneGroup<T> group, int rows)
    {
        int most = Math.Max(rows, group.Longest), end;
        Span<T> values = new(Scratch.Get<T>(ScratchSlot.WarpingLags, most), most);
        for (int lane = 0; lane < V.Count; lane = end)
        {
            int columns = group.Lengths[lane];
            for (end = lane + 1; end < V.Count && group.Lengths[end] == columns;) end++;

            // Behind a short series' end any value will do.
            Span<T> lags = values[..Math.Max(rows, columns)];
            SeriesPreparation.FillLags(_problem, rows, columns, lags);
            for (int lag = 1 - rows; lag < group.Longest; lag++)
            {
                T value = lags[Math.Min(Math.Abs(lag), lags.Length - 1)];
                new Span<T>(group.Lags + ((nint)(lag + rows) * V.Count) + lane, end - lane).Fill(value);
            }
        }
    }
}
