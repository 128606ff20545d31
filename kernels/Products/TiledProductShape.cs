namespace FusionKernels.Kernels.Products;

/// <summary>Sizes and layouts of one tiled product on a device, as a kernel argument.</summary>
internal struct TiledProductShape
{
    /// <summary>Rows of x and of the result.</summary>
    public int Rows;

    /// <summary>Rows of y, which are the columns of the result.</summary>
    public int Columns;

    /// <summary>Features: columns of x and of y.</summary>
    public int Depth;

    /// <summary>Tiles of the result from left to right.</summary>
    public int TileColumns;

    /// <summary>Tiles of the result from top to bottom.</summary>
    public int TileRows;

    /// <summary>1 where x is y: only tiles on and above the diagonal are computed, and mirrored; else 0.</summary>
    public int IsSymmetric;

    /// <summary>1 where the centre is subtracted from both operands, else 0.</summary>
    public int IsCentred;

    /// <summary>1 where rows and columns have values, else 0.</summary>
    public int HasRowValues;

    /// <summary>Number of the first tile of this launch; tiles are numbered through the batch.</summary>
    public long FirstTile;

    /// <summary>Tiles computed per matrix of the batch.</summary>
    public long TilesPerMatrix;

    /// <summary>The left operand, rows x depth.</summary>
    public DeviceLayout X;

    /// <summary>The right operand, columns x depth.</summary>
    public DeviceLayout Y;

    /// <summary>The result, rows x columns.</summary>
    public DeviceLayout Result;

    /// <summary>Elements between the row values of one matrix of the batch and those of the next.</summary>
    public long RowValuesStride;

    /// <summary>Elements between the column values of one matrix of the batch and those of the next.</summary>
    public long ColumnValuesStride;
}
