using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>A region of an alignment table through which paths are traced: all of its cells where they are few, otherwise some of its rows and columns, between which a level below computes the cells again.</summary>
/// <remarks>
/// A path through a table cut into b x b blocks meets fewer than 2b of them, so that tracing computes 2/b of the cells once more
/// while the kept rows and columns take b (rows + columns) cells of memory.
/// </remarks>
internal sealed unsafe class PairLevel<V, T, TCells>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCells : struct, IPairCells<T>
{
    /// <summary>Blocks per side: an eighth of the cells is computed twice.</summary>
    private const int BlocksPerSide = 16;

    /// <summary>
    /// The most cells of a region that are kept: 1 MiB at 4 bytes, which a second-level cache holds. Memory that is new to the
    /// process takes longer, page by page, than the cells in it.
    /// </summary>
    private const long MostRecorded = 1 << 18;

    private T[] _memory = [];
    private PairLevel<V, T, TCells>? _below;
    private int _top;
    private int _bottom;
    private int _left;
    private int _right;
    private int _rowStep;
    private int _columnStep;
    private bool _records;

    /// <summary>Bytes that this level and those below it hold.</summary>
    public long Bytes => ((long)_memory.Length * sizeof(T)) + (_below?.Bytes ?? 0);

    /// <summary>Cells of row Top, columns Left to Right; the caller's to fill.</summary>
    public T* TopCells => (T*)Unsafe.AsPointer(ref _memory[0]);

    /// <summary>Cells of column Left, rows Top to Bottom; the caller's to fill.</summary>
    public T* LeftCells => TopCells + Columns + 1;

    /// <summary>Once computed, cells of the last column, rows Top to Bottom.</summary>
    public T* LastColumn => LeftCells + Rows + 1;

    /// <summary>Once computed, cells of the last row, columns Left to Right.</summary>
    public T* LastRow => LastColumn + Rows + 1 + WarpingPair<T>.Padding;

    private int Rows => _bottom - _top;

    private int Columns => _right - _left;

    private T* Kept => LastRow + Columns + 1 + WarpingPair<T>.Padding;

    /// <summary>Takes a region: (top, bottom] x (left, right].</summary>
    public void Enter(int top, int bottom, int left, int right)
    {
        (_top, _bottom, _left, _right) = (top, bottom, left, right);
        _below?.Leave();
        (_rowStep, _columnStep) = (Step(Rows), Step(Columns));
        long recorded = PairRecord<T>.Length(Rows, Columns, PairStrips<V, T, TCells>.FullRows);
        _records = recorded <= MostRecorded;
        long kept = _records ? recorded : (Columns / _columnStep * (Rows + 1L)) + (Rows / _rowStep * (Columns + 1L));
        long length = (2L * (Columns + 1)) + (2L * (Rows + 1)) + (2 * WarpingPair<T>.Padding) + kept;
        if (_memory.Length < length) _memory = GC.AllocateUninitializedArray<T>(checked((int)length), pinned: true);
    }

    /// <summary>Computes the region from the cells before it.</summary>
    /// <param name="strips">The strips of the table.</param>
    /// <param name="reportsProgress">Whether this is the pass over all rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(ref PairStrips<V, T, TCells> strips, bool reportsProgress)
    {
        new Span<T>(TopCells, Columns + 1).CopyTo(new(LastRow, Columns + 1));
        new Span<T>(LeftCells, Rows + 1).CopyTo(new(LastColumn, Rows + 1));
        LastRow[0] = LeftCells[Rows];
        LastColumn[0] = TopCells[Columns];
        if (Rows == 0 || Columns == 0) return;
        LastRow[0] = TopCells[0];
        if (_records)
        {
            strips.Run(Region(_top, _bottom, Kept), reportsProgress);
            return;
        }

        for (int column = _columnStep, kept = 0; column <= Columns; column += _columnStep, kept++) KeptColumn(kept)[0] = TopCells[column];
        for (int top = _top, kept = 0; top < _bottom; top += _rowStep, kept++)
        {
            strips.Run(Region(top, Math.Min(_bottom, top + _rowStep), null), reportsProgress);
            if (kept < Rows / _rowStep) new Span<T>(LastRow, Columns + 1).CopyTo(new(KeptRow(kept), Columns + 1));
        }
    }

    /// <summary>Follows a path backwards until it leaves the region at row Top or column Left.</summary>
    /// <param name="strips">The strips of the table.</param>
    /// <param name="table">The table's cells.</param>
    /// <param name="path">Receives the cells on the way, the one where it leaves last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Trace(ref PairStrips<V, T, TCells> strips, in PairTable<T, TCells> table, PairTrace<T> path)
    {
        while (path.Row > _top && path.Column > _left)
        {
            if (_records) Step(table, path);
            else Block(ref strips, path).Trace(ref strips, table, path);
        }
    }

    private static int Step(int length)
    {
        // Whole strips of every width, and more columns from one kept column to the next than a strip has rows.
        const int Multiple = 2 * WarpingPair<T>.Padding;
        int step = (length + BlocksPerSide - 1) / BlocksPerSide;
        return Math.Max(1, (step + Multiple - 1) / Multiple) * Multiple;
    }

    private T* KeptColumn(int index) => Kept + (index * (Rows + (nint)1));

    private T* KeptRow(int index) => KeptColumn(Columns / _columnStep) + (index * (Columns + (nint)1));

    private PairRegion<T> Region(int top, int bottom, T* record) => new()
    {
        Top = top,
        Bottom = bottom,
        Left = _left,
        Right = _right,
        Border = LastRow,
        LeftCells = LeftCells + (top - _top),
        LastColumn = LastColumn + (top - _top),
        Record = record,
        CaptureStep = record is null ? _columnStep : 0,
        Captured = record is null ? Kept + (top - _top) : null,
        CaptureStride = Rows + 1,
    };

    private void Leave() => (_top, _bottom, _left, _right) = (-1, -1, -1, -1);

    private bool Holds(int top, int left, int row, int column) => _top == top && _left == left && row <= _bottom && column <= _right;

    /// <summary>The level below, with the block that holds the path's cell computed up to there.</summary>
    private PairLevel<V, T, TCells> Block(ref PairStrips<V, T, TCells> strips, PairTrace<T> path)
    {
        int row = (path.Row - _top - 1) / _rowStep, column = (path.Column - _left - 1) / _columnStep;
        int top = _top + (row * _rowStep), left = _left + (column * _columnStep);
        PairLevel<V, T, TCells> below = _below ??= new();
        if (below.Holds(top, left, path.Row, path.Column)) return below;
        int bottom = path.ReturnsToBlocks ? Math.Min(_bottom, top + _rowStep) : path.Row;
        int right = path.ReturnsToBlocks ? Math.Min(_right, left + _columnStep) : path.Column;
        below.Enter(top, bottom, left, right);
        T* rowCells = (row == 0 ? TopCells : KeptRow(row - 1)) + (left - _left), columnCells = (column == 0 ? LeftCells : KeptColumn(column - 1)) + (top - _top);
        new Span<T>(rowCells, right - left + 1).CopyTo(new(below.TopCells, right - left + 1));
        new Span<T>(columnCells, bottom - top + 1).CopyTo(new(below.LeftCells, bottom - top + 1));
        below.Compute(ref strips, reportsProgress: false);
        return below;
    }

    // Tens of thousands of steps make a path: in code that is optimised only after a while they take longer than the table.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Step(in PairTable<T, TCells> table, PairTrace<T> path)
    {
        int row = path.Row, column = path.Column;
        T diagonal = Cell(table, row - 1, column - 1), left = Cell(table, row, column - 1), above = Cell(table, row - 1, column);
        switch (table.Move(row, column, path.Value, diagonal, left, above))
        {
            case WarpingMove.Diagonal: path.Continue(row - 1, column - 1, diagonal); break;
            case WarpingMove.Above: path.Continue(row - 1, column, above); break;
            default: path.Continue(row, column - 1, left); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Cell(in PairTable<T, TCells> table, int row, int column) =>
        row == _top ? TopCells[column - _left]
        : column == _left ? LeftCells[row - _top]
        : table.Allows(row, column) ? new PairRecord<T>(Kept, _top, _left, Columns, PairStrips<V, T, TCells>.FullRows)[row, column]
        : PairTable<T, TCells>.Outside;
}
