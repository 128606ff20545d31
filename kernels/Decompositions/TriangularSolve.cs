using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Solves with a lower triangle and with its transpose, for many right-hand sides in place; by halving, as <see cref="CholeskyHost"/>.</summary>
internal readonly unsafe struct TriangularSolve(
    HostEngine engine, double* triangle, long stride, double* right, int width, long rightStride, RunSettings settings)
{
    /// <summary>L X = B.</summary>
    public void Lower(int first, int size)
    {
        if (size <= CholeskyHost.Leaf)
        {
            for (int i = first; i < first + size; i++)
            {
                for (int k = first; k < i; k++) SubtractRow(i, *L(i, k), k);
                DivideRow(i);
            }

            return;
        }

        int half = CholeskyHost.Half(size), other = size - half;
        Lower(first, half);
        Subtract(L(first + half, first), stride, 1, first, half, first + half, other);
        Lower(first + half, other);
    }

    /// <summary>Lᵀ X = B.</summary>
    public void LowerTransposed(int first, int size)
    {
        if (size <= CholeskyHost.Leaf)
        {
            for (int i = first + size - 1; i >= first; i--)
            {
                for (int k = first + size - 1; k > i; k--) SubtractRow(i, *L(k, i), k);
                DivideRow(i);
            }

            return;
        }

        int half = CholeskyHost.Half(size), other = size - half;
        LowerTransposed(first + half, other);
        Subtract(L(first + half, first), 1, stride, first + half, other, first, half);
        LowerTransposed(first, half);
    }

    private double* L(int row, int column) => triangle + (row * stride) + column;

    private Span<double> Row(int row) => new(right + (row * rightStride), width);

    private void SubtractRow(int row, double factor, int other)
    {
        Span<double> target = Row(row);
        ReadOnlySpan<double> source = Row(other);
        for (int c = 0; c < target.Length; c++) target[c] -= factor * source[c];
    }

    private void DivideRow(int row)
    {
        double pivot = *L(row, row);
        foreach (ref double value in Row(row)) value /= pivot;
    }

    /// <summary>Rows of the result -= block times solved rows, the block as it stands or transposed by its strides.</summary>
    private void Subtract(double* block, long blockRowStride, long blockColumnStride, int solved, int depth, int row, int rows)
    {
        TiledProduct<double> product = new()
        {
            X = block,
            XRowStride = blockRowStride,
            XFeatureStride = blockColumnStride,
            Y = right + (solved * rightStride),
            YRowStride = 1,
            YFeatureStride = rightStride,
            Rows = rows,
            Columns = width,
            Depth = depth,
            Result = right + (row * rightStride),
            ResultStride = rightStride,
        };
        TiledProductHost.Run<double, DotTerm<double>, ScaledSum<double>>(engine, product, new(-1, 1), settings);
    }
}
