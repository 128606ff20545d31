using FusionKernels.Kernels.Simd;
using FusionKernels.Kernels.Warping.Pairs;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>Follows the best paths through one block of strips whose cells are at hand: a thread owns a pair.</summary>
/// <remarks>
/// A step asks the rule what the cell would be from each neighbour alone and goes to the first of the least, diagonal before above
/// before left, so that nothing hangs on two kernels rounding alike. Nothing is shared, and there is no barrier. A step is a chain
/// of a few dependent loads; a path has fewer steps than rows and columns.
/// </remarks>
internal static class WarpingTraceKernel
{
    /// <summary>Bits of a move.</summary>
    public const int MoveBits = 2;

    /// <summary>Numbers of a team's state.</summary>
    public const int StateSize = 3;

    private const int MovesPerWord = 32 / MoveBits;

    /// <summary>The kernel.</summary>
    /// <param name="x">Memory of the series of x, or given costs.</param>
    /// <param name="y">Memory of the series of y.</param>
    /// <param name="stepValues">Values per step and border values, of both.</param>
    /// <param name="lags">Values per lag.</param>
    /// <param name="series">The series of x, then those of y.</param>
    /// <param name="windows">The windows, classes of lengths of x x classes of y.</param>
    /// <param name="bits">Windows that are no bands, bit by bit.</param>
    /// <param name="work">Borders of the teams.</param>
    /// <param name="cells">The block's cells, a table a team.</param>
    /// <param name="moves">Receives the moves.</param>
    /// <param name="states">Where each path has come to.</param>
    /// <param name="shape">Sizes, places, choices.</param>
    /// <param name="block">The block.</param>
    /// <param name="rule">The rule.</param>
    public static void Run<V, T, TRule>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> stepValues,
        ArrayView<T> lags,
        ArrayView<DeviceSeries<T>> series,
        ArrayView<DeviceWindow> windows,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<T> cells,
        ArrayView<int> moves,
        ArrayView<int> states,
        WarpingShape shape,
        WarpingBlock block,
        TRule rule)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        int team = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (team >= shape.Teams) return;
        WarpingTable<T> table = WarpingTables.Open(series, windows, shape, shape.FirstPair + team, exists: true, hasWindow: true, passColumns: 0);
        int state = team * StateSize;
        int row = states[state], column = states[state + 1], count = states[state + 2];
        long words = (long)team * block.MoveWords;
        int word = count % MovesPerWord == 0 ? 0 : moves[words + (count / MovesPerWord)];
        for (int step = 0; step < block.MostMoves && row >= 0 && column >= block.First; step++)
        {
            int move = Move<V, T, TRule>(x, y, stepValues, lags, bits, work, cells, shape, table, block, team, row, column, rule);
            bool isBegin = move == (int)WarpingMove.Diagonal ? row == 0 || column == 0 : move == (int)WarpingMove.Above ? row == 0 : column == 0;
            if (isBegin)
            {
                row = -1;
                continue;
            }

            word |= move << (MoveBits * (count % MovesPerWord));
            if (move != (int)WarpingMove.Left) row--;
            if (move != (int)WarpingMove.Above) column--;
            moves[words + (count / MovesPerWord)] = word;
            count++;
            if (count % MovesPerWord == 0) word = 0;
        }

        states[state] = row;
        states[state + 1] = column;
        states[state + 2] = count;
    }

    private static int Move<V, T, TRule>(
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> stepValues,
        ArrayView<T> lags,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<T> cells,
        WarpingShape shape,
        WarpingTable<T> table,
        WarpingBlock block,
        int team,
        int row,
        int column,
        TRule rule)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        // Where the diagonal counts a cost twice, the border is reached straight only: see WarpingBorders.
        bool isEdge = TRule.DoublesDiagonal && (row == 0 || column == 0);
        if (isEdge && ((row == 0 && column <= shape.BeginY) || (column == 0 && row <= shape.BeginX))) return (int)WarpingMove.Diagonal;
        V wall = V.Constant(double.PositiveInfinity);
        V diagonal = isEdge ? wall : Cell<V, T, TRule>(stepValues, bits, work, cells, shape, table, block, team, row - 1, column - 1);
        V above = Cell<V, T, TRule>(stepValues, bits, work, cells, shape, table, block, team, row - 1, column);
        V left = Cell<V, T, TRule>(stepValues, bits, work, cells, shape, table, block, team, row, column - 1);
        V cost = WarpingCosts.OfCell<V, T>(x, y, shape, table, 0, row, column);
        V sampleX = wall, sampleY = wall, rowValue = wall, columnValue = wall, lag = wall;
        if (TRule.ReadsSamples)
        {
            sampleX = V.Broadcast(x[table.X + (row * shape.XStep)]);
            sampleY = V.Broadcast(y[table.Y + (column * shape.YStep)]);
        }

        if (TRule.ReadsValues)
        {
            rowValue = V.Broadcast(stepValues[shape.XValues + table.XStep + row]);
            columnValue = V.Broadcast(stepValues[shape.YValues + table.YStep + column]);
        }

        if (TRule.ReadsLag) lag = V.Broadcast(lags[table.Lag + (row < column ? column - row : row - column)]);
        V fromDiagonal = rule.Cell(diagonal, wall, wall, cost, sampleX, sampleY, rowValue, columnValue, lag);
        V fromAbove = rule.Cell(wall, above, wall, cost, sampleX, sampleY, rowValue, columnValue, lag);
        V fromLeft = rule.Cell(wall, wall, left, cost, sampleX, sampleY, rowValue, columnValue, lag);
        if (!V.IsLess(fromAbove, fromDiagonal) && !V.IsLess(fromLeft, fromDiagonal)) return (int)WarpingMove.Diagonal;
        return V.IsLess(fromLeft, fromAbove) ? (int)WarpingMove.Left : (int)WarpingMove.Above;
    }

    /// <summary>A cell of the block, of the border before it, or of the table's border.</summary>
    private static V Cell<V, T, TRule>(
        ArrayView<T> stepValues,
        ArrayView<int> bits,
        ArrayView<T> work,
        ArrayView<T> cells,
        WarpingShape shape,
        WarpingTable<T> table,
        WarpingBlock block,
        int team,
        int row,
        int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TRule : unmanaged, IWarpingRule<T>
    {
        if (row < 0) return WarpingBorders.Above<V, T, TRule>(stepValues, shape, table, 0, column);
        if (column < 0) return WarpingBorders.Left<V, T, TRule>(stepValues, shape, table, 0, row);
        if (!WarpingTables.Allows(bits, table, row, column)) return V.Constant(double.PositiveInfinity);
        if (column >= block.First)
        {
            return V.Broadcast(cells[(team * shape.Result.BatchStride) + (row * shape.Result.RowStride) + (column - block.First)]);
        }

        return V.Broadcast(work[(team * shape.BorderTeam) + ((block.Number + 1) * shape.BorderSlot) + (row * shape.BorderRow)]);
    }
}
