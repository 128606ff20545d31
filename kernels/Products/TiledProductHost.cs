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
    private T* _packedRows;
    private T* _packedColumns;
    private int _firstRow;
    private int _rows;
    private int _firstColumn;
    private int _columns;
    private int _pieceColumns;

    /// <summary>Prepares the product; runs nothing.</summary>
    public TiledProductHost(in TiledProduct<T> product, TFunction function)
    {
        _product = product;
        _function = function;
        _panelRows = MicroKernel.Rows<V, T>();
        _panelColumns = MicroKernel.Columns<V, T>();
        _blockDepth = HostBlocking.Depth(sizeof(T));
    }

    /// <summary>Computes the whole result.</summary>
    public void Run(HostEngine engine, in RunSettings settings)
    {
        double work = (double)_product.Rows * _product.Columns * Math.Max(1, _product.Depth);
        int threads = work < HostBlocking.SerialBelow ? 1 : settings.Threads;
        int extent = HostBlocking.PackedExtent(_product.Depth, sizeof(T));
        for (_firstColumn = 0; _firstColumn < _product.Columns; _firstColumn += extent)
        {
            _columns = Math.Min(extent, _product.Columns - _firstColumn);
            _packedColumns = Scratch.Get<T>(ScratchSlot.PackedColumns, (nint)RoundUp(_columns, _panelColumns) * _product.Depth);
            Phase(engine, ref this, Packing.Columns, Panels(_columns, _panelColumns), threads);
            for (_firstRow = 0; _firstRow < _product.Rows; _firstRow += extent)
            {
                settings.Cancellation.ThrowIfCancellationRequested();
                _rows = Math.Min(extent, _product.Rows - _firstRow);
                if (_product.Symmetric && _firstRow >= _firstColumn + _columns) break;
                _packedRows = Scratch.Get<T>(ScratchSlot.PackedRows, (nint)RoundUp(_rows, _panelRows) * _product.Depth);
                Phase(engine, ref this, Packing.Rows, Panels(_rows, _panelRows), threads);
                _pieceColumns = RoundUp(Math.Min(HostBlocking.PieceColumns, _columns), _panelColumns);
                Phase(engine, ref this, Packing.None, Panels(_rows, HostBlocking.PieceRows) * Panels(_columns, _pieceColumns), threads);
            }
        }
    }

    private static void Phase(
        HostEngine engine, ref TiledProductHost<V, T, TTerm, TFunction> product, Packing packing, int pieces, int threads)
    {
        PhaseJob job = new() { Product = (TiledProductHost<V, T, TTerm, TFunction>*)Unsafe.AsPointer(ref product), Packing = packing };
        engine.Run(ref job, pieces, threads);
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private static int Panels(int extent, int width) => (extent + width - 1) / width;

    private readonly void PackRows(int panel)
    {
        int first = panel * _panelRows;
        PanelPacker<V, T>.Pack(
            _product.X + ((_firstRow + first) * _product.XRowStride), _product.XRowStride, _product.XFeatureStride,
            Math.Min(_panelRows, _rows - first), _product.Depth, _panelRows, _product.Centre, _product.Scale,
            _packedRows + ((nint)first * _product.Depth));
    }

    private readonly void PackColumns(int panel)
    {
        int first = panel * _panelColumns;
        PanelPacker<V, T>.Pack(
            _product.Y + ((_firstColumn + first) * _product.YRowStride), _product.YRowStride, _product.YFeatureStride,
            Math.Min(_panelColumns, _columns - first), _product.Depth, _panelColumns, _product.Centre, _product.Scale,
            _packedColumns + ((nint)first * _product.Depth));
    }

    private readonly void ComputePiece(int piece)
    {
        int blocks = Panels(_rows, HostBlocking.PieceRows);
        int row = piece % blocks * HostBlocking.PieceRows;
        int column = piece / blocks * _pieceColumns;
        int rowEnd = Math.Min(row + HostBlocking.PieceRows, _rows);
        int columnEnd = Math.Min(column + _pieceColumns, _columns);
        T* sums = Scratch.Get<T>(ScratchSlot.Sums, (nint)HostBlocking.PieceRows * _panelColumns);
        T* mirror = _product.Symmetric ? Scratch.Get<T>(ScratchSlot.Mirror, (nint)MirrorStride * _panelColumns) : null;
        for (; column < columnEnd; column += _panelColumns)
        {
            int end = _product.Symmetric ? Math.Min(rowEnd, _firstColumn + column + _panelColumns - _firstRow) : rowEnd;
            if (row >= end) continue;
            SumStripe(row, end, column, sums);
            FinishStripe(row, end, column, sums, mirror);
        }
    }

    /// <summary>Elements of one mirrored column: a whole stripe, and a cache line more so that columns do not share a cache set.</summary>
    private static int MirrorStride => HostBlocking.PieceRows + (Scratch.Alignment / sizeof(T));

    private readonly void SumStripe(int row, int rowEnd, int column, T* sums)
    {
        nint depth = _product.Depth;
        if (depth == 0) new Span<T>(sums, RoundUp(rowEnd - row, _panelRows) * _panelColumns).Clear();
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

    private readonly void FinishStripe(int row, int rowEnd, int column, T* sums, T* mirror)
    {
        int j = _firstColumn + column;
        int columns = Math.Min(_panelColumns, _columns - column);
        for (int r = row; r < rowEnd; r += _panelRows, sums += _panelRows * _panelColumns)
        {
            int i = _firstRow + r;
            int rows = Math.Min(_panelRows, _rows - r);
            FinishTile(i, rows, j, columns, sums);
            if (mirror is not null) TileTranspose.Scatter(sums, _panelRows, _panelColumns, mirror + (r - row), MirrorStride);
        }

        if (mirror is null) return;
        int mirrored = Math.Min(rowEnd, _rows) - row;
        for (int c = 0; c < columns; c++)
        {
            T* to = _product.Result + ((j + c) * _product.ResultStride) + _firstRow + row;
            Unsafe.CopyBlockUnaligned(to, mirror + ((nint)c * MirrorStride), (uint)(mirrored * sizeof(T)));
        }
    }

    /// <summary>Applies the function to one tile of sums, stores the values, and leaves them in the tile for the mirror.</summary>
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
                V columnValue = _product.ColumnValues is null ? default : V.LoadPartial(_product.ColumnValues + j + c, lanes);
                if (TFunction.OfSquaredDistance) sum = SquaredDistance(sum, rowValue, columnValue, i + r, j + c, lanes);
                V previous = TFunction.ReadsPrevious ? V.LoadPartial(result + c, lanes) : default;
                V value = _function.Evaluate(sum, rowValue, columnValue, previous);
                V.StorePartial(value, result + c, lanes);
                if (_product.Symmetric) V.Store(value, sums + c);
            }
        }
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
        for (int lane = 0; lane < lanes; lane++)
        {
            if (!PairDistance.IsNegative(near[V.Count + lane])) continue;
            T* y = _product.Y + ((j + lane) * _product.YRowStride);
            near[lane] = PairDistance.SumOfSquares<V, T>(x, _product.XFeatureStride, y, _product.YFeatureStride, _product.Depth);
        }

        return V.Load(near);
    }

    private enum Packing
    {
        None,
        Rows,
        Columns,
    }

    private struct PhaseJob : IParallelJob
    {
        public TiledProductHost<V, T, TTerm, TFunction>* Product;
        public Packing Packing;

        public readonly void Run(int piece)
        {
            switch (Packing)
            {
                case Packing.Rows: Product->PackRows(piece); break;
                case Packing.Columns: Product->PackColumns(piece); break;
                default: Product->ComputePiece(piece); break;
            }
        }
    }
}
