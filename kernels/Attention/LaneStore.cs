using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Attention;

/// <summary>Stores tiles that hold a row of the result in each lane.</summary>
internal static unsafe class LaneStore
{
    /// <summary>Writes tile(d, lane) to target[lane * rowStride + d * columnStride].</summary>
    /// <param name="tile">width x lanes.</param>
    /// <param name="width">Features.</param>
    /// <param name="lanes">Lanes of the tile.</param>
    /// <param name="count">Lanes that are rows of the result.</param>
    /// <param name="target">The first row.</param>
    /// <param name="rowStride">Elements from row to row.</param>
    /// <param name="columnStride">Elements from column to column.</param>
    public static void Store<T>(T* tile, int width, int lanes, int count, T* target, long rowStride, long columnStride)
        where T : unmanaged
    {
        if (columnStride == 1 && count == lanes && rowStride <= int.MaxValue)
        {
            TileTranspose.Scatter(tile, width, lanes, target, (int)rowStride);
            return;
        }

        for (int lane = 0; lane < count; lane++, target += rowStride)
        {
            for (int d = 0; d < width; d++) target[d * columnStride] = tile[(d * lanes) + lane];
        }
    }
}
