using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Solves with a lower triangle and with its transpose, for many right-hand sides in place; by halving, as <see cref="CholeskyHost"/>.</summary>
/// <remarks>
/// An upper triangle is a lower one with its strides exchanged; X A = B is Aᵀ Xᵀ = Bᵀ with the strides of B exchanged. All but
/// leaves is matrix products; the order of every sum depends on the size alone. size^2 width operations.
/// </remarks>
/// <param name="engine">The host.</param>
/// <param name="triangle">Its first element; what lies above the diagonal is not read.</param>
/// <param name="rowStride">Elements from row to row of the triangle.</param>
/// <param name="columnStride">Elements from column to column of the triangle.</param>
/// <param name="right">Right-hand sides: size x width.</param>
/// <param name="width">Right-hand sides.</param>
/// <param name="rightRowStride">Elements from row to row of the right-hand sides.</param>
/// <param name="rightColumnStride">Elements from one right-hand side to the next; one of the two strides is 1.</param>
/// <param name="settings">How to run; cancels between products.</param>
internal readonly unsafe struct TriangularSolve<T>(
    HostEngine engine, T* triangle, long rowStride, long columnStride, T* right, int width, long rightRowStride, long rightColumnStride, RunSettings settings)
    where T : unmanaged
{
    private readonly RunSettings _settings = settings with { Progress = null, Trace = null };

    /// <summary>L X = B, for rows first to first + size of the system.</summary>
    public void Lower(int first, int size)
    {
        if (size <= CholeskyHost.Leaf)
        {
            SolveLeaf(first, size, isTransposed: false);
            return;
        }

        int half = CholeskyHost.Half(size), other = size - half;
        Lower(first, half);
        Subtract(L(first + half, first), rowStride, columnStride, first, half, first + half, other);
        Lower(first + half, other);
    }

    /// <summary>Lᵀ X = B, for rows first to first + size of the system.</summary>
    public void LowerTransposed(int first, int size)
    {
        if (size <= CholeskyHost.Leaf)
        {
            SolveLeaf(first, size, isTransposed: true);
            return;
        }

        int half = CholeskyHost.Half(size), other = size - half;
        LowerTransposed(first + half, other);
        Subtract(L(first + half, first), columnStride, rowStride, first + half, other, first, half);
        LowerTransposed(first, half);
    }

    private T* L(int row, int column) => triangle + (row * rowStride) + (column * columnStride);

    private T* Right(int row) => right + (row * rightRowStride);

    private void SolveLeaf(int first, int size, bool isTransposed)
    {
        if (width == 0 || size == 0) return;
        _settings.Cancellation.ThrowIfCancellationRequested();
        TriangularLeaf<T> leaf = new()
        {
            Engine = engine,
            Triangle = isTransposed ? L(first + size - 1, first + size - 1) : L(first, first),
            RowStride = isTransposed ? -columnStride : rowStride,
            ColumnStride = isTransposed ? -rowStride : columnStride,
            Size = size,
            Right = isTransposed ? Right(first + size - 1) : Right(first),
            RightRowStride = isTransposed ? -rightRowStride : rightRowStride,
            RightColumnStride = rightColumnStride,
            Width = width,
            Threads = _settings.Threads,
        };
        VectorDispatch.Run<T, TriangularLeaf<T>>(engine.Width, ref leaf);
    }

    /// <summary>Rows of the result -= block times solved rows, the block as it stands or transposed by its strides.</summary>
    private void Subtract(T* block, long blockRowStride, long blockColumnStride, int solved, int depth, int row, int rows)
    {
        if (width == 0) return;
        bool acrossRows = rightColumnStride == 1;
        TiledProduct<T> product = acrossRows
            ? new()
            {
                X = block,
                XRowStride = blockRowStride,
                XFeatureStride = blockColumnStride,
                Y = Right(solved),
                YRowStride = 1,
                YFeatureStride = rightRowStride,
                Rows = rows,
                Columns = width,
                Depth = depth,
                Result = Right(row),
                ResultStride = rightRowStride,
            }
            : new()
            {
                X = Right(solved),
                XRowStride = rightColumnStride,
                XFeatureStride = rightRowStride,
                Y = block,
                YRowStride = blockRowStride,
                YFeatureStride = blockColumnStride,
                Rows = width,
                Columns = rows,
                Depth = depth,
                Result = Right(row),
                ResultStride = rightColumnStride,
            };
        TiledProductHost.Run<T, DotTerm<T>, ScaledSum<T>>(engine, product, new(Element.Of<T>(-1), Element.Of<T>(1)), _settings);
    }
}
