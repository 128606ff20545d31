using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>
/// The end values of pairs of series: a team of threads owns a pair, a thread 16 neighbouring columns of its table, which it
/// keeps in registers while it walks down the rows.
/// </summary>
/// <remarks>
/// <para>Thread t works on row r - t while thread 0 works on row r, so that what it needs from its left is what the thread before
/// it found a step ago and now hands on by a shuffle. Tables wider than a team are made in strips of columns, one pass each; the
/// last column of a strip waits in working memory, a row an element, for the first thread of the next one, and the border left
/// of the table is put there before the first. Rows and pairs cost no barrier at all, a pass costs one.</para>
/// <para>Per cell, of one channel in float32: subtract, two minima, multiply-add; that is the bound of 4 instructions, 8.4
/// TCUPS on an H200. Per row of 16 cells come about 20 more: shuffle, loads of the next sample and border, range of rows, end of
/// path, loop. Per cell 4 / 16 bytes of samples are read, from the first-level cache, and 8 / (16 lanes) bytes of border move.</para>
/// </remarks>
internal static class WarpingTeamKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="x">Memory of the series of x.</param>
    /// <param name="y">Memory of the series of y.</param>
    /// <param name="stepValues">Values per step and border values, of both.</param>
    /// <param name="lags">Values per lag.</param>
    /// <param name="series">The series of x, then those of y.</param>
    /// <param name="windows">The windows, classes of lengths of x x classes of y.</param>
    /// <param name="bits">Windows that are no bands, bit by bit.</param>
    /// <param name="work">Borders and states of the teams.</param>
    /// <param name="result">Memory of the result, or of the table.</param>
    /// <param name="shape">Sizes, places, choices.</param>
    /// <param name="rule">The rule.</param>
    public static void Run<V, T, TCost, TRule, TForm, TTeam>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> stepValues,
        ArrayView<T> lags,
        ArrayView<DeviceSeries<T>> series,
        ArrayView<DeviceWindow> windows,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<T> result,
        WarpingShape shape,
        TRule rule)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
        where TForm : unmanaged, IWarpingForm
        where TTeam : unmanaged, IWarpingTeam
    {
        int lanes = TTeam.Kind == WarpingTeamKind.Lone ? 1 : shape.Lanes;
        int thread = (Grid.IdxX * Group.DimX) + Group.IdxX;
        int team = thread / lanes;
        int lane = thread - (team * lanes);
        for (long turn = shape.FirstPair; turn < shape.EndPair; turn += shape.Teams)
        {
            long pair = turn + team;
            bool exists = team < shape.Teams && pair < shape.EndPair;
            WarpingTable<T> table = WarpingTables.Open(series, windows, shape, pair, exists, TForm.HasWindow, lanes * CellStrip<V>.Width);
            int passes = table.Passes * shape.Parts;
            int end = TTeam.Largest(passes < shape.EndPass ? passes : shape.EndPass);
            V wall = V.Constant(double.PositiveInfinity);
            V best = wall, total = V.Constant(0);
            bool hasState = !TForm.Keeps || (shape.KeepsBorders == 0 && shape.StoresCells == 0);
            if (hasState && shape.FirstPass > 0) WarpingStates.Load<V, T>(work, shape, team, exists, ref best, ref total);
            for (int pass = shape.FirstPass; pass < end; pass++)
            {
                bool active = pass < passes;
                int part = active ? pass / table.Passes : 0;
                int strip = active ? pass - (part * table.Passes) : 0;
                V least = Strip<V, T, TCost, TRule, TForm, TTeam>(
                    x, y, stepValues, lags, bits, work, result, shape, rule, table, team, lane, lanes, part, strip, active);
                least = TTeam.Least<V, T>(least, lanes);
                if (!active) continue;
                best = strip == 0 ? least : V.Min(best, least);
                if (strip == table.Passes - 1) total += best;
            }

            if (lane == 0 && exists && hasState) WarpingStates.Store<V, T>(work, result, shape, table, team, best, total);
        }
    }

    /// <summary>One pass: the rows of this thread's columns. The least value in which a path may end comes back.</summary>
    private static V Strip<V, T, TCost, TRule, TForm, TTeam>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> stepValues,
        ArrayView<T> lags,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<T> result,
        WarpingShape shape,
        TRule rule,
        WarpingTable<T> table,
        int team,
        int lane,
        int lanes,
        int part,
        int strip,
        bool active)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
        where TForm : unmanaged, IWarpingForm
        where TTeam : unmanaged, IWarpingTeam
    {
        V wall = V.Constant(double.PositiveInfinity);
        ArrayView<V> borders = work.Cast<V>();
        long border = team * shape.BorderTeam, nextBorder = border;
        if (TForm.Keeps)
        {
            border += KeptCells.Border(shape, strip);
            nextBorder += KeptCells.Border(shape, strip + 1);
        }

        if (active && strip == 0)
        {
            for (int i = lane; i < table.Rows; i += lanes)
            {
                borders[border + (i * shape.BorderRow)] = WarpingBorders.Left<V, T, TRule>(stepValues, shape, table, part, i);
            }
        }

        // The border, from the loop above or from the last thread's pass before, is there for the first thread.
        TTeam.Barrier();
        int stripColumn = strip * lanes * CellStrip<V>.Width;
        int first = stripColumn + (lane * CellStrip<V>.Width);
        int rowBegin = 0, rowEnd = active ? table.Rows : 0;
        if (TForm.HasWindow && table.Window.Bits < 0 && shape.StoresTable == 0)
        {
            // Rows in which the window has left the strip's columns, or has yet to reach them, are infinity throughout.
            int begin = stripColumn - table.Window.Above + 1;
            int end = stripColumn + (lanes * CellStrip<V>.Width) + table.Window.Below;
            rowBegin = begin > 0 ? begin : 0;
            rowEnd = end < rowEnd ? end : rowEnd;
        }

        int steps = TTeam.Largest(rowEnd > rowBegin ? rowEnd - rowBegin + lanes - 1 : 0);
        CellStrip<V> samples = default, values = default, cells = default;
        V diagonal = wall, least = wall;
        if (rowEnd > rowBegin)
        {
            if (TForm.IsOneChannel || TRule.ReadsSamples) samples = StripMemory.Samples<V, T>(y, shape, table, part, first);
            if (TRule.ReadsValues) values = StripMemory.Values<V, T>(stepValues, shape, table, part, first);
            cells = StripMemory.Top<V, T, TRule>(stepValues, shape, table, part, first, rowBegin == 0);
            if (rowBegin == 0) diagonal = WarpingBorders.Above<V, T, TRule>(stepValues, shape, table, part, first - 1);
            else if (lane == 0) diagonal = FromLeft<V, T, TForm>(borders, border, bits, shape, table, rowBegin - 1, stripColumn);
        }

        // The first row that reads anything is the first thread's; the others' come in their turn.
        int row = rowBegin - lane;
        int endRow = table.EndRow(shape.EndX);
        long place = table.X + (part * shape.XPart) + (row * shape.XStep);
        V sample = wall, fromMemory = wall, last = wall;
        if (lane == 0 && rowEnd > rowBegin)
        {
            if (TForm.IsOneChannel || TRule.ReadsSamples) sample = V.Broadcast(x[place]);
            fromMemory = FromLeft<V, T, TForm>(borders, border, bits, shape, table, row, stripColumn);
        }

        for (int step = 0; step < steps; step++)
        {
            V handed = TTeam.FromBefore(last);
            V left = TTeam.Kind == WarpingTeamKind.Lone || lane == 0 ? fromMemory : handed;
            V current = sample;
            bool works = row >= rowBegin && row < rowEnd;
            int next = row + 1;
            place += shape.XStep;
            if (next >= rowBegin && next < rowEnd)
            {
                // What the next row reads is under way while this one is computed.
                if (TForm.IsOneChannel || TRule.ReadsSamples) sample = V.Broadcast(x[place]);
                if (TTeam.Kind == WarpingTeamKind.Lone || lane == 0) fromMemory = FromLeft<V, T, TForm>(borders, border, bits, shape, table, next, stripColumn);
            }

            if (works)
            {
                cells = CellRows.Next<V, T, TCost, TRule, TForm>(
                    rule, cells, diagonal, left, current, samples, values, x, y, stepValues, lags, bits, shape, table, part, row, first);
                diagonal = TRule.DoublesDiagonal && first == 0 ? wall : left;
                last = cells.D.W;
                if (row >= endRow) least = CellRows.Ends<V, T>(least, cells, shape, table, row, first);
                if (strip + 1 < table.Passes && lane == lanes - 1) borders[nextBorder + (row * shape.BorderRow)] = last;
                if (TForm.Keeps) KeptCells.Store<V, T>(cells, work, result, shape, table, team, strip, lanes * CellStrip<V>.Width, row, first);
            }

            row = next;
        }

        return least;
    }

    /// <summary>The cell left of the strip, from working memory; infinity where the window left it out, so that no pass has been there.</summary>
    private static V FromLeft<V, T, TForm>(
        ArrayView<V> borders, long border, ArrayView<int> bits, WarpingShape shape, WarpingTable<T> table, int row, int stripColumn)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TForm : unmanaged, IWarpingForm
    {
        if (TForm.HasWindow && stripColumn > 0 && !WarpingTables.Allows(bits, table, row, stripColumn - 1)) return V.Constant(double.PositiveInfinity);
        return borders[border + (row * shape.BorderRow)];
    }
}
