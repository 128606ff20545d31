using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>One row of a thread's 16 columns; for device code.</summary>
internal static class CellRows
{
    /// <summary>The gates of a row that the window leaves whole.</summary>
    private const int AllOpen = 0xFFFF;

    /// <summary>The next row.</summary>
    public static CellStrip<V> Next<V, T, TCost, TRule, TForm>(
        TRule rule,
        CellStrip<V> above,
        V diagonal,
        V left,
        V sample,
        CellStrip<V> samples,
        CellStrip<V> values,
        ArrayView<T> x,
        ArrayView<T> y,
        ArrayView<T> stepValues,
        ArrayView<T> lags,
        ArrayView<int> bits,
        WarpingShape shape,
        WarpingTable<T> table,
        int part,
        int row,
        int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
        where TForm : unmanaged, IWarpingForm
    {
        int gates = AllOpen;
        if (TForm.HasWindow) gates = WarpingTables.Gates(bits, table, row, first);
        V rowValue = default;
        if (TRule.ReadsValues) rowValue = V.Broadcast(stepValues[shape.XValues + (part * shape.XPartSteps) + table.XStep + row]);
        CellStrip<V> costs = default, lagValues = default;
        if (!TForm.IsOneChannel) costs = StripMemory.Costs<V, T>(x, y, shape, table, part, row, first);
        if (TRule.ReadsLag) lagValues = StripMemory.Lags<V, T>(lags, table, row, first);
        if (TRule.DoublesDiagonal && row == 0)
        {
            // A path begins from above: see WarpingBorders.
            V wall = V.Constant(double.PositiveInfinity);
            Quad<V> walls = new() { X = wall, Y = wall, Z = wall, W = wall };
            CellStrip<V> none = new() { A = walls, B = walls, C = walls, D = walls };
            return Row<V, T, TCost, TRule, TForm>(rule, above, none, left, sample, samples, values, rowValue, costs, lagValues, gates, isGated: true);
        }

        CellStrip<V> diagonals = new()
        {
            A = Behind(diagonal, above.A),
            B = Behind(above.A.W, above.B),
            C = Behind(above.B.W, above.C),
            D = Behind(above.C.W, above.D),
        };
        return !TForm.HasWindow || gates == AllOpen
            ? Row<V, T, TCost, TRule, TForm>(rule, above, diagonals, left, sample, samples, values, rowValue, costs, lagValues, gates, isGated: false)
            : Row<V, T, TCost, TRule, TForm>(rule, above, diagonals, left, sample, samples, values, rowValue, costs, lagValues, gates, isGated: true);
    }

    /// <summary>The least of a value and the row's cells in which a path may end.</summary>
    public static V Ends<V, T>(V least, CellStrip<V> cells, WarpingShape shape, WarpingTable<T> table, int row, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        int last = table.Columns - 1 - first;
        int begin = row == table.Rows - 1 && shape.EndY > 0 ? last - shape.EndY : last;

        // EndY may be any int.
        if (begin > last) begin = 0;
        least = Ends<V, T>(least, cells.A, begin, last);
        least = Ends<V, T>(least, cells.B, begin - 4, last - 4);
        least = Ends<V, T>(least, cells.C, begin - 8, last - 8);
        return Ends<V, T>(least, cells.D, begin - 12, last - 12);
    }

    /// <summary>One of the cells.</summary>
    public static V At<V, T>(CellStrip<V> cells, int index)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V wall = V.Constant(double.PositiveInfinity);
        V first = Ends<V, T>(Ends<V, T>(wall, cells.A, index, index), cells.B, index - 4, index - 4);
        return Ends<V, T>(Ends<V, T>(first, cells.C, index - 8, index - 8), cells.D, index - 12, index - 12);
    }

    private static V Ends<V, T>(V least, Quad<V> cells, int begin, int last)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (begin <= 0 && last >= 0) least = V.Min(least, cells.X);
        if (begin <= 1 && last >= 1) least = V.Min(least, cells.Y);
        if (begin <= 2 && last >= 2) least = V.Min(least, cells.Z);
        if (begin <= 3 && last >= 3) least = V.Min(least, cells.W);
        return least;
    }

    /// <summary>The cells one column to the left.</summary>
    private static Quad<V> Behind<V>(V before, Quad<V> cells)
        where V : unmanaged => new() { X = before, Y = cells.X, Z = cells.Y, W = cells.Z };

    private static CellStrip<V> Row<V, T, TCost, TRule, TForm>(
        TRule rule,
        CellStrip<V> above,
        CellStrip<V> diagonals,
        V left,
        V sample,
        CellStrip<V> samples,
        CellStrip<V> values,
        V rowValue,
        CellStrip<V> costs,
        CellStrip<V> lags,
        int gates,
        bool isGated)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
        where TForm : unmanaged, IWarpingForm
    {
        CellStrip<V> next;
        next.A = Cells<V, T, TCost, TRule, TForm>(rule, above.A, diagonals.A, left, sample, samples.A, values.A, rowValue, costs.A, lags.A, gates, isGated);
        next.B = Cells<V, T, TCost, TRule, TForm>(rule, above.B, diagonals.B, next.A.W, sample, samples.B, values.B, rowValue, costs.B, lags.B, gates >> 4, isGated);
        next.C = Cells<V, T, TCost, TRule, TForm>(rule, above.C, diagonals.C, next.B.W, sample, samples.C, values.C, rowValue, costs.C, lags.C, gates >> 8, isGated);
        next.D = Cells<V, T, TCost, TRule, TForm>(rule, above.D, diagonals.D, next.C.W, sample, samples.D, values.D, rowValue, costs.D, lags.D, gates >> 12, isGated);
        return next;
    }

    private static Quad<V> Cells<V, T, TCost, TRule, TForm>(
        TRule rule,
        Quad<V> above,
        Quad<V> diagonals,
        V left,
        V x,
        Quad<V> y,
        Quad<V> values,
        V rowValue,
        Quad<V> costs,
        Quad<V> lags,
        int gates,
        bool isGated)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
        where TForm : unmanaged, IWarpingForm
    {
        Quad<V> next;
        next.X = Gated<V, T>(Cell<V, T, TCost, TRule, TForm>(rule, diagonals.X, above.X, left, costs.X, x, y.X, rowValue, values.X, lags.X), gates & 1, isGated);
        next.Y = Gated<V, T>(Cell<V, T, TCost, TRule, TForm>(rule, diagonals.Y, above.Y, next.X, costs.Y, x, y.Y, rowValue, values.Y, lags.Y), gates & 2, isGated);
        next.Z = Gated<V, T>(Cell<V, T, TCost, TRule, TForm>(rule, diagonals.Z, above.Z, next.Y, costs.Z, x, y.Z, rowValue, values.Z, lags.Z), gates & 4, isGated);
        next.W = Gated<V, T>(Cell<V, T, TCost, TRule, TForm>(rule, diagonals.W, above.W, next.Z, costs.W, x, y.W, rowValue, values.W, lags.W), gates & 8, isGated);
        return next;
    }

    private static V Cell<V, T, TCost, TRule, TForm>(
        TRule rule, V diagonal, V above, V left, V cost, V x, V y, V rowValue, V columnValue, V lag)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>
        where TForm : unmanaged, IWarpingForm
    {
        if (TForm.IsOneChannel && TRule.AddsCost && TCost.IsSum) return TCost.Add(rule.Reach(diagonal, above, left), x, y);
        if (TForm.IsOneChannel) cost = TCost.Finish(TCost.First(x, y));
        return rule.Cell(diagonal, above, left, cost, x, y, rowValue, columnValue, lag);
    }

    private static V Gated<V, T>(V cell, int gate, bool isGated)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        if (isGated && gate == 0) return V.Constant(double.PositiveInfinity);
        return cell;
    }
}
