using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>Runs a <see cref="TiledProduct{T}"/> on the host's workers at the engine's SIMD width.</summary>
internal static unsafe class TiledProductHost
{
    /// <summary>Computes the whole result.</summary>
    public static void Run<T, TTerm, TFunction>(
        HostEngine engine, in TiledProduct<T> product, TFunction function, in RunSettings settings)
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        if (product.Rows == 0 || product.Columns == 0) return;
        WidthJob<T, TTerm, TFunction> job = new() { Engine = engine, Product = product, Function = function, Settings = settings };
        VectorDispatch.Run<T, WidthJob<T, TTerm, TFunction>>(engine.Width, ref job);
    }

    private struct WidthJob<T, TTerm, TFunction> : IVectorJob<T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        public HostEngine Engine;
        public TiledProduct<T> Product;
        public TFunction Function;
        public RunSettings Settings;

        public void Run<V>()
            where V : unmanaged, IHostVector<V, T>
        {
            TiledProductHost<V, T, TTerm, TFunction> run = new(Product, Function);
            run.Run(Engine, Settings);
        }
    }
}

/// <summary>One tiled product at one width: packing phases and compute phases, each shared by the workers.</summary>
/// <remarks>
/// A piece of the compute phase is a block of rows by a group of column panels. Within it, a panel of columns meets every row
/// panel for one depth block after the other, its raw sums waiting in a stripe of scratch that fits L1 and L2; after the last
/// depth block the function is applied once, in registers. Each sum has one accumulator and one order, so the result does
/// not depend on the number of threads or on which thread took which piece.
/// Inner methods are compiled in full at once and never inlined: tiering would run them slowly at first, and inlined into a
/// caller they would exhaust its inlining budget and be left with calls that pass vectors through memory.
/// </remarks>
internal unsafe struct TiledProductHost<V, T, TTerm, TFunction>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TTerm : struct, IPairTerm<T>
    where TFunction : unmanaged, ITileFunction<T>
{
    private readonly TiledProduct<T> _product;
    private readonly TFunction _function;
    private readonly int _panelRows;
    private readonly int _panelColumns;
    private readonly int _blockDepth;
    private readonly int _stripeRows;
    private readonly bool _streams;
    private T* _packedRows;
    private T* _packedColumns;
    private int _firstRow;
    private int _rows;
    private int _firstColumn;
    private int _columns;
    private int _pieceRows;
    private int _pieceColumns;

    /// <summary>Prepares the product; runs nothing.</summary>
    public TiledProductHost(in TiledProduct<T> product, TFunction function)
    {
        _product = product;
        _function = function;
        _panelRows = MicroKernel.Rows<V, T>();
        _panelColumns = MicroKernel.Columns<V, T>();
        _blockDepth = HostBlocking.BlockDepth(product.Depth, sizeof(T));
        _stripeRows = HostBlocking.StripeRows(product.Depth, sizeof(T));
        _streams = HostBlocking.Streams(product) && !TFunction.ReadsPrevious && _panelColumns * sizeof(T) % Scratch.Alignment == 0;
    }

    /// <summary>Computes the whole result.</summary>
    public void Run(HostEngine engine, in RunSettings settings)
    {
        double work = (double)_product.Rows * _product.Columns * Math.Max(1, _product.Depth);
        int threads = work < HostBlocking.SerialBelow ? 1 : settings.Threads == 0 ? engine.Threads : Math.Min(settings.Threads, engine.Threads);
        int extent = HostBlocking.PackedExtent(_product.Depth, sizeof(T));
        double done = 0;
        for (long firstColumn = 0; firstColumn < _product.Columns; firstColumn += extent)
        {
            _firstColumn = (int)firstColumn;
            _columns = Math.Min(extent, _product.Columns - _firstColumn);
            PackColumns(engine, threads, settings.Cancellation);
            int rowsEnd = _product.Symmetric ? _firstColumn + _columns : _product.Rows;
            int step = RowsOfBlock(extent);
            for (long firstRow = 0; firstRow < rowsEnd; firstRow += step)
            {
                _firstRow = (int)firstRow;
                _rows = Math.Min(step, rowsEnd - _firstRow);
                RunBlock(engine, threads, settings.Cancellation);
                done += (double)_rows * _columns;
                settings.Progress?.Report(done / Area(extent));
            }
        }
    }

    /// <summary>Packs the block's rows and computes the block.</summary>
    private void RunBlock(HostEngine engine, int threads, CancellationToken cancellation)
    {
        _packedRows = Scratch.Get<T>(ScratchSlot.PackedRows, OperandPacker<V, T>.PackedLength(_rows, _product.Depth, _panelRows));
        OperandPacker<V, T>.OfRows(_product, _firstRow, _rows, _packedRows, cancellation).Run(engine, threads);
        ChoosePieces(threads);

        // The run lies on the caller's stack for as long as the job takes.
        ComputeJob job = new() { Run = (TiledProductHost<V, T, TTerm, TFunction>*)Unsafe.AsPointer(ref this), Cancellation = cancellation };
        engine.Run(ref job, Panels(_rows, _pieceRows) * Panels(_columns, _pieceColumns), threads);
    }

    /// <summary>Packs the columns at hand, unless they come packed.</summary>
    private void PackColumns(HostEngine engine, int threads, CancellationToken cancellation)
    {
        if (_product.PackedY is not null)
        {
            _packedColumns = _product.PackedY + ((nint)_firstColumn * _product.Depth);
            return;
        }

        _packedColumns = Scratch.Get<T>(ScratchSlot.PackedColumns, OperandPacker<V, T>.PackedLength(_columns, _product.Depth, _panelColumns));
        OperandPacker<V, T>.OfColumns(_product, _firstColumn, _columns, _packedColumns, cancellation).Run(engine, threads);
    }

    /// <summary>Rows of one block, a multiple of a piece: what is packed at a time, and no more work than one report of progress covers.</summary>
    private readonly int RowsOfBlock(int extent)
    {
        double rows = HostBlocking.BlockWork / ((double)_columns * Math.Max(1, _product.Depth));
        return rows >= extent ? extent : Math.Max(1, (int)rows / HostBlocking.MostPieceRows) * HostBlocking.MostPieceRows;
    }

    /// <summary>Elements that are computed: all, or the blocks on and above the diagonal.</summary>
    private readonly double Area(int extent)
    {
        if (!_product.Symmetric) return (double)_product.Rows * _product.Columns;
        double area = 0;
        for (long first = 0; first < _product.Columns; first += extent)
        {
            double columns = Math.Min(extent, _product.Columns - first);
            area += columns * (first + columns);
        }

        return area;
    }

    /// <summary>Pieces as large as the caches like, or smaller where a small result must still occupy every thread.</summary>
    private void ChoosePieces(int threads)
    {
        _pieceRows = HostBlocking.PieceRows(_product.Depth, sizeof(T), Processor.SecondLevelCacheBytes);
        _pieceColumns = RoundUp(Math.Min(HostBlocking.PieceColumns, _columns), _panelColumns);
        if (threads == 1) return;
        int wanted = (_product.Symmetric ? 8 : 4) * threads;
        while (Panels(_rows, _pieceRows) * Panels(_columns, _pieceColumns) < wanted)
        {
            if (_pieceColumns > _panelColumns) _pieceColumns = RoundUp(_pieceColumns / 2, _panelColumns);
            else if (_pieceRows > _panelRows) _pieceRows = RoundUp(_pieceRows / 2, _panelRows);
            else return;
        }
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static int Panels(int extent, int width) => (extent + width - 1) / width;

    private readonly void ComputePiece(int piece)
    {
        int blocks = Panels(_rows, _pieceRows);
        int row = piece % blocks * _pieceRows;
        int column = piece / blocks * _pieceColumns;
        int rowEnd = Math.Min(row + _pieceRows, _rows);
        int columnEnd = Math.Min(column + _pieceColumns, _columns);
        T* sums = Scratch.Get<T>(ScratchSlot.Sums, (nint)HostBlocking.MostPieceRows * _panelColumns);
        T* mirror = _product.Symmetric ? Scratch.Get<T>(ScratchSlot.Mirror, (nint)MirrorStride * _panelColumns) : null;
        for (int r = row; r < rowEnd; r += _stripeRows)
        {
            int last = Math.Min(r + _stripeRows, rowEnd);
            for (int c = _product.Symmetric ? Math.Max(column, FirstPanel(r)) : column; c < columnEnd; c += _panelColumns)
            {
                ComputeStripe(r, _product.Symmetric ? Math.Min(last, _firstColumn + c + _panelColumns - _firstRow) : last, c, sums, mirror);
            }
        }
    }

    /// <summary>The first panel of columns that has something on or above the diagonal in a row.</summary>
    private readonly int FirstPanel(int row) => (_firstRow + row - _firstColumn) / _panelColumns * _panelColumns;

    /// <summary>Elements of one mirrored column: a whole stripe, and a cache line more so that columns do not share a cache set.</summary>
    private static int MirrorStride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HostBlocking.MostPieceRows + (Scratch.Alignment / sizeof(T));
    }

    /// <summary>
    /// Some row panels against one panel of columns. Where one depth block holds all features, every tile is finished as soon as
    /// it is summed: its stores then drain while the next tile multiplies.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void ComputeStripe(int row, int rowEnd, int column, T* sums, T* mirror)
    {
        nint depth = _product.Depth;
        bool atOnce = depth <= _blockDepth;
        if (!atOnce) SumStripe(row, rowEnd, column, sums);
        T* tile = sums, columns = _packedColumns + (column * depth);
        for (int r = row; r < rowEnd; r += _panelRows, tile += _panelRows * _panelColumns)
        {
            if (atOnce) MicroKernel.Sum<V, T, TTerm>(depth, _packedRows + (r * depth), columns, tile, resume: false);
            Finish(r, Math.Min(_panelRows, rowEnd - r), column, tile);
        }

        if (mirror is not null) StoreMirrored(row, rowEnd, column, sums, mirror);
    }

    private readonly void SumStripe(int row, int rowEnd, int column, T* sums)
    {
        nint depth = _product.Depth;
        for (nint k = 0; k < depth; k += _blockDepth)
        {
            nint block = Math.Min(_blockDepth, depth - k);
            T* columns = _packedColumns + (column * depth) + (k * _panelColumns);
            T* tile = sums;
            for (int i = row; i < rowEnd; i += _panelRows, tile += _panelRows * _panelColumns)
            {
                MicroKernel.Sum<V, T, TTerm>(block, _packedRows + (i * depth) + (k * _panelRows), columns, tile, resume: k > 0);
            }
        }
    }

    /// <summary>Applies the function to one tile of sums.</summary>
    private readonly void Finish(int row, int rows, int column, T* sums)
    {
        int i = _firstRow + row, j = _firstColumn + column;
        int columns = Math.Min(_panelColumns, _columns - column);
        bool isWhole = rows == _panelRows && columns == _panelColumns && (!_product.Symmetric || i + _panelRows <= j + 1);
        if (!isWhole || TFunction.IsLong)
        {
            FinishTile(i, rows, j, columns, sums);
            return;
        }

        bool hasNear = TFunction.OfSquaredDistance && HasNear(i, j, sums);
        if (hasNear) ToSquaredDistances(i, j, sums);
        FinishWhole(i, j, sums, areDistances: hasNear);
    }

    /// <summary>
    /// Whether a whole tile may hold a near pair, that is a product above (1 - near) / 2 of both norms less roundings. Asked of all before
    /// any is finished: vectors would be spilled around a call in between.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly bool HasNear(int i, int j, T* sums)
    {
        int rows = _panelRows;
        T* rowNorms = _product.RowValues + i;
        V part = V.Constant((1 - PairDistance.Near) / 2 * (1 - 1e-6));
        V most0 = V.Constant(double.NegativeInfinity), most1 = most0;
        for (int r = 0; r < rows; r++, sums += 2 * V.Count)
        {
            V row = V.Broadcast(rowNorms[r]) * part;
            most0 = V.Max(V.Load(sums) - row, most0);
            most1 = V.Max(V.Load(sums + V.Count) - row, most1);
        }

        return V.AnyLess(V.Load(_product.ColumnValues + j) * part, most0) || V.AnyLess(V.Load(_product.ColumnValues + j + V.Count) * part, most1);
    }

    /// <summary>Makes squared distances of the dot products of a whole tile.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void ToSquaredDistances(int i, int j, T* sums)
    {
        for (int r = 0; r < _panelRows; r++)
        {
            for (int c = 0; c < _panelColumns; c += V.Count, sums += V.Count)
            {
                V.Store(SquaredDistance(V.Load(sums), V.Broadcast(_product.RowValues[i + r]), V.Load(_product.ColumnValues + j + c), i + r, j + c, V.Count), sums);
            }
        }
    }

    /// <summary>Stores the mirror image of a stripe, whose finished tiles lie one below the other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void StoreMirrored(int row, int rowEnd, int column, T* tiles, T* mirror)
    {
        int i = _firstRow + row, j = _firstColumn + column, rows = rowEnd - row;
        int columns = Math.Min(_panelColumns, _columns - column);
        T* result = _product.Result + (j * _product.ResultStride) + i;
        TileTranspose.Scatter(tiles, RoundUp(rows, _panelRows), _panelColumns, mirror, MirrorStride);
        for (int c = 0; c < columns; c++)
        {
            // Exactly the rows above the diagonal, so that no element of a symmetric result is written twice.
            int above = Math.Min(rows, j + c - i);
            if (above <= 0) continue;
            CopyMirrored(mirror + ((nint)c * MirrorStride), result + (c * _product.ResultStride), above);
        }
    }

    /// <summary>One mirrored column; around the caches where it is made of whole cache lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void CopyMirrored(T* from, T* to, int count)
    {
        int c = 0;
        if (_streams && (nint)to % Scratch.Alignment == 0)
        {
            int whole = count & -(Scratch.Alignment / sizeof(T));
            for (; c < whole; c += V.Count) V.StoreNonTemporal(V.Load(from + c), to + c);
        }

        for (; c + V.Count <= count; c += V.Count) V.Store(V.Load(from + c), to + c);
        for (; c < count; c++) to[c] = from[c];
    }

    /// <summary>As <see cref="FinishTile"/>, for a whole tile of products without near pairs, or of distances, that lies on one side of the diagonal: two independent vectors at a time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void FinishWhole(int i, int j, T* sums, bool areDistances)
    {
        T* result = _product.Result + (i * _product.ResultStride) + j;
        int rows = _panelRows;
        nint stride = (nint)_product.ResultStride;
        bool hasRows = _product.RowValues is not null, hasColumns = _product.ColumnValues is not null, streams = _streams, isMirrored = _product.Symmetric;
        T* rowValues = _product.RowValues + i;
        V column0 = hasColumns ? V.Load(_product.ColumnValues + j) : default;
        V column1 = hasColumns ? V.Load(_product.ColumnValues + j + V.Count) : default;
        for (int r = 0; r < rows; r++, sums += 2 * V.Count, result += stride)
        {
            V sum0 = V.Load(sums), sum1 = V.Load(sums + V.Count);
            V row = hasRows ? V.Broadcast(rowValues[r]) : default;
            if (TFunction.OfSquaredDistance && !areDistances)
            {
                sum0 = V.MultiplyAdd(V.Constant(-2), sum0, row + column0);
                sum1 = V.MultiplyAdd(V.Constant(-2), sum1, row + column1);
            }

            V previous0 = TFunction.ReadsPrevious ? V.Load(result) : default;
            V previous1 = TFunction.ReadsPrevious ? V.Load(result + V.Count) : default;
            V value0 = _function.Evaluate(sum0, row, column0, previous0);
            V value1 = _function.Evaluate(sum1, row, column1, previous1);
            if (streams)
            {
                V.StoreNonTemporal(value0, result);
                V.StoreNonTemporal(value1, result + V.Count);
            }
            else
            {
                V.Store(value0, result);
                V.Store(value1, result + V.Count);
            }

            if (!isMirrored) continue;
            V.Store(value0, sums);
            V.Store(value1, sums + V.Count);
        }
    }

    /// <summary>Applies the function to one tile of sums and stores the values; a symmetric product's are left in the tile for the mirror.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private readonly void FinishTile(int i, int rows, int j, int columns, T* sums)
    {
        for (int r = 0; r < rows; r++, sums += _panelColumns)
        {
            T* result = _product.Result + ((i + r) * _product.ResultStride) + j;
            V rowValue = _product.RowValues is null ? default : V.Broadcast(_product.RowValues[i + r]);
            for (int c = 0; c < columns; c += V.Count)
            {
                int lanes = Math.Min(V.Count, columns - c);
                V sum = V.Load(sums + c);
                V columnValue = _product.ColumnValues is null ? default : Load(_product.ColumnValues + j + c, lanes);
                if (TFunction.OfSquaredDistance) sum = SquaredDistance(sum, rowValue, columnValue, i + r, j + c, lanes);
                V previous = TFunction.ReadsPrevious ? Load(result + c, lanes) : default;
                V value = _function.Evaluate(sum, rowValue, columnValue, previous);
                if (_product.Symmetric) V.Store(value, sums + c);

                // Of a symmetric product the lanes on and above the diagonal.
                int first = _product.Symmetric ? i + r - j - c : 0;
                if (first <= 0)
                {
                    Store(value, result + c, lanes);
                    continue;
                }

                for (int lane = first; lane < lanes; lane++) result[c + lane] = sums[c + lane];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(T* source, int lanes) => lanes == V.Count ? V.Load(source) : V.LoadPartial(source, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V value, T* destination, int lanes)
    {
        if (lanes == V.Count) V.Store(value, destination);
        else V.StorePartial(value, destination, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V SquaredDistance(V dot, V rowNorm, V columnNorm, int i, int j, int lanes)
    {
        V norms = rowNorm + columnNorm;
        V squared = V.Max(default, V.MultiplyAdd(V.Constant(-2), dot, norms));
        return V.AnyLess(squared, norms * V.Constant(PairDistance.Near)) ? Exactly(squared, norms, i, j, lanes) : squared;
    }

    /// <summary>Sums the distances of near pairs again from the differences, where row + column - 2 dot has cancelled.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly V Exactly(V squared, V norms, int i, int j, int lanes)
    {
        T* near = stackalloc T[2 * V.Count];
        V.Store(squared, near);
        V.Store(squared - (norms * V.Constant(PairDistance.Near)), near + V.Count);
        T* x = _product.X + (i * _product.XRowStride);
        V scale = _product.Centre is null ? V.Constant(1) : V.Broadcast(_product.Scale);
        for (int lane = 0; lane < lanes; lane++)
        {
            if (!PairDistance.IsNegative(near[V.Count + lane])) continue;
            T* y = _product.Y + ((j + lane) * _product.YRowStride);
            near[lane] = PairDistance.SumOfSquares(x, _product.XFeatureStride, y, _product.YFeatureStride, _product.Depth, scale);
        }

        return V.Load(near);
    }

    private struct ComputeJob : IParallelJob
    {
        public TiledProductHost<V, T, TTerm, TFunction>* Run;
        public CancellationToken Cancellation;

        readonly void IParallelJob.Run(int piece)
        {
            Cancellation.ThrowIfCancellationRequested();
            Run->ComputePiece(piece);
        }
    }
}
