using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Grams;

/// <content>Some rows at a time, all threads at work on them: matrices that leave memory again as they are made.</content>
internal sealed unsafe partial class GramHost<V, T>
{
    /// <summary>Computes some rows of the matrix over all columns, on every thread; a value has the same bits whichever rows it is computed with.</summary>
    /// <param name="tiles">What <see cref="Tiles()"/> gave.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="values">Where they go, row after row.</param>
    /// <param name="settings">How to run; progress is that of these rows.</param>
    public void StoreRows(GramTile<T> tiles, int first, int count, T* values, in RunSettings settings)
    {
        int columns = _operands.Y.Rows;
        int across = (columns + GramTile.Columns - 1) / GramTile.Columns;
        int pieces = Blocks(count) * across;
        RowsJob job = new()
        {
            Tiles = tiles,
            First = first,
            Count = count,
            Columns = columns,
            Across = across,
            Values = values,
            Progress = new(settings, pieces),
        };
        _engine.Run(ref job, pieces, settings.Threads);
        settings.Cancellation.ThrowIfCancellationRequested();
    }

    private struct RowsJob : IParallelJob
    {
        public GramTile<T> Tiles;
        public int First;
        public int Count;
        public int Columns;
        public int Across;
        public T* Values;
        public BlockProgress Progress;

        public readonly void Run(int piece)
        {
            if (Progress.IsCancelled) return;
            int row = piece / Across * GramTile.Rows, column = piece % Across * GramTile.Columns;
            int rows = Math.Min(GramTile.Rows, Count - row), columns = Math.Min(GramTile.Columns, Columns - column);
            Tiles.Evaluate<V>(First + row, rows, column, columns, Values + ((long)row * Columns) + column, Columns);
            Progress.Advance();
        }
    }
}
