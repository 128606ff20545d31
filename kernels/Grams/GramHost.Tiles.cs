using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Grams;

/// <content>Tile by tile: composed kernels, row sums in the same pass, and matrices that are consumed.</content>
internal sealed unsafe partial class GramHost<V, T>
{
    /// <summary>Row groups whose mirrored sums wait for each other's: bounds their memory to 64 x columns.</summary>
    private const int MostGroups = 64;

    /// <summary>The means of every row's values, without storing them.</summary>
    public double[] RowMeans()
    {
        double[] means = new double[_operands.X.Rows];
        Consume(new MeansConsumer(means, _operands.Y.Rows));
        return means;
    }

    /// <summary>Evaluates the matrix in blocks of rows and hands every tile to the consumer; a block's tiles come in order, on one thread.</summary>
    public void Consume<TConsumer>(TConsumer consumer)
        where TConsumer : struct, ITileConsumer<V, T>
    {
        int blocks = Blocks(_operands.X.Rows);
        GramTile<T> tiles = TilesOfOneCall();
        ConsumeJob<TConsumer> job = new() { Host = this, Tiles = tiles, Consumer = consumer, Progress = new(_problem.Settings, blocks) };
        _engine.Run(ref job, blocks, Threads);
        _problem.Settings.Cancellation.ThrowIfCancellationRequested();
    }

    private static int Blocks(int rows) => (rows + GramTile.Rows - 1) / GramTile.Rows;

    /// <summary>Rows of a tile that is stored.</summary>
    private int StoredRows => _problem.Plan.Program.Terms.Length > 0 ? GramTile.TermRows : GramTile.Rows;

    private int StoredColumns => _problem.Plan.Program.Terms.Length > 0 ? GramTile.TermColumns : GramTile.Columns;

    private int StoredBlocks => (_operands.X.Rows + StoredRows - 1) / StoredRows;

    /// <summary>The tiles of the whole problem, with what its centring and normalising steps read: made once, for any number of rows.</summary>
    public GramTile<T> Tiles() => new(_engine, _problem.Plan.Program, _operands, _given, Means());

    /// <summary>Tiles for work that ends before another matrix is begun on this thread.</summary>
    private GramTile<T> TilesOfOneCall()
    {
        GramTile<T> tiles = Tiles();
        tiles.PackColumns<V>(_problem.Settings);
        return tiles;
    }

    /// <summary>Computes the matrix, and its row sums where <paramref name="rowSums"/> is not null.</summary>
    public void StoreTiles(T* values, long stride, double[]? rowSums)
    {
        if (_operands.X.Rows == 0 || _operands.Y.Rows == 0) return;
        int blocks = StoredBlocks;
        int groupBlocks = (blocks + MostGroups - 1) / MostGroups;
        int groups = (blocks + groupBlocks - 1) / groupBlocks;
        double[]? mirrored = rowSums is not null && _problem.Plan.Symmetric ? new double[(long)groups * _operands.Y.Rows] : null;
        StoreJob job = new()
        {
            Host = this,
            Tiles = TilesOfOneCall(),
            Values = values,
            Stride = stride,
            RowSums = rowSums,
            Mirrored = mirrored,
            GroupBlocks = groupBlocks,
            Progress = new(_problem.Settings, blocks),
        };
        _engine.Run(ref job, groups, Threads);
        _problem.Settings.Cancellation.ThrowIfCancellationRequested();
        if (mirrored is null) return;
        for (int group = 0; group < groups; group++)
        {
            for (int j = 0; j < rowSums!.Length; j++) rowSums[j] += mirrored[((long)group * rowSums.Length) + j];
        }
    }

    private void StoreBlock(in StoreJob job, int block, int group)
    {
        int row = block * StoredRows, rows = Math.Min(StoredRows, _operands.X.Rows - row);
        bool symmetric = _problem.Plan.Symmetric;
        for (int column = symmetric ? row : 0, columns; column < _operands.Y.Rows; column += columns)
        {
            columns = symmetric && column == row ? rows : Math.Min(StoredColumns, _operands.Y.Rows - column);
            T* tile = job.Values + (row * job.Stride) + column;
            job.Tiles.Evaluate<V>(row, rows, column, columns, tile, job.Stride);
            if (symmetric && column == row) MirrorWithin(tile, job.Stride, rows);
            int mirrorFrom = symmetric ? Math.Max(column, row + rows) : column + columns;
            if (job.RowSums is not null) AddSums(job, group, tile, row, rows, column, columns, mirrorFrom);
            if (mirrorFrom < column + columns) TileTranspose.Copy(tile + mirrorFrom - column, job.Stride, rows, column + columns - mirrorFrom, job.Values + (mirrorFrom * job.Stride) + row, job.Stride);
        }

        job.Progress.Advance();
    }

    /// <summary>Makes the tile on the diagonal symmetric: a given matrix need not be.</summary>
    private static void MirrorWithin(T* tile, long stride, int rows)
    {
        for (int r = 1; r < rows; r++)
        {
            for (int c = 0; c < r; c++) tile[(r * stride) + c] = tile[(c * stride) + r];
        }
    }

    private void AddSums(in StoreJob job, int group, T* tile, int row, int rows, int column, int columns, int mirrorFrom)
    {
        for (int r = 0; r < rows; r++)
        {
            T* values = tile + (r * job.Stride);
            job.RowSums![row + r] += RowArithmetic<V, T>.Sum(values, columns);
            if (job.Mirrored is null || mirrorFrom >= column + columns) continue;
            fixed (double* sums = &job.Mirrored[((long)group * _operands.Y.Rows) + mirrorFrom])
            {
                RowArithmetic<V, T>.AddTo(sums, values + mirrorFrom - column, column + columns - mirrorFrom);
            }
        }
    }

    private struct StoreJob : IParallelJob
    {
        public GramHost<V, T> Host;
        public GramTile<T> Tiles;
        public T* Values;
        public long Stride;
        public double[]? RowSums;
        public double[]? Mirrored;
        public int GroupBlocks;
        public BlockProgress Progress;

        public readonly void Run(int group)
        {
            int last = Math.Min(Host.StoredBlocks, (group + 1) * GroupBlocks);
            for (int block = group * GroupBlocks; block < last && !Progress.IsCancelled; block++) Host.StoreBlock(this, block, group);
        }
    }

    private struct ConsumeJob<TConsumer> : IParallelJob
        where TConsumer : struct, ITileConsumer<V, T>
    {
        public GramHost<V, T> Host;
        public GramTile<T> Tiles;
        public TConsumer Consumer;
        public BlockProgress Progress;

        public readonly void Run(int block)
        {
            if (Progress.IsCancelled) return;
            int row = block * GramTile.Rows, rows = Math.Min(GramTile.Rows, Host._operands.X.Rows - row);
            T* tile = Scratch.Get<T>(ScratchSlot.TileValues, GramTile.Rows * GramTile.Columns);
            for (int column = 0; column < Host._operands.Y.Rows; column += GramTile.Columns)
            {
                int columns = Math.Min(GramTile.Columns, Host._operands.Y.Rows - column);
                Tiles.Evaluate<V>(row, rows, column, columns, tile, GramTile.Columns);
                Consumer.Accept(row, rows, column, columns, tile, GramTile.Columns);
            }

            Progress.Advance();
        }
    }

    private readonly struct MeansConsumer(double[] means, int columnsInAll) : ITileConsumer<V, T>
    {
        public void Accept(int row, int rows, int column, int columns, T* tile, int stride)
        {
            for (int r = 0; r < rows; r++) means[row + r] += RowArithmetic<V, T>.Sum(tile + (r * stride), columns) / columnsInAll;
        }
    }
}
