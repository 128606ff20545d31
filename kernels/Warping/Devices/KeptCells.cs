using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>What a thread keeps of the rows that it makes, for a table or for paths; for device code.</summary>
/// <remarks>
/// A team's working memory for paths: the border in use, the borders before the blocks of strips, the last row, the last column.
/// Between the borders a block is computed again, cell for cell, when a path comes to it.
/// </remarks>
internal static class KeptCells
{
    /// <summary>Where the border left of a strip begins in a team's working memory: those before a block have places of their own.</summary>
    public static long Border(WarpingShape shape, int strip)
    {
        if (shape.BorderSlot == 0) return 0;
        int block = strip / shape.BlockPasses;
        return block * shape.BlockPasses == strip ? (block + 1) * shape.BorderSlot : 0;
    }

    /// <summary>Writes a row wherever it is wanted.</summary>
    public static void Store<V, T>(
        CellStrip<V> cells, ArrayView<T> work, ArrayView<T> result, WarpingShape shape, WarpingTable<T> table, int team, int strip, int width, int row, int first)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        int left = table.Columns - first;
        if (shape.StoresTable != 0 || shape.StoresCells != 0)
        {
            int begin = shape.StoresCells != 0 ? strip / shape.BlockPasses * shape.BlockPasses * width : 0;
            long place = shape.Result.Offset + (team * shape.Result.BatchStride) + (row * shape.Result.RowStride);
            StoreRow(cells, result.Cast<V>(), place + ((first - begin) * shape.Result.ColumnStride), shape.Result.ColumnStride, left);
        }

        if (shape.KeepsBorders == 0) return;
        ArrayView<V> kept = work.Cast<V>();
        long own = team * shape.BorderTeam;
        if (row == table.Rows - 1) StoreRow(cells, kept, own + ((shape.LastRow + first) * shape.BorderRow), shape.BorderRow, left);
        if (left > 0 && left <= CellStrip<V>.Width) kept[own + ((shape.LastRow + shape.MostColumns + row) * shape.BorderRow)] = CellRows.At<V, T>(cells, left - 1);
    }

    private static void StoreRow<V>(CellStrip<V> cells, ArrayView<V> values, long place, long stride, int left)
        where V : unmanaged
    {
        StoreQuad(values, place, stride, cells.A, left);
        StoreQuad(values, place + (4 * stride), stride, cells.B, left - 4);
        StoreQuad(values, place + (8 * stride), stride, cells.C, left - 8);
        StoreQuad(values, place + (12 * stride), stride, cells.D, left - 12);
    }

    private static void StoreQuad<V>(ArrayView<V> values, long place, long stride, Quad<V> cells, int left)
        where V : unmanaged
    {
        if (left > 0) values[place] = cells.X;
        if (left > 1) values[place + stride] = cells.Y;
        if (left > 2) values[place + (2 * stride)] = cells.Z;
        if (left > 3) values[place + (3 * stride)] = cells.W;
    }
}
