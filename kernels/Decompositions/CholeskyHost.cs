using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = L Lᵀ in float64 on the host, for a symmetric matrix whose lower half is replaced by L.</summary>
/// <remarks>
/// Row-major. By halving: all but small blocks on and below the diagonal is matrix products, in an order that depends on the
/// size alone, so that bits do not depend on threads. n^3 / 3 operations (Golub and Van Loan 2013, section 4.2.8).
/// </remarks>
internal readonly unsafe struct CholeskyHost
{
    /// <summary>The largest block that is worked element by element: 8 KiB of it, and as much of a panel, are a fraction of L1.</summary>
    public const int Leaf = 32;

    private readonly HostEngine _engine;
    private readonly double* _matrix;
    private readonly long _stride;
    private readonly RunSettings _settings;
    private readonly RunSettings _inner;
    private readonly int _size;

    private CholeskyHost(HostEngine engine, double* matrix, int size, long stride, in RunSettings settings)
    {
        _engine = engine;
        _matrix = matrix;
        _size = size;
        _stride = stride;
        _settings = settings;
        _inner = settings with { Progress = null, Trace = null };
    }

    /// <summary>Factors the matrix; its upper half is left undefined.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="matrix">size x size, both halves filled.</param>
    /// <param name="size">Rows.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="settings">How to run; cancels between products.</param>
    /// <exception cref="NumericalException">The matrix is not positive definite; the pivot is named.</exception>
    public static void Factor(HostEngine engine, double* matrix, int size, long stride, in RunSettings settings) =>
        new CholeskyHost(engine, matrix, size, stride, settings).Factor(0, size);

    /// <summary>Replaces the columns of <paramref name="right"/> by the solution of L Lᵀ X = right.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="factor">What <see cref="Factor(HostEngine, double*, int, long, in RunSettings)"/> left.</param>
    /// <param name="size">Rows.</param>
    /// <param name="stride">Elements from row to row of the factor.</param>
    /// <param name="right">size x width, columns consecutive.</param>
    /// <param name="width">Right-hand sides.</param>
    /// <param name="rightStride">Elements from row to row of the right-hand sides.</param>
    /// <param name="settings">How to run.</param>
    public static void Solve(
        HostEngine engine, double* factor, int size, long stride, double* right, int width, long rightStride, in RunSettings settings)
    {
        if (width == 0) return;
        TriangularSolve solve = new(engine, factor, stride, right, width, rightStride, settings with { Progress = null, Trace = null });
        solve.Lower(0, size);
        solve.LowerTransposed(0, size);
    }

    /// <summary>Where the blocks of a halving part: the first half in whole leaves.</summary>
    public static int Half(int size) => ((size / 2) + Leaf - 1) / Leaf * Leaf;

    private double* At(int row, int column) => _matrix + (row * _stride) + column;

    private void Factor(int first, int size)
    {
        if (size <= Leaf)
        {
            _settings.Cancellation.ThrowIfCancellationRequested();
            FactorLeaf(first, size);

            // Of the n^3 / 3 operations, the rows up to here and what they did to the others.
            double rest = 1 - ((first + size) / (double)_size);
            _settings.Progress?.Report(1 - (rest * rest * rest));
            return;
        }

        int half = Half(size), other = size - half;
        Factor(first, half);
        SolveBelow(first, half, first + half, other);
        Subtract(At(first + half, first), other, At(first + half, first), other, half, At(first + half, first + half), symmetric: true);
        Factor(first + half, other);
    }

    private void FactorLeaf(int first, int size)
    {
        for (int j = first; j < first + size; j++)
        {
            double pivot = *At(j, j);
            for (int k = first; k < j; k++) pivot -= *At(j, k) * *At(j, k);
            if (!(pivot > 0 && double.IsFinite(pivot)))
            {
                throw new NumericalException(_settings.Operation, $"pivot {j}", $"it is {pivot:g3}, the matrix is not positive definite; add a larger ridge to the diagonal");
            }

            double root = Math.Sqrt(pivot);
            *At(j, j) = root;
            for (int i = j + 1; i < first + size; i++)
            {
                double sum = *At(i, j);
                for (int k = first; k < j; k++) sum -= *At(i, k) * *At(j, k);
                *At(i, j) = sum / root;
            }
        }
    }

    /// <summary>Replaces a panel P below a factored block by the X of X Lᵀ = P.</summary>
    private void SolveBelow(int first, int size, int row, int rows)
    {
        if (size <= Leaf)
        {
            PanelJob job = new() { Run = this, First = first, Size = size, Row = row, Rows = rows };
            _engine.Run(ref job, (rows + PanelJob.PieceRows - 1) / PanelJob.PieceRows, rows * (double)size * size < HostBlocking.SerialBelow ? 1 : _settings.Threads);
            return;
        }

        int half = Half(size), other = size - half;
        SolveBelow(first, half, row, rows);
        Subtract(At(row, first), rows, At(first + half, first), other, half, At(row, first + half), symmetric: false);
        SolveBelow(first + half, other, row, rows);
    }

    /// <summary>result -= left rightᵀ.</summary>
    private void Subtract(double* left, int rows, double* right, int columns, int depth, double* result, bool symmetric)
    {
        TiledProduct<double> product = new()
        {
            X = left,
            XRowStride = _stride,
            XFeatureStride = 1,
            Y = right,
            YRowStride = _stride,
            YFeatureStride = 1,
            Rows = rows,
            Columns = columns,
            Depth = depth,
            Result = result,
            ResultStride = _stride,
            Symmetric = symmetric,
        };
        TiledProductHost.Run<double, DotTerm<double>, ScaledSum<double>>(_engine, product, new(-1, 1), _inner);
    }

    /// <summary>Rows of a panel; each is solved by itself.</summary>
    private struct PanelJob : IParallelJob
    {
        public const int PieceRows = 64;

        public CholeskyHost Run;
        public int First;
        public int Size;
        public int Row;
        public int Rows;

        readonly void IParallelJob.Run(int piece)
        {
            int end = Row + Math.Min(Rows, (piece + 1) * PieceRows);
            for (int i = Row + (piece * PieceRows); i < end; i++)
            {
                double* row = Run.At(i, First);
                for (int j = 0; j < Size; j++)
                {
                    double* pivot = Run.At(First + j, First);
                    double sum = row[j];
                    for (int k = 0; k < j; k++) sum -= row[k] * pivot[k];
                    row[j] = sum / pivot[j];
                }
            }
        }
    }
}
