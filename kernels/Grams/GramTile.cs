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
    }

    /// <summary>Writes the values of rows x columns to <paramref name="values"/>.</summary>
    public void Evaluate<V>(int row, int rows, int column, int columns, T* values, long stride)
        where V : unmanaged, IHostVector<V, T>
    {
        RunSettings serial = new("Gram", Threads: 1);
        if (_program.Single is { } single)
        {
            GramStatistic<T> only = _operands.Statistics[0];
            TiledProduct<T> product = only.Product(_operands.X, row, rows, _operands.Y, column, columns, values, stride);
            GramFusedHost<T>.Run(_engine, single, product, only.Direct, serial);
            return;
        }

        if (_program.Terms is { Length: > 0 } terms)
        {
            // Each statistic is of one kernel alone, in the same order.
            for (int t = 0; t < terms.Length; t++)
            {
                GramStatistic<T> statistic = _operands.Statistics[t];
                TiledProduct<T> product = statistic.Product(_operands.X, row, rows, _operands.Y, column, columns, values, stride);
                GramFusedHost<T>.Add(_engine, terms[t], isFirst: t == 0, product, statistic.Direct, serial);
            }

            return;
        }

        long tileSize = (long)rows * columns;
        int count = _program.Statistics.Length;
        T* sums = Scratch.Get<T>(ScratchSlot.TileStatistics, (nint)(tileSize * count));
        for (int s = 0; s < count; s++)
        {
            GramStatistic<T> statistic = _operands.Statistics[s];
            TiledProduct<T> product = statistic.Product(_operands.X, row, rows, _operands.Y, column, columns, sums + (s * tileSize), columns);
            GramFusedHost<T>.Sum(_engine, statistic.Statistic, product, statistic.Direct, serial);
        }

        T* stack = Scratch.Get<T>(ScratchSlot.TileStack, (nint)(columns + V.Count) * _program.Depth);
        for (int r = 0; r < rows; r++)
        {
            EvaluateRow<V>(row + r, column, columns, sums + (r * columns), tileSize, stack);
            new Span<T>(stack, columns).CopyTo(new Span<T>(values + (r * stride), columns));
        }
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

    /// <summary>Columns of a tile: enough rows of y that packing x again for each tile costs a tenth of the tile's work.</summary>
    public const int Columns = 1024;

    /// <summary>Rows of a tile of a weighted sum, which is all that is kept: as many elements, nearer to a square, pack a third less for each product.</summary>
    public const int TermRows = 192;

    /// <summary>Columns of such a tile.</summary>
    public const int TermColumns = 512;
}
