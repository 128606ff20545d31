using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>The end values of one alignment table, and paths from any cell of its last row or column, in memory proportional to the lengths.</summary>
internal sealed unsafe class PairPaths<V, T, TCells>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCells : struct, IPairCells<T>
{
    private readonly PairLevel<V, T, TCells> _level = new();
    private readonly PairTable<T, TCells> _table;
    private PairStrips<V, T, TCells> _strips;

    /// <summary>Computes the table once, keeping what paths need.</summary>
    public PairPaths(in WarpingPair<T> pair, TCells cells, in RunSettings settings)
    {
        _table = new(pair, cells);
        _strips = new(pair, cells, settings);
        _level.Enter(0, pair.Rows - 1, 0, pair.Columns - 1);
        _table.FirstRow(_level.TopCells);
        _table.FirstColumn(_level.LeftCells);
        _level.Compute(ref _strips, reportsProgress: true);
        Columns = pair.Columns;
        End = _table.End(_level.LastRow, 1, _level.LastColumn, 1);
    }

    /// <summary>The length of y.</summary>
    public int Columns { get; }

    /// <summary>Where the best path ends.</summary>
    public PairEnd<T> End { get; }

    /// <summary>The cells of the last row.</summary>
    public ReadOnlySpan<T> LastRow => new(_level.LastRow, Columns);

    /// <summary>Bytes held.</summary>
    public long Bytes => _level.Bytes;

    /// <summary>Follows the path that ends in a cell to its begin.</summary>
    public void Trace(PairTrace<T> path)
    {
        _level.Trace(ref _strips, _table, path);
        while (true)
        {
            int row = path.Row, column = path.Column;
            T left = column > 0 ? _level.TopCells[column - 1] : default, above = row > 0 ? _level.LeftCells[row - 1] : default;
            WarpingMove move = _table.Move(row, column, path.Value, default, left, above);
            if (move == WarpingMove.Left && column > 0) path.Continue(row, column - 1, left);
            else if (move == WarpingMove.Above && row > 0) path.Continue(row - 1, column, above);
            else return;
        }
    }
}
