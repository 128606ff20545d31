namespace FusionKernels.Kernels.Products;

/// <summary>Which tile of which matrix a group of threads owns.</summary>
internal struct TilePosition
{
    /// <summary>Tile rows walked down before the next tile column, so that groups in flight share operands in the cache.</summary>
    private const int PanelRows = 8;

    /// <summary>The matrix of the batch.</summary>
    public long Matrix;

    /// <summary>The first row.</summary>
    public int Row;

    /// <summary>The first column.</summary>
    public int Column;

    /// <summary>The tiles of one matrix: all of them, or those on and above the diagonal.</summary>
    public static long Count(int tileRows, int tileColumns, bool isSymmetric) =>
        isSymmetric ? tileRows * (tileRows + 1L) / 2 : (long)tileRows * tileColumns;

    /// <summary>The place of a tile.</summary>
    public static TilePosition Of(TiledProductShape shape, long tile, int edge)
    {
        long matrix = tile / shape.TilesPerMatrix;
        long rest = tile - (matrix * shape.TilesPerMatrix);
        return shape.IsSymmetric != 0 ? Folded(matrix, rest, shape.TileRows, edge) : Panelled(matrix, rest, shape, edge);
    }

    private static TilePosition Panelled(long matrix, long rest, TiledProductShape shape, int edge)
    {
        long panelTiles = (long)PanelRows * shape.TileColumns;
        long panel = rest / panelTiles;
        long within = rest - (panel * panelTiles);
        long height = shape.TileRows - (panel * PanelRows);
        if (height > PanelRows) height = PanelRows;
        long column = within / height;
        long row = (panel * PanelRows) + within - (column * height);
        return new() { Matrix = matrix, Row = (int)row * edge, Column = (int)column * edge };
    }

    /// <summary>
    /// The triangle folded into a rectangle without a square root: the rectangle's line holds tile row <c>line</c> from the
    /// diagonal on and, in front of it, the tile row from below that fills the line.
    /// </summary>
    private static TilePosition Folded(long matrix, long rest, int tiles, int edge)
    {
        long even = 1 - (tiles & 1);
        long width = tiles + even;
        long line = rest / width;
        long place = rest - (line * width);
        bool isUpper = place >= line + even;
        long row = isUpper ? line : tiles - line - even;
        long column = isUpper ? place - even : tiles - 1 - place;
        return new() { Matrix = matrix, Row = (int)row * edge, Column = (int)column * edge };
    }
}
