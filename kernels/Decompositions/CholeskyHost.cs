using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = L Lᵀ on the host, for a symmetric matrix whose lower half is replaced by L.</summary>
/// <remarks>
/// Row-major. By halving: all but small blocks on and below the diagonal is matrix products, in an order that depends on the
/// size alone, so that bits do not depend on threads. n^3 / 3 operations (Golub and Van Loan 2013, section 4.2.8).
/// </remarks>
internal static unsafe class CholeskyHost
{
    /// <summary>The largest block that is worked element by element: 8 KiB of it, and as much of a panel, are a fraction of L1.</summary>
    public const int Leaf = 32;

    /// <summary>What is going to happen to so many matrices of a size, and why, in words.</summary>
    public static string Tiling(HostEngine engine, int count, int size) =>
        count == 1 ? $"{size} x {size}: halving to leaves of {Leaf}, all else products on all threads"
        : IsByItem(engine, count, size) ? $"{count} x {size} x {size}: halving to leaves of {Leaf}, one matrix after the other, each large enough for all threads"
        : $"{count} x {size} x {size}: halving to leaves of {Leaf}, a matrix a thread, each too small for all of them";

    /// <summary>Whether matrices are factored one after the other, each by all threads.</summary>
    public static bool IsByItem(HostEngine engine, int count, int size) => count == 1 || (double)size * size * size / 6 > HostBlocking.SerialBelow * engine.Threads;

    /// <summary>Where the blocks of a halving part: the first half in whole leaves.</summary>
    public static int Half(int size) => ((size / 2) + Leaf - 1) / Leaf * Leaf;

    /// <summary>Factors the matrix; its upper half is left undefined.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="matrix">size x size, both halves filled.</param>
    /// <param name="size">Rows.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="settings">How to run; cancels between products.</param>
    /// <exception cref="NumericalException">The matrix is not positive definite; the pivot is named.</exception>
    public static void Factor<T>(HostEngine engine, T* matrix, int size, long stride, in RunSettings settings)
        where T : unmanaged
    {
        int failed = new CholeskyHost<T>(engine, matrix, size, stride, settings).Factor(0, size);
        if (failed < 0) return;
        double pivot = Element.ToDouble(matrix[(failed * stride) + failed]);
        throw NotPositiveDefinite(settings.Operation, $"pivot {failed}", pivot);
    }

    /// <summary>As <see cref="Factor{T}(HostEngine, T*, int, long, in RunSettings)"/>, but gives the first pivot that failed, whose value is left on the diagonal, or -1.</summary>
    public static int TryFactor<T>(HostEngine engine, T* matrix, int size, long stride, in RunSettings settings)
        where T : unmanaged => new CholeskyHost<T>(engine, matrix, size, stride, settings).Factor(0, size);

    /// <summary>Replaces the columns of <paramref name="right"/> by the solution of L Lᵀ X = right.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="factor">What <see cref="Factor{T}(HostEngine, T*, int, long, in RunSettings)"/> left.</param>
    /// <param name="size">Rows.</param>
    /// <param name="stride">Elements from row to row of the factor.</param>
    /// <param name="right">size x width, columns consecutive.</param>
    /// <param name="width">Right-hand sides.</param>
    /// <param name="rightStride">Elements from row to row of the right-hand sides.</param>
    /// <param name="settings">How to run.</param>
    public static void Solve<T>(
        HostEngine engine, T* factor, int size, long stride, T* right, int width, long rightStride, in RunSettings settings)
        where T : unmanaged
    {
        TriangularSolve<T> solve = new(engine, factor, stride, 1, right, width, rightStride, 1, settings);
        solve.Lower(0, size);
        solve.LowerTransposed(0, size);
    }

    /// <summary>The error of a pivot that is not above 0.</summary>
    public static NumericalException NotPositiveDefinite(string operation, string where, double pivot) => new(
        operation, where, FormattableString.Invariant($"it is {pivot:g3}, the matrix is not positive definite; add a larger ridge to the diagonal"));
}

/// <summary>One factorisation.</summary>
internal readonly unsafe struct CholeskyHost<T>(HostEngine engine, T* matrix, int size, long stride, RunSettings settings)
    where T : unmanaged
{
    private readonly RunSettings _inner = settings with { Progress = null, Trace = null };

    /// <summary>Factors a block on the diagonal; gives the pivot that failed, or -1.</summary>
    public int Factor(int first, int count)
    {
        if (count <= CholeskyHost.Leaf)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int failed = FactorLeaf(first, count);

            // Of the n^3 / 3 operations, the rows up to here and what they did to the others.
            double rest = 1 - ((first + count) / (double)size);
            settings.Progress?.Report(1 - (rest * rest * rest));
            return failed;
        }

        int half = CholeskyHost.Half(count), other = count - half;
        if (Factor(first, half) is >= 0 and int pivot) return pivot;

        // Replaces the panel P below the factored block by the X of X Lᵀ = P.
        new TriangularSolve<T>(engine, At(first, first), stride, 1, At(first + half, first), other, 1, stride, _inner).Lower(0, half);
        SubtractSelf(At(first + half, first), other, half, At(first + half, first + half));
        return Factor(first + half, other);
    }

    private T* At(int row, int column) => matrix + (row * stride) + column;

    private int FactorLeaf(int first, int count)
    {
        for (int j = first; j < first + count; j++)
        {
            double pivot = Element.ToDouble(*At(j, j));
            for (int k = first; k < j; k++) pivot -= Element.ToDouble(*At(j, k)) * Element.ToDouble(*At(j, k));
            if (!(pivot > 0 && double.IsFinite(pivot)))
            {
                *At(j, j) = Element.Of<T>(pivot);
                return j;
            }

            double root = Math.Sqrt(pivot);
            *At(j, j) = Element.Of<T>(root);
            for (int i = j + 1; i < first + count; i++)
            {
                double sum = Element.ToDouble(*At(i, j));
                for (int k = first; k < j; k++) sum -= Element.ToDouble(*At(i, k)) * Element.ToDouble(*At(j, k));
                *At(i, j) = Element.Of<T>(sum / root);
            }
        }

        return -1;
    }

    /// <summary>result -= left leftᵀ.</summary>
    private void SubtractSelf(T* left, int rows, int depth, T* result)
    {
        TiledProduct<T> product = new()
        {
            X = left,
            XRowStride = stride,
            XFeatureStride = 1,
            Y = left,
            YRowStride = stride,
            YFeatureStride = 1,
            Rows = rows,
            Columns = rows,
            Depth = depth,
            Result = result,
            ResultStride = stride,
            Symmetric = true,
        };
        TiledProductHost.Run<T, DotTerm<T>, ScaledSum<T>>(engine, product, new(Element.Of<T>(-1), Element.Of<T>(1)), _inner);
    }
}
