using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>What every measure of dependence between two symmetric matrices reads of them, from rows as they come: sums of rows, of products and of squares.</summary>
/// <remarks>
/// In float64, less a provisional mean of each matrix, which centring removes anyhow; diagonals apart. Every row is summed by itself and
/// the rows in order, so that bits do not depend on blocks or threads.
/// </remarks>
internal sealed unsafe class GramPairSums
{
    private readonly HostEngine _engine;
    private readonly int _rows;
    private readonly RowSums[] _sums;
    private double? _shiftX;
    private double _shiftY;

    /// <summary>Sums of nothing.</summary>
    public GramPairSums(HostEngine engine, int rows) => (_engine, _rows, _sums) = (engine, rows, new RowSums[rows]);

    /// <summary>Adds consecutive rows of both matrices.</summary>
    /// <param name="first">The number of the first.</param>
    /// <param name="x">some rows x all columns.</param>
    /// <param name="y">The same rows of the other matrix.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="ArgumentException">An element is not finite; its place is named.</exception>
    public void Add<T>(int first, MatrixRef<T> x, MatrixRef<T> y, in RunSettings settings)
        where T : unmanaged
    {
        settings.Cancellation.ThrowIfCancellationRequested();
        fixed (T* px = x, py = y)
        {
            if (_shiftX is null)
            {
                _shiftX = FiniteOrZero(Mean(x.At(px)));
                _shiftY = FiniteOrZero(Mean(y.At(py)));
            }

            RowJob<T> job = new() { X = x.At(px), Y = y.At(py), First = first, Sums = _sums, ShiftX = _shiftX.Value, ShiftY = _shiftY };
            _engine.Run(ref job, x.Rows, settings.Threads);
        }

        for (int i = first; i < first + x.Rows; i++)
        {
            if (!double.IsFinite(_sums[i].XX + _sums[i].YY)) throw new ArgumentException($"row {i} of a Gram matrix is not finite: remove the row and its column");
        }
    }

    /// <summary>Sums over all pairs of products of the centred matrices: x with y, x with x, y with y.</summary>
    public (double XY, double XX, double YY) Centred()
    {
        double xy = 0, xx = 0, yy = 0, totalX = 0, totalY = 0;
        foreach (RowSums one in _sums)
        {
            double x = one.X + one.DiagonalX, y = one.Y + one.DiagonalY;
            xy += one.XY + (one.DiagonalX * one.DiagonalY) - (2 * x * y / _rows);
            xx += one.XX + (one.DiagonalX * one.DiagonalX) - (2 * x * x / _rows);
            yy += one.YY + (one.DiagonalY * one.DiagonalY) - (2 * y * y / _rows);
            totalX += x;
            totalY += y;
        }

        double pairs = (double)_rows * _rows;
        return (xy + (totalX * totalY / pairs), xx + (totalX * totalX / pairs), yy + (totalY * totalY / pairs));
    }

    /// <summary>The same of U-centred matrices, without their diagonals, over n (n - 3): unbiased estimates (Song et al. 2012, eq. 5; Székely and Rizzo 2014, prop. 1).</summary>
    public (double XY, double XX, double YY) UCentred()
    {
        double n = _rows, xy = 0, xx = 0, yy = 0, totalX = 0, totalY = 0;
        foreach (RowSums one in _sums)
        {
            xy += one.XY - (2 * one.X * one.Y / (n - 2));
            xx += one.XX - (2 * one.X * one.X / (n - 2));
            yy += one.YY - (2 * one.Y * one.Y / (n - 2));
            totalX += one.X;
            totalY += one.Y;
        }

        double all = (n - 1) * (n - 2), scale = n * (n - 3);
        return ((xy + (totalX * totalY / all)) / scale, (xx + (totalX * totalX / all)) / scale, (yy + (totalY * totalY / all)) / scale);
    }

    private static double Mean<T>(Operand<T> matrix)
        where T : unmanaged
    {
        double sum = 0;
        for (int j = 0; j < matrix.Columns; j++) sum += Element.ToDouble(matrix.Pointer[j * matrix.ColumnStride]);
        return matrix.Columns == 0 ? 0 : sum / matrix.Columns;
    }

    private static double FiniteOrZero(double value) => double.IsFinite(value) ? value : 0;

    private struct RowSums
    {
        public double X;
        public double Y;
        public double XY;
        public double XX;
        public double YY;
        public double DiagonalX;
        public double DiagonalY;
    }

    private struct RowJob<T> : IParallelJob
        where T : unmanaged
    {
        public Operand<T> X;
        public Operand<T> Y;
        public int First;
        public RowSums[] Sums;
        public double ShiftX;
        public double ShiftY;

        public readonly void Run(int piece)
        {
            T* rowX = X.Pointer + (piece * X.RowStride), rowY = Y.Pointer + (piece * Y.RowStride);
            RowSums sums = default;
            for (int j = 0; j < X.Columns; j++)
            {
                double x = Element.ToDouble(rowX[j * X.ColumnStride]) - ShiftX, y = Element.ToDouble(rowY[j * Y.ColumnStride]) - ShiftY;
                if (j == First + piece)
                {
                    (sums.DiagonalX, sums.DiagonalY) = (x, y);
                    continue;
                }

                sums.X += x;
                sums.Y += y;
                sums.XY += x * y;
                sums.XX += x * x;
                sums.YY += y * y;
            }

            Sums[First + piece] = sums;
        }
    }
}
