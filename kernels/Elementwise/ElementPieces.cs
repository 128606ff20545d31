namespace FusionKernels.Kernels.Elementwise;

/// <summary>How rows and columns are cut into pieces of work: by their shape alone.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="RowsAtOnce">Rows of a piece.</param>
/// <param name="ColumnsAtOnce">Columns of a piece.</param>
internal readonly record struct ElementPieces(long Rows, long Columns, long RowsAtOnce, long ColumnsAtOnce)
{
    /// <summary>Elements of a piece: some microseconds of arithmetic, more than waking a thread costs, and no more than fits L2 with four operands.</summary>
    private const long PieceElements = 1 << 14;

    /// <summary>Pieces in all.</summary>
    public int Count => checked((int)(RowPieces * ColumnPieces));

    private long RowPieces => (Rows + RowsAtOnce - 1) / RowsAtOnce;

    private long ColumnPieces => (Columns + ColumnsAtOnce - 1) / ColumnsAtOnce;

    /// <summary>One piece.</summary>
    public ElementPiece this[int piece]
    {
        get
        {
            long row = piece % RowPieces * RowsAtOnce, column = piece / RowPieces * ColumnsAtOnce;
            return new(row, Math.Min(Rows, row + RowsAtOnce), column, Math.Min(Columns, column + ColumnsAtOnce));
        }
    }

    /// <summary>Pieces of both.</summary>
    public static ElementPieces Of(long rows, long columns) =>
        new(rows, columns, Math.Max(1, PieceElements / columns), Math.Min(columns, PieceElements));

    /// <summary>Pieces of whole rows.</summary>
    public static ElementPieces OfRows(long rows, long columns) => new(rows, columns, Math.Max(1, PieceElements / Math.Max(1, columns)), Math.Max(1, columns));

    /// <summary>Pieces of whole columns, of so many columns at least.</summary>
    public static ElementPieces OfColumns(long rows, long columns, int least) =>
        new(rows, columns, Math.Max(1, rows), Math.Max(least, PieceElements / Math.Max(1, rows) / least * least));
}

/// <summary>Some rows and columns.</summary>
internal readonly record struct ElementPiece(long Row, long RowEnd, long Column, long ColumnEnd);
