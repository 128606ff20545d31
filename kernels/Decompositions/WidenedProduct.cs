using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>result += alpha K X in float64, K of either precision and widened tile by tile.</summary>
internal static unsafe class WidenedProduct
{
    /// <summary>Adds the product.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="matrix">rows x depth, any strides.</param>
    /// <param name="right">depth x width, row-major.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="result">rows x width, row-major.</param>
    /// <param name="settings">How to run; cancels between blocks of rows.</param>
    public static void Add<T>(HostEngine engine, in Operand<T> matrix, double* right, int width, double alpha, double* result, in RunSettings settings)
        where T : unmanaged
    {
        if (width == 0) return;
        int blocks = (matrix.Rows + GramTile.Rows - 1) / GramTile.Rows;
        Job<T> job = new()
        {
            Engine = engine,
            Matrix = matrix,
            Values = engine.Resolve(matrix, settings.Operation),
            Right = right,
            Width = width,
            Alpha = alpha,
            Result = result,
            Progress = new(settings, blocks),
        };
        engine.Run(ref job, blocks, settings.Threads);
        settings.Cancellation.ThrowIfCancellationRequested();
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged
    {
        public HostEngine Engine;
        public Operand<T> Matrix;
        public T* Values;
        public double* Right;
        public int Width;
        public double Alpha;
        public double* Result;
        public BlockProgress Progress;

        public readonly void Run(int block)
        {
            if (Progress.IsCancelled) return;
            int row = block * GramTile.Rows, rows = Math.Min(GramTile.Rows, Matrix.Rows - row);
            double* tile = Scratch.Get<double>(ScratchSlot.TileValues, GramTile.Rows * GramTile.Columns);
            for (int column = 0; column < Matrix.Columns; column += GramTile.Columns)
            {
                int columns = Math.Min(GramTile.Columns, Matrix.Columns - column);
                Widen(row, rows, column, columns, tile);
                TiledProduct<double> product = new()
                {
                    X = tile,
                    XRowStride = columns,
                    XFeatureStride = 1,
                    Y = Right + ((long)column * Width),
                    YRowStride = 1,
                    YFeatureStride = Width,
                    Rows = rows,
                    Columns = Width,
                    Depth = columns,
                    Result = Result + ((long)row * Width),
                    ResultStride = Width,
                };
                TiledProductHost.Run<double, DotTerm<double>, ScaledSum<double>>(Engine, product, new(Alpha, 1), new("Widen", Threads: 1));
            }

            Progress.Advance();
        }

        private readonly void Widen(int row, int rows, int column, int columns, double* tile)
        {
            for (int r = 0; r < rows; r++)
            {
                T* source = Values + ((row + r) * Matrix.RowStride) + (column * Matrix.ColumnStride);
                double* target = tile + ((long)r * columns);
                for (int c = 0; c < columns; c++) target[c] = Element.ToDouble(source[c * Matrix.ColumnStride]);
            }
        }
    }
}
