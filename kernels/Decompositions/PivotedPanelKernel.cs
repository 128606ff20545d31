using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>A few columns of L of A ≈ L Lᵀ with complete pivoting, by what earlier columns have left of A: a group owns a matrix.</summary>
/// <remarks>
/// Rows stay where they are; <c>places</c> says which have been pivots. Thread t owns the rows t, t + group, ...: their residual
/// diagonals and their elements of the panel, whose columns are consecutive, so that a warp reads along them and along the pivot's
/// row. The largest residual is a tree over the group, of equals the first row. Four barriers a column beside those of the tree.
/// </remarks>
internal static class PivotedPanelKernel
{
    /// <summary>Threads of a group, at most: a power of two; matrices of so many rows keep all of them busy.</summary>
    public const int GroupSize = 512;

    /// <summary>The kernel.</summary>
    /// <param name="matrices">Items x size x size: what is left of each, both halves.</param>
    /// <param name="panels">Receives items x width x size: columns of L, one behind the other.</param>
    /// <param name="residuals">Receives items x size: the residual diagonals.</param>
    /// <param name="bounds">Items x 2: the residual that is noise, and the one, below 0, under which a matrix is not semi-definite.</param>
    /// <param name="places">Items x size: by row the number of its pivot, or -1.</param>
    /// <param name="outcomes">Items x 2: pivots so far, and the row that shows that the matrix is not semi-definite, or -1.</param>
    /// <param name="first">The item of the first group.</param>
    /// <param name="size">Rows of a matrix.</param>
    /// <param name="known">Columns before this panel; items with fewer are done and left alone.</param>
    /// <param name="width">Columns of the panel.</param>
    public static void Run<V, T>(
        ArrayView<T> matrices, ArrayView<T> panels, ArrayView<T> residuals, ArrayView<T> bounds, ArrayView<int> places, ArrayView<int> outcomes, int first, int size, int known, int width)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> largest = SharedMemory.Allocate<V>(GroupSize);
        ArrayView<int> rows = SharedMemory.Allocate<int>(GroupSize), faults = SharedMemory.Allocate<int>(GroupSize);
        ArrayView<V> matrix = matrices.Cast<V>(), panel = panels.Cast<V>(), residual = residuals.Cast<V>(), bound = bounds.Cast<V>();
        long item = first + Grid.IdxX, square = item * size * size, rowsAt = item * size, panelAt = item * width * size;
        if (outcomes[item * 2] < known) return;
        V zero = V.Constant(0), noise = bound[item * 2], floor = bound[(item * 2) + 1];
        for (int i = Group.IdxX; i < size; i += Group.DimX) residual[rowsAt + i] = matrix[square + ((long)i * size) + i];
        int taken = 0, fault = -1;
        bool goesOn = true;
        while (goesOn && taken < width)
        {
            V most = noise;
            int row = -1;
            for (int i = Group.IdxX; i < size; i += Group.DimX)
            {
                if (places[rowsAt + i] >= 0) continue;
                V left = residual[rowsAt + i];
                if (fault < 0 && known + taken > 0 && !V.IsLess(floor, left)) fault = i;
                if (!V.IsLess(most, left)) continue;
                most = left;
                row = i;
            }

            largest[Group.IdxX] = most;
            rows[Group.IdxX] = row;
            faults[Group.IdxX] = fault;
            for (int half = Group.DimX / 2; half > 0; half /= 2)
            {
                // The other half's must stand before they are compared.
                Group.Barrier();
                if (Group.IdxX < half) Join<V, T>(largest, rows, faults, Group.IdxX, Group.IdxX + half);
            }

            // The first must stand before all read it, and all must have read it before the memory is used again.
            Group.Barrier();
            int pivot = rows[0];
            V root = V.Sqrt(largest[0]);
            fault = faults[0];
            Group.Barrier();
            goesOn = pivot >= 0 && fault < 0;
            if (goesOn)
            {
                long column = panelAt + ((long)taken * size);
                for (int i = Group.IdxX; i < size; i += Group.DimX)
                {
                    V value = zero;
                    if (i == pivot)
                    {
                        value = root;
                        places[rowsAt + i] = known + taken;
                    }
                    else if (places[rowsAt + i] < 0)
                    {
                        value = matrix[square + ((long)pivot * size) + i];
                        for (int k = 0; k < taken; k++) value = V.MultiplyAdd(zero - panel[panelAt + ((long)k * size) + i], panel[panelAt + ((long)k * size) + pivot], value);
                        value /= root;
                        residual[rowsAt + i] = V.MultiplyAdd(zero - value, value, residual[rowsAt + i]);
                    }

                    panel[column + i] = value;
                }

                taken++;

                // The pivot's own row of the panel must stand before others read it.
                Group.Barrier();
            }
        }

        if (Group.IdxX != 0) return;
        outcomes[item * 2] = known + taken;
        outcomes[(item * 2) + 1] = fault;
    }

    /// <summary>Takes over what another thread has found: a larger residual, of equals the earlier row; and the earlier fault.</summary>
    private static void Join<V, T>(ArrayView<V> largest, ArrayView<int> rows, ArrayView<int> faults, int own, int other)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        bool isLarger = V.IsLess(largest[own], largest[other]), isSame = !isLarger && !V.IsLess(largest[other], largest[own]);
        if (rows[other] >= 0 && (rows[own] < 0 || isLarger || (isSame && rows[other] < rows[own])))
        {
            largest[own] = largest[other];
            rows[own] = rows[other];
        }

        if (faults[other] >= 0 && (faults[own] < 0 || faults[other] < faults[own])) faults[own] = faults[other];
    }
}
