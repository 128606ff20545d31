using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Grams;

/// <content>Composed kernels: the tile's statistics, then the program over them.</content>
internal sealed partial class GramDevice<T>
{
    /// <summary>Seconds that one launch of the program is planned to take.</summary>
    private const double LaunchSeconds = 0.05;

    /// <summary>Operations that one step of the program costs at most: an exponential with its logarithm.</summary>
    private const double FlopsPerStep = 60;

    /// <summary>The program on the device, with the vectors and the working memory that its tiles share.</summary>
    private sealed class TileProgram : IDisposable
    {
        private readonly GramDevice<T> _gram;
        private readonly List<IDisposable> _owned = [];
        private readonly AcceleratorBuffer<DeviceGramOp<T>> _ops;
        private readonly AcceleratorBuffer<T> _rowValues;
        private readonly AcceleratorBuffer<T> _columnValues;
        private readonly AcceleratorBuffer<T> _statistics;
        private readonly int _tileRows;
        private readonly int _tileColumns;
        private readonly T[] _givenTile;

        public TileProgram(GramDevice<T> gram)
        {
            _gram = gram;
            GramProgram program = gram._program;
            string operation = gram._problem.Settings.Operation;
            (_tileRows, _tileColumns) = gram.TileSize;
            GramMeans<T>?[] means = gram._means ??= gram.Means();
            List<T> rows = [], columns = [];
            int[] vectorOfStatistic = [.. gram._statistics.Select(s => Add(s.HostRowValues, s.HostColumnValues))];
            DeviceGramOp<T>[] ops = new DeviceGramOp<T>[program.Ops.Length];
            for (int step = 0; step < ops.Length; step++)
            {
                GramOp op = program.Ops[step];
                int s = program.StatisticOfStep[step];
                int slot = op.Code == GramOpCode.Precomputed ? program.Statistics.Length + op.Index : s;
                int vector = s >= 0 ? vectorOfStatistic[s] : Add(means[step]?.RowVector, means[step]?.ColumnVector);
                ops[step] = DeviceGramOp<T>.Of(op, slot, vector, means[step]?.Mean ?? 0);
            }

            int given = program.Uses(GramOpCode.Precomputed) ? gram._given.Length : 0;
            _givenTile = new T[given == 0 ? 0 : _tileRows * _tileColumns];
            try
            {
                _ops = Rent<DeviceGramOp<T>>(ops.Length);
                _rowValues = Rent<T>(Math.Max(1, rows.Count));
                _columnValues = Rent<T>(Math.Max(1, columns.Count));
                _statistics = Rent<T>((long)(program.Statistics.Length + given) * _tileRows * _tileColumns);
                gram._engine.Upload<DeviceGramOp<T>>(ops, _ops, 0);
                gram._engine.Upload<T>(rows.ToArray(), _rowValues, 0);
                gram._engine.Upload<T>(columns.ToArray(), _columnValues, 0);
            }
            catch
            {
                Dispose();
                throw;
            }

            AcceleratorBuffer<TElement> Rent<TElement>(long length)
                where TElement : unmanaged
            {
                AcceleratorBuffer<TElement> buffer = gram._engine.Rent<TElement>(length, operation);
                _owned.Add(buffer);
                return buffer;
            }

            int Add(T[]? ofRows, T[]? ofColumns)
            {
                if (ofRows is null || ofColumns is null) return -1;
                rows.AddRange(ofRows);
                columns.AddRange(ofColumns);
                return (rows.Count / Math.Max(1, gram._x.Rows)) - 1;
            }
        }

        /// <summary>Computes a rectangle of the matrix that begins at (row, column).</summary>
        public void Run(int row, int column, in DeviceMatrix<T> values, bool symmetric, in RunSettings settings)
        {
            for (int r = 0; r < values.Rows; r += _tileRows)
            {
                for (int c = symmetric ? r : 0; c < values.Columns; c += _tileColumns)
                {
                    settings.Cancellation.ThrowIfCancellationRequested();
                    DeviceMatrix<T> tile = values.Range(r, Math.Min(_tileRows, values.Rows - r), c, Math.Min(_tileColumns, values.Columns - c));
                    Sum(row + r, column + c, tile.Rows, tile.Columns, settings with { Progress = null });
                    Combine(row + r, column + c, tile, symmetric, settings);
                }

                settings.Progress?.Report(Math.Min(values.Rows, r + _tileRows) / (double)values.Rows);
            }
        }

        public void Dispose()
        {
            foreach (IDisposable buffer in _owned) buffer.Dispose();
            _owned.Clear();
        }

        private void Sum(int row, int column, int rows, int columns, in RunSettings settings)
        {
            long size = (long)rows * columns;
            for (int s = 0; s < _gram._statistics.Length; s++)
            {
                DeviceMatrix<T> sums = DeviceMatrix<T>.Over(_gram._engine, _statistics, s * size, rows, columns, settings);
                FusedProduct product = _gram.Fused(_gram._statistics[s], row, column, sums, symmetric: false, settings);
                KernelFunctions.Dispatch<T, FusedProduct>(_gram._statistics[s].Statistic, ref product);
            }

            for (int g = 0; _givenTile.Length > 0 && g < _gram._given.Length; g++)
            {
                CopyGiven(_gram._given[g], row, column, rows, columns);
                _gram._engine.Upload<T>(_givenTile.AsSpan(0, (int)size), _statistics, (_gram._statistics.Length + g) * size);
            }
        }

        private unsafe void CopyGiven(GivenMatrix<T> given, int row, int column, int rows, int columns)
        {
            fixed (T* tile = _givenTile)
            {
                for (int r = 0; r < rows; r++) given.CopyRow(row + r, column, columns, tile + ((long)r * columns));
            }
        }

        private void Combine(int row, int column, in DeviceMatrix<T> tile, bool symmetric, in RunSettings settings)
        {
            AcceleratorEngine engine = _gram._engine;
            GramProgramShape shape = new()
            {
                Result = DeviceLayout.Of(tile),
                Row = row,
                Rows = tile.Rows,
                Column = column,
                Columns = tile.Columns,
                AllRows = _gram._x.Rows,
                AllColumns = _gram._y.Rows,
                Ops = _gram._program.Ops.Length,
                IsSymmetric = symmetric ? 1 : 0,
            };
            int groupSize = Math.Min(256, engine.MaxGroupSize);
            long elements = (long)tile.Rows * tile.Columns;
            long perLaunch = (long)Math.Max(groupSize, LaunchSeconds * engine.EstimatedFlopsPerSecond / (FlopsPerStep * shape.Ops)) / groupSize * groupSize;
            for (; shape.First < elements; shape.First += perLaunch)
            {
                long groups = (Math.Min(perLaunch, elements - shape.First) + groupSize - 1) / groupSize;
                GramKernels<T>.Instance.Launch(
                    engine,
                    new KernelConfig((int)groups, groupSize),
                    _ops.View,
                    _statistics.View,
                    _rowValues.View,
                    _columnValues.View,
                    tile.View,
                    shape,
                    settings.Trace);
                settings.Trace?.Tiles += 1;
                if (elements > perLaunch) engine.Synchronize(settings.Trace);
            }
        }
    }
}
