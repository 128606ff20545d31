using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Evaluates any rectangle of a Gram matrix on the calling thread: composed kernels, and matrices that are consumed instead of stored.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class GramTile<T>
    where T : unmanaged
{
    private readonly HostEngine _engine;
    private readonly GramProgram _program;
    private readonly GramOperands<T> _operands;
    private readonly GivenMatrix<T>[] _given;
    private readonly GramMeans<T>?[] _means;
    private readonly T*[] _packedColumns;

    /// <summary>Prepares tiles of one program over two operands.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="program">The kernel.</param>
    /// <param name="operands">Rows and columns, with the program's statistics.</param>
    /// <param name="given">Given matrices, by number.</param>
    /// <param name="means">By step: the vectors that centring and normalising read; null for the other steps.</param>
    public GramTile(HostEngine engine, GramProgram program, in GramOperands<T> operands, GivenMatrix<T>[] given, GramMeans<T>?[] means)
    {
        _engine = engine;
        _program = program;
        _operands = operands;
        _given = given;
        _means = means;
        _packedColumns = new T*[program.Statistics.Length];
    }

    /// <summary>
    /// Packs the columns once for all tiles, as far as they are few enough to stay in the cache. They lie in this thread's
    /// scratch memory: tiles are evaluated before another matrix is begun on it.
    /// </summary>
    public void PackColumns<V>(in RunSettings settings)
        where V : unmanaged, IHostVector<V, T>
    {
        int panel = MicroKernel.Columns<V, T>(), columns = _operands.Y.Rows;
        nint most = GramTile.SharedBytes / sizeof(T), length = 0;
        nint[] starts = new nint[_packedColumns.Length];
        for (int s = 0; s < starts.Length; s++)
        {
            nint packed = OperandPacker<V, T>.PackedLength(columns, _program.Statistics[s].Features, panel);
            starts[s] = packed > most - length ? -1 : length;
            if (starts[s] >= 0) length += packed;
        }

        T* shared = Scratch.Get<T>(ScratchSlot.SharedColumns, length);
        for (int s = 0; s < starts.Length; s++)
        {
            if (starts[s] < 0) continue;
            T* packed = shared + starts[s];
            OperandPacker<V, T>.OfColumns(Product<V>(s, 0, 0, 0, columns, null, 0), 0, columns, packed, settings.Cancellation).Run(_engine, settings.Threads);
            _packedColumns[s] = packed;
        }
    }

    /// <summary>Writes the values of rows x columns to <paramref name="values"/>.</summary>
    public void Evaluate<V>(int row, int rows, int column, int columns, T* values, long stride)
        where V : unmanaged, IHostVector<V, T>
    {
        RunSettings serial = new("Gram", Threads: 1);
        if (_program.Single is { } single)
        {
            GramFusedHost<T>.Run(_engine, single, Product<V>(0, row, rows, column, columns, values, stride), _operands.Statistics[0].Direct, serial);
            return;
        }

        if (_program.Terms is { Length: > 0 } terms)
        {
            // Each statistic is of one kernel alone, in the same order.
            for (int t = 0; t < terms.Length; t++)
            {
                GramFusedHost<T>.Add(_engine, terms[t], isFirst: t == 0, Product<V>(t, row, rows, column, columns, values, stride), _operands.Statistics[t].Direct, serial);
            }

            return;
        }

        long tileSize = (long)rows * columns;
        int count = _program.Statistics.Length;
        T* sums = Scratch.Get<T>(ScratchSlot.TileStatistics, (nint)(tileSize * count));
        for (int s = 0; s < count; s++)
        {
            TiledProduct<T> product = Product<V>(s, row, rows, column, columns, sums + (s * tileSize), columns);
            GramFusedHost<T>.Sum(_engine, _operands.Statistics[s].Statistic, product, _operands.Statistics[s].Direct, serial);
        }

        T* stack = Scratch.Get<T>(ScratchSlot.TileStack, (nint)(columns + V.Count) * _program.Depth);
        for (int r = 0; r < rows; r++)
        {
            EvaluateRow<V>(row + r, column, columns, sums + (r * columns), tileSize, stack);
            new Span<T>(stack, columns).CopyTo(new Span<T>(values + (r * stride), columns));
        }
    }

    /// <summary>The product that sums a statistic over a rectangle of pairs; of a square on the diagonal, one half and its mirror image.</summary>
    private TiledProduct<T> Product<V>(int statistic, int row, int rows, int column, int columns, T* result, long stride)
        where V : unmanaged, IHostVector<V, T>
    {
        TiledProduct<T> product = _operands.Statistics[statistic].Product(_operands.X, row, rows, _operands.Y, column, columns, result, stride);
        product.Symmetric = _operands.Symmetric && row == column && rows == columns;
        bool atPanel = column % MicroKernel.Columns<V, T>() == 0;
        if (_packedColumns[statistic] is not null && atPanel) product.PackedY = _packedColumns[statistic] + ((nint)column * product.Depth);
        return product;
    }

    private void EvaluateRow<V>(int row, int firstColumn, int columns, T* sums, long tileSize, T* stack)
        where V : unmanaged, IHostVector<V, T>
    {
        nint width = columns + V.Count;
        T* top = stack - width;
        for (int step = 0; step < _program.Ops.Length; step++)
        {
            GramOp op = _program.Ops[step];
            if (op.IsLeaf) top += width;
            switch (op.Code)
            {
                case GramOpCode.Precomputed: _given[op.Index].CopyRow(row, firstColumn, columns, top); break;
                case GramOpCode.Add: top -= width; RowArithmetic<V, T>.Add(top, top + width, columns); break;
                case GramOpCode.Multiply: top -= width; RowArithmetic<V, T>.Multiply(top, top + width, columns); break;
                case GramOpCode.Scale: RowArithmetic<V, T>.Scale(top, Element.Of<T>(op.A), columns); break;
                case GramOpCode.Centre: Centre<V>(top, _means[step]!, row, firstColumn, columns); break;
                case GramOpCode.Normalise: RowArithmetic<V, T>.Weight(top, _means[step]!.Rows[row], _means[step]!.Columns + firstColumn, columns); break;
                default:
                    int s = _program.StatisticOfStep[step];
                    GramStatistic<T> statistic = _operands.Statistics[s];
                    bool valued = statistic.RowValues is not null;
                    FunctionRow<V> function = new()
                    {
                        Sums = sums + (s * tileSize),
                        RowValue = valued ? statistic.RowValues[row] : default,
                        ColumnValues = valued ? statistic.ColumnValues + firstColumn : null,
                        Values = top,
                        Columns = columns,
                    };
                    KernelFunctions.Dispatch<T, FunctionRow<V>>(op, ref function);
                    break;
            }
        }
    }

    private static void Centre<V>(T* values, GramMeans<T> means, int row, int firstColumn, int columns)
        where V : unmanaged, IHostVector<V, T> =>
        RowArithmetic<V, T>.Centre(values, means.Rows[row], means.Columns + firstColumn, Element.Of<T>(means.Mean), columns);

    /// <summary>A kernel's function over one row of its statistic.</summary>
    private struct FunctionRow<V> : IKernelFunctionJob<T>
        where V : unmanaged, IHostVector<V, T>
    {
        public T* Sums;
        public T RowValue;
        public T* ColumnValues;
        public T* Values;
        public int Columns;

        public readonly void Run<TTerm, TFunction>(TFunction function)
            where TTerm : unmanaged, IPairTerm<T>
            where TFunction : unmanaged, ITileFunction<T>
        {
            V rowValue = V.Broadcast(RowValue);
            for (int c = 0; c < Columns; c += V.Count)
            {
                int lanes = Math.Min(V.Count, Columns - c);
                V column = ColumnValues is null ? default : V.LoadPartial(ColumnValues + c, lanes);
                V.Store(function.Evaluate(V.LoadPartial(Sums + c, lanes), rowValue, column, default), Values + c);
            }
        }
    }
}

/// <summary>The size of the tiles in which composed and consumed Gram matrices are evaluated.</summary>
internal static class GramTile
{
    /// <summary>Rows of a tile: with <see cref="Columns"/>, 384 KiB of float32, which stay in L2 until they are consumed.</summary>
    public const int Rows = 96;

    /// <summary>Bytes of columns that tiles share, packed: about a third-level cache, beyond which packing them again for each tile costs no more than reading them.</summary>
    public const int SharedBytes = 32 << 20;

    /// <summary>Columns of a tile: enough rows of y that packing x again for each tile costs a tenth of the tile's work.</summary>
    public const int Columns = 1024;

    /// <summary>Rows of a tile of a weighted sum, which is all that is kept: as many elements, nearer to a square, pack a third less for each product.</summary>
    public const int TermRows = 192;

    /// <summary>Columns of such a tile.</summary>
    public const int TermColumns = 512;
}
