using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A = L Lᵀ of one block on the diagonal for every matrix of a batch: one group owns one block.</summary>
/// <remarks>
/// The block stands in shared memory, 32 x 33 elements, so that columns fall into different banks. A column is divided by its
/// root, then subtracted from those behind it; between the two steps and after each the group meets at a barrier.
/// </remarks>
internal static class CholeskyLeafKernel
{
    /// <summary>Elements from row to row in shared memory.</summary>
    private const int Stride = CholeskyHost.Leaf + 1;

    /// <summary>The kernel.</summary>
    /// <param name="matrix">Memory of the matrices; the lower half of each block is replaced by L.</param>
    /// <param name="failed">By matrix: the first pivot that failed, or -1.</param>
    /// <param name="pivots">By matrix: the value of that pivot.</param>
    /// <param name="layout">Where the blocks lie.</param>
    /// <param name="size">Rows of a block, at most a leaf.</param>
    /// <param name="firstPivot">The number of the block's first row in its matrix.</param>
    /// <param name="largest">The largest finite element.</param>
    public static void Run<V, T>(
        ArrayView<T> matrix, ArrayView<int> failed, ArrayView<T> pivots, FactorLayout layout, int size, int firstPivot, T largest)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> tile = SharedMemory.Allocate<V>(CholeskyHost.Leaf * Stride);
        ArrayView<V> values = matrix.Cast<V>();
        long first = layout.Offset + (Grid.IdxX * layout.BatchStride);
        for (int e = Group.IdxX; e < size * size; e += Group.DimX)
        {
            int row = e / size, column = e - (row * size);
            if (column <= row) tile[(row * Stride) + column] = values[first + (row * layout.RowStride) + (column * layout.ColumnStride)];
        }

        int failure = -1;
        V zero = V.Constant(0), failing = zero;

        // The block must stand before its first pivot is read.
        Group.Barrier();
        for (int j = 0; j < size; j++)
        {
            V pivot = tile[(j * Stride) + j], root = V.Sqrt(pivot);
            bool isPositive = V.IsLess(zero - pivot, zero) && V.IsLess(pivot, V.Broadcast(largest));
            if (!isPositive && failure < 0)
            {
                failure = j;
                failing = pivot;
            }

            // All threads have read the pivot before one overwrites it.
            Group.Barrier();
            for (int i = j + Group.IdxX; i < size; i += Group.DimX)
            {
                V element = tile[(i * Stride) + j];
                tile[(i * Stride) + j] = i == j ? root : element / root;
            }

            // The column must be whole before it is subtracted.
            Group.Barrier();
            int rest = size - j - 1;
            for (int e = Group.IdxX; e < rest * rest; e += Group.DimX)
            {
                int row = e / rest, column = e - (row * rest);
                row += j + 1;
                column += j + 1;
                if (column <= row) tile[(row * Stride) + column] -= tile[(row * Stride) + j] * tile[(column * Stride) + j];
            }

            // The next column must have had everything subtracted.
            Group.Barrier();
        }

        for (int e = Group.IdxX; e < size * size; e += Group.DimX)
        {
            int row = e / size, column = e - (row * size);
            if (column <= row) values[first + (row * layout.RowStride) + (column * layout.ColumnStride)] = tile[(row * Stride) + column];
        }

        if (Group.IdxX != 0 || failure < 0 || failed[Grid.IdxX] >= 0) return;
        failed[Grid.IdxX] = firstPivot + failure;
        pivots.Cast<V>()[Grid.IdxX] = failing;
    }
}
