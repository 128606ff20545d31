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
    /// <param name="spare">Room for as many rows of <see cref="Pitch"/>.</param>
    public static void Store<T>(T* tile, int width, int lanes, int count, T* target, long rowStride, long columnStride, T* spare)
        where T : unmanaged
    {
        if (columnStride == 1 && (count < lanes || rowStride > int.MaxValue || Collides<T>(rowStride)))
        {
            int pitch = Pitch<T>(width);
            TileTranspose.Scatter(tile, width, lanes, spare, pitch);
            for (int lane = 0; lane < count; lane++) new ReadOnlySpan<T>(spare + (lane * pitch), width).CopyTo(new(target + (lane * rowStride), width));
            return;
        }

        if (columnStride == 1)
        {
            TileTranspose.Scatter(tile, width, lanes, target, (int)rowStride);
            return;
        }

        for (int lane = 0; lane < count; lane++, target += rowStride)
        {
            for (int d = 0; d < width; d++) target[d * columnStride] = tile[(d * lanes) + lane];
        }
    }

    /// <summary>Whether rows so far apart fall into few sets of a cache: steps of 2 KiB leave one of 64 sets two of them, and what goes through 48 rows in turn took twice as long.</summary>
    public static bool Collides<T>(long rowStride)
        where T : unmanaged => rowStride != 0 && rowStride * sizeof(T) % 2048 == 0;

    /// <summary>Elements from row to row of working memory for rows of a width.</summary>
    public static int Pitch<T>(int width)
        where T : unmanaged => Collides<T>(width) ? width + (64 / sizeof(T)) : width;

    /// <summary>Copies rows to where their features lie side by side.</summary>
    public static void Copy<T>(T* from, long rowStride, long columnStride, int rows, int width, T* to, int pitch)
        where T : unmanaged
    {
        for (int r = 0; r < rows; r++, from += rowStride, to += pitch)
        {
            if (columnStride == 1) new ReadOnlySpan<T>(from, width).CopyTo(new(to, width));
            else for (int d = 0; d < width; d++) to[d] = from[d * columnStride];
        }
    }
}
