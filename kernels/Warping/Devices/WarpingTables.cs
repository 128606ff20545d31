using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>How kernels find their pair and read its window; for device code.</summary>
internal static class WarpingTables
{
    /// <summary>A pair by its number, or the empty table of a team that has none.</summary>
    public static WarpingTable<T> Open<T>(
        ArrayView<DeviceSeries<T>> series, ArrayView<DeviceWindow> windows, WarpingShape shape, long pair, bool exists, bool hasWindow, int passColumns)
        where T : unmanaged
    {
        WarpingTable<T> table = default;
        if (!exists) return table;
        long width = shape.IsSymmetric != 0 ? shape.Columns + 1 : shape.Columns;
        int row = (int)(pair / width);
        int column = (int)(pair - (row * width));
        if (shape.IsSymmetric != 0)
        {
            // The triangle's row and the one that fills it up to the width make one row of a rectangle.
            int length = shape.Columns - row;
            if (column < length)
            {
                column += row;
            }
            else
            {
                row = shape.Columns - 1 - row;
                column = row + (column - length);
            }
        }

        DeviceSeries<T> x = series[row], y = series[shape.FirstY + column];
        table.Rows = x.Length;
        table.Columns = y.Length;
        table.RowsValue = x.LengthValue;
        table.ColumnsValue = y.LengthValue;
        table.X = x.Start;
        table.Y = y.Start;
        table.XStep = x.FirstStep;
        table.YStep = y.FirstStep;
        table.ResultRow = x.Index;
        table.ResultColumn = y.Index;
        table.Passes = passColumns > 0 ? (y.Length + passColumns - 1) / passColumns : x.Length;
        table.Lag = FirstLag(shape, x.Length < y.Length ? y.Length : x.Length);
        if (hasWindow) table.Window = windows[((long)x.LengthClass * shape.ColumnClasses) + y.LengthClass];
        return table;
    }

    /// <summary>A bit for each of 16 columns, from a multiple of 16 on, of a row: 1 where the window lets a path pass.</summary>
    public static int Gates<T>(ArrayView<int> bits, WarpingTable<T> table, int row, int first)
        where T : unmanaged
    {
        if (table.Window.Bits < 0)
        {
            int begin = row - table.Window.Below - first;
            int end = row + table.Window.Above - first;
            begin = begin < 0 ? 0 : begin;
            begin = begin > 16 ? 16 : begin;
            end = end < 0 ? 0 : end;
            end = end > 16 ? 16 : end;
            return ((1 << end) - 1) & ~((1 << begin) - 1);
        }

        if (first >= table.Columns) return 0;
        return (bits[table.Window.Bits + ((long)row * table.Window.Words) + (first >> 5)] >> (first & 31)) & 0xFFFF;
    }

    /// <summary>Whether the window lets a path pass one cell.</summary>
    public static bool Allows<T>(ArrayView<int> bits, WarpingTable<T> table, int row, int column)
        where T : unmanaged =>
        ((Gates(bits, table, row, column & ~15) >> (column & 15)) & 1) != 0;

    /// <summary>
    /// Where the values of a longer length begin. Weights depend on lag - longer / 2 alone, so that one list for integers and one
    /// for halves, each as long as the longest length needs, serve every length.
    /// </summary>
    private static int FirstLag(WarpingShape shape, int longer)
    {
        if (shape.OddLags == 0) return 0;
        int start = shape.HalfLags - (longer >> 1);
        return (longer & 1) == 0 ? start : shape.OddLags + start;
    }
}
