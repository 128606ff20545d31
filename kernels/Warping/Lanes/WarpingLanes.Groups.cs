using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Lanes;

/// <content>Groups of lanes: what is laid out once and read by many rows.</content>
internal sealed unsafe partial class WarpingLanes<V, T, TCost, TRule>
{
    /// <summary>What the processor compares of the addresses of loads and stores.</summary>
    private const int PageBytes = 4096;

    /// <summary>This thread's memory for a piece.</summary>
    private LaneGroup<T> Allocate(in LanePiece piece)
    {
        int last = piece.EndColumn - 1;
        int longestX = _rows.Lengths[piece.EndRow - 1], longestY = _columns.Lengths[last], channels = _y[0].Channels;
        nint rows = longestX, columns = longestY, lanes = Lanes;
        LaneGroup<T> group = new() { Lanes = Lanes, Longest = longestY };
        T* memory = Scratch.Get<T>(ScratchSlot.WarpingLanes, (nint)LaneGroup<T>.Elements(
            Lanes, longestX, longestY, channels, _x.Length, TRule.ReadsValues, TRule.ReadsLag, _isWindowed));
        group.Y = Take(ref memory, columns * channels * lanes);

        // A load whose address ends in the 12 bits of a store still under way waits for it: the border is stored half a page from
        // where the samples of the same column are loaded.
        nint distance = ((nint)memory - (nint)group.Y + (lanes * sizeof(T))) % PageBytes;
        memory += (((3 * PageBytes / 2) - distance) % PageBytes) / sizeof(T);
        group.Border = Take(ref memory, (columns + 1) * lanes) + lanes;
        group.State = Take(ref memory, (LaneGroup<T>.MostRows + 1) * lanes);
        group.Values = Take(ref memory, LaneGroup<T>.PieceRows * lanes * Math.Min(_x.Length, 2));
        group.Costs = Take(ref memory, LaneGroup<T>.MostCostRows * LaneGroup<T>.CostColumns * lanes);
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
        for (int lane = 0; lane < Lanes; lane++) group.Lengths[lane] = _columns.Lengths[Math.Min(piece.Column + lane, last)];
        return group;
    }

    private static T* Take(ref T* memory, nint length)
    {
        T* taken = memory;
        memory += length;
        return taken;
    }

    /// <summary>Transposes the series of a group into its lanes; behind its end a series repeats its last sample.</summary>
    private void Pack(in LaneGroup<T> group, in LanePiece piece, SeriesPack<T> y)
    {
        int channels = y.Channels;
        T** sources = stackalloc T*[Lanes];
        fixed (T* values = y.Values, stepValues = y.StepValues, borders = y.BorderValues)
        {
            for (int lane = 0; lane < Lanes; lane++) sources[lane] = values + ((nint)Start(y, piece, lane) * channels);
            Transpose(sources, group, channels, group.Y);
            for (int lane = 0; TRule.ReadsValues && lane < Lanes; lane++) sources[lane] = stepValues + Start(y, piece, lane);
            if (TRule.ReadsValues) Transpose(sources, group, 1, group.ColumnValues);
            for (int lane = 0; TRule.Border == WarpingBorder.Given && lane < Lanes; lane++) sources[lane] = borders + Start(y, piece, lane);
            if (TRule.Border == WarpingBorder.Given) Transpose(sources, group, 1, group.ColumnBorders);
        }
    }

    /// <summary>The first step of the series in a lane.</summary>
    private int Start(SeriesPack<T> y, in LanePiece piece, int lane) => y.Starts[_columns.Series[Math.Min(piece.Column + lane, piece.EndColumn - 1)]];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(T** sources, in LaneGroup<T> group, int channels, T* target)
    {
        int shortest = group.Lengths[0];
        for (int j = 0; j < group.Longest; j++)
        {
            for (int channel = 0; channel < channels; channel++, target += Lanes)
            {
                if (j < shortest)
                {
                    for (int lane = 0; lane < Lanes; lane++) target[lane] = sources[lane][channel];
                }
                else
                {
                    for (int lane = 0; lane < Lanes; lane++) target[lane] = sources[lane][channel - (j < group.Lengths[lane] ? 0 : channels)];
                }
            }

            for (int lane = 0; lane < Lanes; lane++) sources[lane] += j < group.Lengths[lane] ? channels : 0;
        }
    }

    /// <summary>The window of a series of so many steps against those in the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillWindow(in LaneGroup<T> group, int rows)
    {
        new Span<LaneSpan>(group.Spans, rows).Fill(LaneSpan.None);
        int end;
        for (int lane = 0; lane < Lanes; lane = end)
        {
            int columns = group.Lengths[lane];
            for (end = lane + 1; end < Lanes && group.Lengths[end] == columns;) end++;
            for (int row = 0; row < rows; row++)
            {
                RowRange range = _problem.Window.Row(row, rows, columns).Within(columns);
                if (range.End <= range.First) range = new(0, 0);
                group.Spans[row] = group.Spans[row].With(range);
                int count = end - lane;
                new Span<T>(group.Firsts + (row * Lanes) + lane, count).Fill(Element.Of<T>(range.First));
                new Span<T>(group.Ends + (row * Lanes) + lane, count).Fill(Element.Of<T>(range.End));
            }
        }
    }

    /// <summary>The values of |row - column| of a series of so many steps against those in the lanes, at column - row + rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillLags(in LaneGroup<T> group, int rows)
    {
        int most = Math.Max(rows, group.Longest), end;
        Span<T> values = new(Scratch.Get<T>(ScratchSlot.WarpingLags, most), most);
        for (int lane = 0; lane < Lanes; lane = end)
        {
            int columns = group.Lengths[lane];
            for (end = lane + 1; end < Lanes && group.Lengths[end] == columns;) end++;

            // Behind a short series' end any value will do.
            Span<T> lags = values[..Math.Max(rows, columns)];
            SeriesPreparation.FillLags(_problem, rows, columns, lags);
            for (int lag = 1 - rows; lag < group.Longest; lag++)
            {
                T value = lags[Math.Min(Math.Abs(lag), lags.Length - 1)];
                new Span<T>(group.Lags + ((nint)(lag + rows) * Lanes) + lane, end - lane).Fill(value);
            }
        }
    }
}
