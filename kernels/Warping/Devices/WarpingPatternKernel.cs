using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The end values of pairs of series by any step pattern, within any window: a thread owns a pair.</summary>
/// <remarks>
/// A thread walks through its table row by row, a row a pass. The rows that a step may look back to stand in working memory as a
/// ring, elements of different threads side by side so that a warp reads them together; where the table is asked for, the table
/// is the ring. Nothing is shared, so there is no barrier. Per cell and step: one element of the ring and the costs on its way,
/// computed anew from the samples; every step pattern and cost runs through this one kernel, which is made to be right. For paths
/// the ring before each block of rows stays, and of a block the choices: which step leads to each cell, the first of equal ones.
/// </remarks>
internal static class WarpingPatternKernel
{
    /// <summary>The choice of a cell where a path begins; the steps follow it, and 0 is a cell that nothing leads to.</summary>
    public const int Begins = 1;

    /// <summary>Steps whose choices fit in 8 bits.</summary>
    public const int MostShortChoices = 254;

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
    public static void Run<V, T>(
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
    {
        int thread = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (thread >= shape.Teams) return;
        for (long pair = shape.FirstPair + thread; pair < shape.EndPair; pair += shape.Teams)
        {
            WarpingTable<T> table = WarpingTables.Open(series, windows, shape, pair, exists: true, hasWindow: true, passColumns: 0);
            V best = V.Constant(double.PositiveInfinity), total = V.Constant(0);
            bool isForPaths = shape.KeepsBorders != 0 || shape.StoresCells != 0;
            if (!isForPaths && shape.FirstPass > 0) WarpingStates.Load<V, T>(work, shape, thread, true, ref best, ref total);
            int passes = table.Rows * shape.Parts;
            int end = passes < shape.EndPass ? passes : shape.EndPass;
            for (int pass = shape.FirstPass; pass < end; pass++)
            {
                int part = pass / table.Rows;
                int row = pass - (part * table.Rows);
                if (isForPaths && row > 0 && row % shape.BlockPasses == 0) PassBorder(work.Cast<V>(), shape, thread, row / shape.BlockPasses);
                V least = Row<V, T>(x, y, weights, pattern, bits, work, choices, result, shape, table, thread, part, row);
                best = row == 0 ? least : V.Min(best, least);
                if (row == table.Rows - 1) total += best;
            }

            if (!isForPaths) WarpingStates.Store<V, T>(work, result, shape, table, thread, best, total);
        }
    }

    /// <summary>One row; the least value in which a path may end comes back.</summary>
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
        int thread,
        int part,
        int row)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V wall = V.Constant(double.PositiveInfinity);
        V least = wall;
        bool storesTable = shape.StoresTable != 0;
        int word = 0;
        for (int column = 0; column < table.Columns; column++)
        {
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
                    int fromRow = row - pattern[4 * step], fromColumn = column - pattern[(4 * step) + 1];
                    if (fromRow < 0 || fromColumn < 0) continue;
                    V sum = storesTable
                        ? V.Broadcast(result[TablePlace(shape, fromRow, fromColumn)])
                        : V.Broadcast(work[RingPlace(shape, thread, fromRow, fromColumn)]);
                    sum += Way<V, T>(x, y, weights, pattern, shape, table, part, row, column, step);
                    if (V.IsLess(sum, cell)) choice = Begins + 1 + step;
                    cell = V.Min(cell, sum);
                }
            }

            if (storesTable) result.Cast<V>()[TablePlace(shape, row, column)] = cell;
            else work.Cast<V>()[RingPlace(shape, thread, row, column)] = cell;
            bool isEnd = (row == table.Rows - 1 && table.Columns - 1 - column <= shape.EndY)
                || (column == table.Columns - 1 && table.Rows - 1 - row <= shape.EndX);
            if (isEnd) least = V.Min(least, cell);
            if (shape.KeepsBorders != 0)
            {
                ArrayView<V> kept = work.Cast<V>();
                if (row == table.Rows - 1) kept[((shape.LastRow + column) * shape.Teams) + thread] = cell;
                if (column == table.Columns - 1) kept[((shape.LastRow + shape.MostColumns + row) * shape.Teams) + thread] = cell;
            }

            if (shape.StoresCells != 0) word = Keep(choices, shape, table.Columns, thread, row, column, word, choice);
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

    /// <summary>Copies the ring to where it stays for the block, or takes it from there when the block is computed again.</summary>
    private static void PassBorder<V>(ArrayView<V> work, WarpingShape shape, int thread, int block)
        where V : unmanaged
    {
        long length = (long)shape.RingRows * shape.MostColumns;
        long kept = (block * length * shape.Teams) + thread;
        for (long i = 0; i < length; i++)
        {
            long ring = (i * shape.Teams) + thread, slot = kept + (i * shape.Teams);
            if (shape.KeepsBorders != 0) work[slot] = work[ring];
            else work[ring] = work[slot];
        }
    }

    /// <summary>The number of choices with one more, or empty again once it is stored.</summary>
    private static int Keep(ArrayView<int> choices, WarpingShape shape, int columns, int thread, int row, int column, int word, int choice)
    {
        int perWord = 32 / shape.ChoiceBits, place = column % perWord;
        word |= choice << (place * shape.ChoiceBits);
        if (place < perWord - 1 && column < columns - 1) return word;
        choices[((((long)(row % shape.BlockPasses) * shape.ChoiceWords) + (column / perWord)) * shape.Teams) + thread] = word;
        return 0;
    }

    private static long TablePlace(WarpingShape shape, int row, int column) =>
        shape.Result.Offset + (row * shape.Result.RowStride) + (column * shape.Result.ColumnStride);

    private static long RingPlace(WarpingShape shape, int thread, int row, int column) =>
        (((((long)(row % shape.RingRows)) * shape.MostColumns) + column) * shape.Teams) + thread;
}
