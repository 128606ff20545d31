using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Keeps what ends a path: the last cell of each row, and the last row. Copies the whole table for who wants it.</summary>
internal unsafe struct PatternEnds<T> : IPatternObserver<T>
    where T : unmanaged
{
    /// <summary>The pair.</summary>
    public required WarpingPair<T> Pair;

    /// <summary>How to run.</summary>
    public required RunSettings Settings;

    /// <summary>Receives the last cell of each row.</summary>
    public required T* LastColumn;

    /// <summary>Receives the last row.</summary>
    public required T* LastRow;

    /// <summary>Receives all cells; null for none.</summary>
    public T* Table;

    /// <summary>Elements from row to row of the table.</summary>
    public nint RowStride;

    /// <summary>Elements from column to column.</summary>
    public nint ColumnStride;

    /// <summary>Where the best path ends.</summary>
    public readonly PairEnd<T> End => PairEnd<T>.Of(Pair.Problem.Ends, Pair.Rows, Pair.Columns, LastRow, 1, LastColumn, 1);

    /// <inheritdoc/>
    public readonly void Computed(int row, T* cells)
    {
        Settings.Cancellation.ThrowIfCancellationRequested();
        LastColumn[row] = cells[Pair.Columns - 1];
        if (row == Pair.Rows - 1) new Span<T>(cells, Pair.Columns).CopyTo(new(LastRow, Pair.Columns));
        if (Table is not null)
        {
            T* target = Table + (row * RowStride);
            for (int column = 0; column < Pair.Columns; column++, target += ColumnStride) *target = cells[column];
        }

        Settings.Progress?.Report((row + 1.0) / Pair.Rows);
    }
}
