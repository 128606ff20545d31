namespace FusionKernels.Kernels.Correlation;

/// <summary>Where the half on and above the diagonal of a symmetric product lies: panels of columns, each of rows at a stride.</summary>
internal readonly struct HalfLayout
{
    /// <summary>Columns of a panel where a product lies row by row.</summary>
    private const int RowsPanel = 64;

    private readonly long[] _starts;
    private readonly int _tileRows;

    private HalfLayout(int width, long stride, int tileRows, long length, long[] starts)
    {
        (Width, Stride, Length) = (width, stride, length);
        (_tileRows, _starts) = (tileRows, starts);
    }

    /// <summary>Columns of a panel.</summary>
    public int Width { get; }

    /// <summary>Elements from row to row of a panel.</summary>
    public long Stride { get; }

    /// <summary>Elements in all.</summary>
    public long Length { get; }

    /// <summary>Panels.</summary>
    public int Panels => _starts.Length;

    /// <summary>Register tiles, each as it is summed: those of one panel of columns from row 0 down to the diagonal, panel behind panel.</summary>
    public static HalfLayout Tiled(int features, int tileRows, int tileColumns)
    {
        long[] starts = new long[(features + tileColumns - 1) / tileColumns];
        long length = 0;
        for (int panel = 0; panel < starts.Length; panel++)
        {
            starts[panel] = length;
            length += (Math.Min((panel + 1) * tileColumns, features) + tileRows - 1) / tileRows * (long)tileRows * tileColumns;
        }

        return new(tileColumns, tileColumns, tileRows, length, starts);
    }

    /// <summary>Row by row.</summary>
    public static HalfLayout Rows(int features, int stride)
    {
        long[] starts = new long[(features + RowsPanel - 1) / RowsPanel];
        for (int panel = 0; panel < starts.Length; panel++) starts[panel] = (long)panel * RowsPanel;
        return new(RowsPanel, stride, 1, (long)features * stride, starts);
    }

    /// <summary>Where row 0 of a panel begins.</summary>
    public long Start(int panel) => _starts[panel];

    /// <summary>Where an element lies.</summary>
    public long At(int row, int column) => _starts[column / Width] + (row * Stride) + (column % Width);

    /// <summary>Register tiles of a panel.</summary>
    public int Tiles(int panel) => (int)(((panel + 1 == Panels ? Length : _starts[panel + 1]) - _starts[panel]) / (_tileRows * Stride));
}
