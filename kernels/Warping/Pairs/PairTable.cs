using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>An alignment table cell by cell: its first row and column, from which the vectors start, and any neighbourhood of a path.</summary>
internal readonly unsafe struct PairTable<T, TCells>(in WarpingPair<T> pair, TCells cells)
    where T : unmanaged
    where TCells : struct, IPairCells<T>
{
    private readonly WarpingPair<T> _pair = pair;
    private readonly TCells _cells = cells;

    /// <summary>What stands in cells that the window leaves out, and where no path leads.</summary>
    public static T Outside => Element.Of<T>(double.PositiveInfinity);

    private static Lanes1<T> Infinity => new(Outside);

    /// <summary>Writes the first row.</summary>
    public void FirstRow(T* cells)
    {
        RowRange range = Range(0);
        for (int column = 0; column < _pair.Columns; column++) cells[column] = Edge(range, 0, column, column == 0 ? default : cells[column - 1], default);
    }

    /// <summary>Writes the first column, the corner included.</summary>
    public void FirstColumn(T* cells)
    {
        for (int row = 0; row < _pair.Rows; row++) cells[row] = Edge(Range(row), row, 0, default, row == 0 ? default : cells[row - 1]);
    }

    /// <summary>The columns that a row's window has, inside the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowRange Range(int row) => _pair.Problem.Window.Row(row, _pair.Rows, _pair.Columns).Within(_pair.Columns);

    /// <summary>Whether a cell of a row with that range lies in the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Allows(RowRange range, int row, int column) => column >= range.First && column < range.End
        && (!_pair.Problem.Window.HasHoles || _pair.Problem.Window.Allows(row, column, _pair.Rows, _pair.Columns));

    /// <summary>Whether a cell lies in the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Allows(int row, int column) => Allows(Range(row), row, column);

    /// <summary>From where a cell was reached: the diagonal before above before left, where they are equal.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="column">Its column.</param>
    /// <param name="value">The cell.</param>
    /// <param name="diagonal">Cell (row - 1, column - 1), where both are in the table.</param>
    /// <param name="left">Cell (row, column - 1), likewise.</param>
    /// <param name="above">Cell (row - 1, column), likewise.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WarpingMove Move(int row, int column, T value, T diagonal, T left, T above)
    {
        Surround(row, column, ref diagonal, ref left, ref above);
        if (IsSetBegin(row, column, diagonal) || Equal(value, Cell(row, column, new Lanes1<T>(diagonal), Infinity, Infinity))) return WarpingMove.Diagonal;
        return Equal(value, Cell(row, column, Infinity, new(above), Infinity)) ? WarpingMove.Above : WarpingMove.Left;
    }

    /// <summary>A cell of the first row or column.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private T Edge(RowRange range, int row, int column, T left, T above)
    {
        if (!Allows(range, row, column)) return Outside;
        T diagonal = default;
        Surround(row, column, ref diagonal, ref left, ref above);
        return IsSetBegin(row, column, diagonal) ? One(_cells.Cost<Lanes1<T>>(row, column)) : Cell(row, column, new(diagonal), new(above), new(left));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Equal(T value, T candidate) => Element.ToDouble(value) == Element.ToDouble(candidate);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T One(Lanes1<T> value) => Lanes1<T>.Sum(value);

    // A call of its own: with costs of many channels the steps of a path would become too large for the compiler to inline all of them.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private T Cell(int row, int column, Lanes1<T> diagonal, Lanes1<T> above, Lanes1<T> left) =>
        One(_cells.Cell(diagonal, above, left, _cells.Sample<Lanes1<T>>(row), row, column));

    /// <summary>Puts the border where a neighbour lies outside the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Surround(int row, int column, ref T diagonal, ref T left, ref T above)
    {
        if (row == 0) above = _cells.EntersStraight ? _pair.Top[column] : Outside;
        if (column == 0) left = _cells.EntersStraight ? _pair.Left[row] : Outside;
        if (row == 0) diagonal = _pair.Top[column - 1];
        else if (column == 0) diagonal = _pair.Left[row - 1];
    }

    /// <summary>Whether a path begins in a cell whose cost counts once although the diagonal counts it twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSetBegin(int row, int column, T diagonal) =>
        _cells.DoublesDiagonal && (row == 0 || column == 0) && Element.ToDouble(diagonal) == 0;
}
