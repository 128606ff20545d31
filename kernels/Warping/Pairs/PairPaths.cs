using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>Paths by a rule of three neighbours.</summary>
internal sealed unsafe class PairPaths<V, T, TCells> : AlignmentPaths<T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCells : struct, IPairCells<T>
{
    private readonly PairLevel<V, T, TCells> _level = new();
    private readonly PairTable<T, TCells> _table;
    private readonly int _rows;
    private readonly int _columns;
    private PairStrips<V, T, TCells> _strips;

    /// <summary>Computes the table once, keeping what paths need.</summary>
    public PairPaths(in WarpingPair<T> pair, TCells cells, in RunSettings settings)
    {
        _table = new(pair, cells);
        _strips = new(pair, cells, settings);
        (_rows, _columns) = (pair.Rows, pair.Columns);
        _level.Enter(0, _rows - 1, 0, _columns - 1);
        _table.FirstRow(_level.TopCells);
        _table.FirstColumn(_level.LeftCells);
        _level.Compute(ref _strips, reportsProgress: true);
        End = PairEnd<T>.Of(pair.Problem.Ends, pair.Rows, pair.Columns, _level.LastRow, 1, _level.LastColumn, 1);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<T> LastRow => new(_level.LastRow, _columns);

    /// <inheritdoc/>
    public override ReadOnlySpan<T> LastColumn => new(_level.LastColumn, _rows);

    /// <inheritdoc/>
    public override long Bytes => _level.Bytes;

    /// <inheritdoc/>
    public override void Trace(PairTrace<T> path)
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
