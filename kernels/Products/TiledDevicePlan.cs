namespace FusionKernels.Kernels.Products;

/// <summary>How a tiled product runs on a device: the one place that decides it.</summary>
/// <param name="Tile">The kernel.</param>
/// <param name="TileRows">Tiles from top to bottom.</param>
/// <param name="TileColumns">Tiles from left to right.</param>
/// <param name="TilesPerMatrix">Tiles that are computed per matrix of the batch.</param>
/// <param name="Tiles">Tiles that are computed, of all matrices.</param>
/// <param name="TilesPerLaunch">Tiles of one launch, at most.</param>
internal readonly record struct TiledDevicePlan(
    ProductTile Tile, int TileRows, int TileColumns, long TilesPerMatrix, long Tiles, int TilesPerLaunch)
{
    /// <summary>Two stages of two operands, of (edge + 4) x depth elements each.</summary>
    private const int StagedElements64 = 2 * 2 * 68 * 16;

    /// <summary>Rows and columns of a tile.</summary>
    public int Edge => (int)Tile;

    /// <summary>Threads of a group.</summary>
    public int GroupSize => Tile == ProductTile.Edge8 ? 64 : TiledProductKernel.GroupSize;

    /// <summary>Decides.</summary>
    /// <param name="limits">The device.</param>
    /// <param name="elementBytes">4 or 8.</param>
    /// <param name="rows">Rows of the result, at least 1.</param>
    /// <param name="columns">Columns of the result, at least 1.</param>
    /// <param name="depth">Features.</param>
    /// <param name="batch">Matrices, at least 1.</param>
    /// <param name="isSymmetric">Whether half the tiles are mirrored.</param>
    public static TiledDevicePlan Choose(
        in DeviceLimits limits, int elementBytes, int rows, int columns, int depth, int batch, bool isSymmetric)
    {
        ProductTile tile = ChooseTile(limits, elementBytes, rows, columns, batch, isSymmetric);
        return With(tile, limits, rows, columns, depth, batch, isSymmetric);
    }

    /// <summary>The plan with a given tile.</summary>
    public static TiledDevicePlan With(
        ProductTile tile, in DeviceLimits limits, int rows, int columns, int depth, int batch, bool isSymmetric)
    {
        int edge = (int)tile;
        long perMatrix = CountTiles(edge, rows, columns, isSymmetric);
        double flopsPerTile = 2.0 * edge * edge * Math.Max(1, depth);
        return new(
            tile, TilesAlong(rows, edge), TilesAlong(columns, edge), perMatrix, perMatrix * batch, limits.GroupsPerLaunch(flopsPerTile));
    }

    /// <summary>In words, for reports.</summary>
    public override string ToString() => $"{Edge} x {Edge} tiles";

    /// <summary>The biggest tile of which there are enough to occupy the device; a big one does more with what it reads.</summary>
    private static ProductTile ChooseTile(
        in DeviceLimits limits, int elementBytes, int rows, int columns, int batch, bool isSymmetric)
    {
        if (limits.MaxGroupSize < TiledProductKernel.GroupSize) return ProductTile.Edge8;
        if (limits.SharedMemoryPerGroup < StagedElements64 * elementBytes) return ProductTile.Edge16;
        if (elementBytes == 4 && CountTiles(128, rows, columns, isSymmetric) * batch >= limits.ComputeUnits
            && Math.Min(rows, columns) > 64) return ProductTile.Edge128;

        // A 64-tile has 16 times the work of a 16-tile at some 4 times its efficiency.
        return CountTiles(64, rows, columns, isSymmetric) * batch * 4 >= limits.ComputeUnits && Math.Min(rows, columns) > 16
            ? ProductTile.Edge64
            : ProductTile.Edge16;
    }

    private static long CountTiles(int edge, int rows, int columns, bool isSymmetric) =>
        TilePosition.Count(TilesAlong(rows, edge), TilesAlong(columns, edge), isSymmetric);

    private static int TilesAlong(int extent, int edge) => (int)(((long)extent + edge - 1) / edge);
}
