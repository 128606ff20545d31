using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>One alignment on the host, on the calling thread: from within a worker's job, too.</summary>
internal static unsafe class PairHost
{
    /// <summary>The end value of two prepared series, before any finish; infinity where there is no path. Memory: a few rows.</summary>
    public static T EndValue<T>(SimdWidth width, WarpingProblem problem, SeriesPack<T> x, int i, SeriesPack<T> y, int j, in RunSettings settings)
        where T : unmanaged
    {
        EndValueWork<T> work = new() { Settings = settings };
        PairDispatch.Run(width, problem, x, i, y, j, ref work);
        return work.Value;
    }

    /// <summary>An end value.</summary>
    internal struct EndValueWork<T> : IPairWork<T>
        where T : unmanaged
    {
        /// <summary>How to run.</summary>
        public required RunSettings Settings;

        /// <summary>The end value, once run.</summary>
        public T Value;

        /// <inheritdoc/>
        public void Run<V, TCells>(in WarpingPair<T> pair, TCells cells)
            where V : unmanaged, IHostVector<V, T>
            where TCells : struct, IPairCells<T>
        {
            const int Padding = WarpingPair<T>.Padding;
            T* row = Scratch.Get<T>(ScratchSlot.PairBorders, pair.Columns + (2 * (nint)pair.Rows) + (2 * Padding)) + Padding;
            T* leftColumn = row + pair.Columns + Padding, lastColumn = leftColumn + pair.Rows;
            PairTable<T, TCells> table = new(pair, cells);
            table.FirstRow(row);
            table.FirstColumn(leftColumn);
            lastColumn[0] = row[pair.Columns - 1];
            bool needsLastColumn = pair.Problem.Ends.EndX > 0;
            if (pair.Columns == 1)
            {
                row[0] = leftColumn[pair.Rows - 1];
                lastColumn = leftColumn;
            }
            else if (pair.Rows > 1)
            {
                PairStrips<V, T, TCells> strips = new(pair, cells, Settings);
                PairRegion<T> region = new()
                {
                    Top = 0,
                    Bottom = pair.Rows - 1,
                    Left = 0,
                    Right = pair.Columns - 1,
                    Border = row,
                    LeftCells = leftColumn,
                    LastColumn = needsLastColumn ? lastColumn : null,
                };
                strips.Run(region, reportsProgress: true);
            }

            Value = PairEnd<T>.Of(pair.Problem.Ends, pair.Rows, pair.Columns, row, 1, lastColumn, 1).Value;
        }

        /// <inheritdoc/>
        public void RunPattern<V, TCosts>(in WarpingPair<T> pair, TCosts costs)
            where V : unmanaged, IHostVector<V, T>
            where TCosts : struct, IPatternCosts<T> => Value = RunRows<V, T, TCosts>(pair, costs, Settings, default).Value;

        /// <inheritdoc/>
        public void RunOn(AcceleratorEngine engine, WarpingProblem problem, SeriesPack<T>? x, SeriesPack<T>? y, in Operand<T> costs) =>
            Value = Compute(engine, problem, x, y, costs, default, Settings);
    }

    /// <summary>All cells.</summary>
    internal struct TableWork<T> : IPairWork<T>
        where T : unmanaged
    {
        /// <summary>How to run.</summary>
        public required RunSettings Settings;

        /// <summary>Who runs it.</summary>
        public required Engine Engine;

        /// <summary>Receives the cells.</summary>
        public required Operand<T> Table;

        /// <summary>Where the best path ends, once run.</summary>
        public PairEnd<T> End;

        /// <inheritdoc/>
        public void Run<V, TCells>(in WarpingPair<T> pair, TCells cells)
            where V : unmanaged, IHostVector<V, T>
            where TCells : struct, IPairCells<T>
        {
            T* target = ((HostEngine)Engine).Resolve(Table, Settings.Operation);
            nint rowStride = (nint)Table.RowStride, columnStride = (nint)Table.ColumnStride;
            PairMatrix<V, T, TCells> matrix = new(pair, cells, target, rowStride, columnStride);
            matrix.Fill(Settings);
            End = PairEnd<T>.Of(pair.Problem.Ends, pair.Rows, pair.Columns, target + ((pair.Rows - 1) * rowStride), columnStride, target + ((pair.Columns - 1) * columnStride), rowStride);
        }

        /// <inheritdoc/>
        public void RunPattern<V, TCosts>(in WarpingPair<T> pair, TCosts costs)
            where V : unmanaged, IHostVector<V, T>
            where TCosts : struct, IPatternCosts<T> => End = RunRows<V, T, TCosts>(pair, costs, Settings, Resolved());

        /// <inheritdoc/>
        public void RunOn(AcceleratorEngine engine, WarpingProblem problem, SeriesPack<T>? x, SeriesPack<T>? y, in Operand<T> costs) =>
            End = new() { Value = Compute(engine, problem, x, y, costs, Table, Settings) };

        private readonly Operand<T> Resolved() =>
            new(((HostEngine)Engine).Resolve(Table, Settings.Operation), null, 0, Table.Rows, Table.Columns, Table.RowStride, Table.ColumnStride);
    }

    private static T Compute<T>(
        AcceleratorEngine engine, WarpingProblem problem, SeriesPack<T>? x, SeriesPack<T>? y, in Operand<T> costs, in Operand<T> table, in RunSettings settings)
        where T : unmanaged => x is null || y is null
            ? WarpingAccelerator.OfCosts(engine, problem, costs, table, settings)
            : WarpingAccelerator.Single(engine, problem, x, y, table, settings);

    /// <summary>All rows of a step pattern's table, one after the other.</summary>
    private static PairEnd<T> RunRows<V, T, TCosts>(in WarpingPair<T> pair, TCosts costs, in RunSettings settings, in Operand<T> table)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TCosts : struct, IPatternCosts<T>
    {
        PatternRows<V, T, TCosts> rows = new(pair, costs, new(pair.Problem.Pattern!));
        T* lastRow = Scratch.Get<T>(ScratchSlot.PairBorders, (nint)pair.Columns + pair.Rows);
        PatternEnds<T> ends = new()
        {
            Pair = pair,
            Settings = settings,
            LastRow = lastRow,
            LastColumn = lastRow + pair.Columns,
            Table = table.Pointer,
            RowStride = (nint)table.RowStride,
            ColumnStride = (nint)table.ColumnStride,
        };
        rows.Clear();
        for (int row = 0; row < pair.Rows; row++)
        {
            rows.Compute(row, pair.Columns);
            ends.Computed(row, rows.Values(row));
        }

        return ends.End;
    }
}
