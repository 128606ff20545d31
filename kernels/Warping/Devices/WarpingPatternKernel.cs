using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The end values of pairs of series by any step pattern, within any window: a team of threads owns a pair, a thread a run of neighbouring columns.</summary>
/// <remarks>
/// <para>Thread t works on row r - t while thread 0 works on row r, as in <see cref="WarpingTeamKernel"/>. A thread has at least
/// as many columns as a step reaches back, so that a step begins in its own columns or in those of the thread before, whose rows
/// up to this one stand since the last barrier, one a row. A pattern is data, known at the launch alone, so that cells cannot be
/// named registers: the rows that a step may look back to stand in working memory as a ring, slot (row + t) mod its rows, so that
/// all threads of all teams read and write neighbouring elements, mostly of the first-level cache. Where the table is asked for,
/// the table is the ring.</para>
/// <para>Per cell and step: one element of the ring and the costs on its way, computed anew from the samples. For paths the ring
/// before each block of rows stays, and of a block the choices: which step leads to each cell, the first of equal ones.</para>
/// </remarks>
internal static class WarpingPatternKernel
{
    /// <summary>The choice of a cell where a path begins; the steps follow it, and 0 is a cell that nothing leads to.</summary>
    public const int Begins = 1;

    /// <summary>Steps whose choices fit in 8 bits.</summary>
    public const int MostShortChoices = 254;

    /// <summary>A thread's columns: a multiple of 4, whose choices fill whole numbers, and as many as a step goes forward at least.</summary>
    public static int LaneColumns(int columns, int lanes, int least)
    {
        int equal = (columns + (4 * lanes) - 1) / (4 * lanes) * 4;
        return equal < least ? least : equal;
    }

    /// <summary>The kernel.</summary>
    /// <param name="x">Memory of the series of x, or given costs.</param>
    /// <param name="y">Memory of the series of y.</param>
    /// <param name="weights">The weights of the pattern's cells.</param>
    /// <param name="pattern">Of each step its rows, its columns, its first cell and the one behind its last; then the rows and columns of each cell.</param>
    /// <param name="series">The series of x, then those of y.</param>
    /// <param name="windows">The windows, classes of lengths of x x classes of y.</param>
    /// <param name="bits">Windows that are no bands, bit by bit.</param>
    /// <param name="work">Rings and states of the threads.</param>
    /// <param name="choices">Receives the choices of a block of rows, where they are asked for.</param>
    /// <param name="result">Memory of the result, or of the table.</param>
    /// <param name="shape">Sizes, places, choices.</param>
    public static void Run<V, T, TTeam>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> weights,
        ArrayView<int> pattern,
        ArrayView<DeviceSeries<T>> series,
        ArrayView<DeviceWindow> windows,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<int> choices,
        ArrayView<T> result,
        WarpingShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTeam : unmanaged, IWarpingTeam
    {
        int lanes = TTeam.Kind == WarpingTeamKind.Lone ? 1 : shape.Lanes;
        int thread = (Grid.IdxX * Group.DimX) + Group.IdxX;
        int team = thread / lanes, lane = thread - (team * lanes);
        bool hasState = shape.KeepsBorders == 0 && shape.StoresCells == 0;
        for (long turn = shape.FirstPair; turn < shape.EndPair; turn += shape.Teams)
        {
            long pair = turn + team;
            bool exists = team < shape.Teams && pair < shape.EndPair;
            WarpingTable<T> table = WarpingTables.Open(series, windows, shape, pair, exists, hasWindow: true, passColumns: 0);
            V best = V.Constant(double.PositiveInfinity), total = V.Constant(0);
            if (hasState && shape.FirstPass > 0) WarpingStates.Load<V, T>(work, shape, team, exists, ref best, ref total);
            for (int part = 0; part < shape.Parts; part++)
            {
                int begin = Within(shape.FirstPass - (part * table.Rows), table.Rows), end = Within(shape.EndPass - (part * table.Rows), table.Rows);
                V least = Rows<V, T, TTeam>(x, y, weights, pattern, bits, work, choices, result, shape, table, team, lane, lanes, part, begin, end);
                least = TTeam.Least<V, T>(least, lanes);
                if (begin >= end) continue;
                best = begin == 0 ? least : V.Min(best, least);
                if (end == table.Rows) total += best;
            }

            if (lane == 0 && exists && hasState) WarpingStates.Store<V, T>(work, result, shape, table, team, best, total);
        }
    }

    /// <summary>Some rows of a part; the least value in which a path may end comes back, of this thread's columns.</summary>
    private static V Rows<V, T, TTeam>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> weights,
        ArrayView<int> pattern,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<int> choices,
        ArrayView<T> result,
        WarpingShape shape,
        WarpingTable<T> table,
        int team,
        int lane,
        int lanes,
        int part,
        int begin,
        int end)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTeam : unmanaged, IWarpingTeam
    {
        V least = V.Constant(double.PositiveInfinity);
        bool isForPaths = shape.KeepsBorders != 0 || shape.StoresCells != 0;
        int thread = (team * lanes) + lane;
        int width = LaneColumns(table.Columns, lanes, shape.LeastLaneColumns);
        int steps = TTeam.Largest(begin < end ? end - begin + lanes - 1 : 0);
        int slot = shape.RingRows > 0 ? begin % shape.RingRows : 0;
        for (int step = 0; step < steps; step++)
        {
            int row = begin + step - lane;
            if (row >= begin && row < end && lane * width < table.Columns)
            {
                if (isForPaths && row > 0 && row % shape.BlockPasses == 0) PassBorder(work.Cast<V>(), shape, thread, row / shape.BlockPasses);
                V ends = Row<V, T>(x, y, weights, pattern, bits, work, choices, result, shape, table, team, thread, part, row, slot, lane * width, width);
                least = V.Min(least, ends);
            }

            // What this step made is read by the thread after in the next, and what it read is overwritten no sooner.
            TTeam.Barrier();
            slot = slot + 1 == shape.RingRows ? 0 : slot + 1;
        }

        return least;
    }

    /// <summary>One row of a thread's columns; the least value in which a path may end comes back.</summary>
    private static V Row<V, T>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> weights,
        ArrayView<int> pattern,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<int> choices,
        ArrayView<T> result,
        WarpingShape shape,
        WarpingTable<T> table,
        int team,
        int thread,
        int part,
        int row,
        int slot,
        int first,
        int width)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V wall = V.Constant(double.PositiveInfinity);
        V least = wall;
        bool storesTable = shape.StoresTable != 0;
        int word = 0;
        int count = table.Columns - first < width ? table.Columns - first : width;
        for (int own = 0; own < count; own++)
        {
            int column = first + own;
            V cell = wall;
            int choice = 0;
            if (WarpingTables.Allows(bits, table, row, column))
            {
                bool isBegin = (row == 0 && column <= shape.BeginY) || (column == 0 && row <= shape.BeginX);
                if (isBegin)
                {
                    cell = WarpingCosts.OfCell<V, T>(x, y, shape, table, part, row, column);
                    choice = Begins;
                }

                for (int step = 0; step < shape.PatternSteps; step++)
                {
                    int rows = pattern[4 * step], columns = pattern[(4 * step) + 1];
                    if (rows > row || columns > column) continue;
                    V sum = storesTable
                        ? V.Broadcast(result[TablePlace(shape, row - rows, column - columns)])
                        : V.Broadcast(work[FromPlace(shape, thread, slot - rows, own - columns, width)]);
                    sum += Way<V, T>(x, y, weights, pattern, shape, table, part, row, column, step);
                    if (V.IsLess(sum, cell)) choice = Begins + 1 + step;
                    cell = V.Min(cell, sum);
                }
            }

            if (storesTable) result.Cast<V>()[TablePlace(shape, row, column)] = cell;
            else work.Cast<V>()[RingPlace(shape, thread, slot, own)] = cell;
            bool isEnd = (row == table.Rows - 1 && table.Columns - 1 - column <= shape.EndY)
                || (column == table.Columns - 1 && table.Rows - 1 - row <= shape.EndX);
            if (isEnd) least = V.Min(least, cell);
            if (shape.KeepsBorders != 0)
            {
                ArrayView<V> kept = work.Cast<V>();
                if (row == table.Rows - 1) kept[((shape.LastRow + column) * shape.Teams) + team] = cell;
                if (column == table.Columns - 1) kept[((shape.LastRow + shape.MostColumns + row) * shape.Teams) + team] = cell;
            }

            if (shape.StoresCells != 0) word = Keep(choices, shape, table.Columns, team, row, column, word, choice);
        }

        return least;
    }

    /// <summary>The weighted costs of the cells of a step; a weight of 0 leaves the cost unread.</summary>
    private static V Way<V, T>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> weights,
        ArrayView<int> pattern,
        WarpingShape shape,
        WarpingTable<T> table,
        int part,
        int row,
        int column,
        int step)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V sum = V.Constant(0);
        for (int cell = pattern[(4 * step) + 2]; cell < pattern[(4 * step) + 3]; cell++)
        {
            V weight = V.Broadcast(weights[cell]);
            if (!V.IsLess(V.Constant(0), weight)) continue;
            int place = (4 * shape.PatternSteps) + (2 * cell);
            sum += weight * WarpingCosts.OfCell<V, T>(x, y, shape, table, part, row - pattern[place], column - pattern[place + 1]);
        }

        return sum;
    }

    /// <summary>Copies a thread's ring to where it stays for the block, or takes it from there when the block is computed again.</summary>
    private static void PassBorder<V>(ArrayView<V> work, WarpingShape shape, int thread, int block)
        where V : unmanaged
    {
        long length = (long)shape.RingRows * shape.LaneColumns, threads = (long)shape.Teams * shape.Lanes;
        long kept = (block * length * threads) + thread;
        for (long i = 0; i < length; i++)
        {
            long ring = (i * threads) + thread, slot = kept + (i * threads);
            if (shape.KeepsBorders != 0) work[slot] = work[ring];
            else work[ring] = work[slot];
        }
    }

    /// <summary>The number of choices with one more, or empty again once it is stored. A thread's columns begin with a number's.</summary>
    private static int Keep(ArrayView<int> choices, WarpingShape shape, int columns, int team, int row, int column, int word, int choice)
    {
        int perWord = 32 / shape.ChoiceBits, place = column % perWord;
        word |= choice << (place * shape.ChoiceBits);
        if (place < perWord - 1 && column < columns - 1) return word;
        choices[((((long)(row % shape.BlockPasses) * shape.ChoiceWords) + (column / perWord)) * shape.Teams) + team] = word;
        return 0;
    }

    private static int Within(int pass, int rows) => pass < 0 ? 0 : pass < rows ? pass : rows;

    private static long TablePlace(WarpingShape shape, int row, int column) =>
        shape.Result.Offset + (row * shape.Result.RowStride) + (column * shape.Result.ColumnStride);

    /// <summary>Where the cell stands in which a step begins: before the thread's columns it is one of the thread before, which is a row ahead.</summary>
    private static long FromPlace(WarpingShape shape, int thread, int slot, int own, int width)
    {
        if (own < 0) return FromPlace(shape, thread - 1, slot - 1, own + width);
        return FromPlace(shape, thread, slot, own);
    }

    private static long FromPlace(WarpingShape shape, int thread, int slot, int own) =>
        RingPlace(shape, thread, slot < 0 ? slot + shape.RingRows : slot, own);

    private static long RingPlace(WarpingShape shape, int thread, int slot, int own) =>
        ((((long)slot * shape.LaneColumns) + own) * shape.Teams * shape.Lanes) + thread;
}
