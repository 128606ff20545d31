using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>A path on its way from its end to its begin.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class PairTrace<T>
    where T : unmanaged
{
    private readonly List<int> _rows = [];
    private readonly List<int> _columns = [];

    /// <summary>Starts at the end.</summary>
    /// <param name="end">The last cell of the path.</param>
    /// <param name="returnsToBlocks">Whether another path will be traced from nearby, so that a block is worth computing whole.</param>
    public PairTrace(PairEnd<T> end, bool returnsToBlocks = false)
    {
        ReturnsToBlocks = returnsToBlocks;
        Continue(end.Row, end.Column, end.Value);
    }

    /// <summary>Whether another path will be traced from nearby.</summary>
    public bool ReturnsToBlocks { get; }

    /// <summary>The row of the cell reached.</summary>
    public int Row { get; private set; }

    /// <summary>Its column.</summary>
    public int Column { get; private set; }

    /// <summary>Its value.</summary>
    public T Value { get; private set; }

    /// <summary>Goes to the cell before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Continue(int row, int column, T value)
    {
        (Row, Column, Value) = (row, column, value);
        Pass(row, column);
    }

    /// <summary>Goes a step of a pattern back, through the cells that it passes.</summary>
    public void Follow(WarpingStep step, T value)
    {
        for (int passed = step.Cells.Count - 2; passed >= 0; passed--) Pass(Row - step.Cells[passed].Rows, Column - step.Cells[passed].Columns);
        Continue(Row - step.Rows, Column - step.Columns, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Pass(int row, int column)
    {
        _rows.Add(row);
        _columns.Add(column);
    }

    /// <summary>Rows and columns of the cells so far, from the begin of the path on.</summary>
    public (int[] X, int[] Y) Forward()
    {
        int[] x = [.. _rows], y = [.. _columns];
        Array.Reverse(x);
        Array.Reverse(y);
        return (x, y);
    }
}
