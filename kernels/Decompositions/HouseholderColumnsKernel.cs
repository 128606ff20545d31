using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Q, thin, from what <see cref="HouseholderKernel"/> left (Golub and Van Loan 2013, section 5.1.6): a thread owns a column.</summary>
/// <remarks>Threads of a warp stand side by side in a row of Q and read the same reflector. No barrier.</remarks>
internal static class HouseholderColumnsKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="matrices">Items x rows x columns.</param>
    /// <param name="factors">The reflectors' factors.</param>
    /// <param name="q">Receives items x rows x min(rows, columns).</param>
    /// <param name="first">The column of the first thread, counted through all items.</param>
    /// <param name="count">Columns in all.</param>
    /// <param name="rows">Rows of a matrix.</param>
    /// <param name="columns">Columns of a matrix.</param>
    public static void Run<V, T>(ArrayView<T> matrices, ArrayView<T> factors, ArrayView<T> q, long first, long count, int rows, int columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long number = first + (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (number >= count) return;
        ArrayView<V> values = matrices.Cast<V>(), target = q.Cast<V>();
        int steps = rows < columns ? rows : columns;
        long item = number / steps, start = item * rows * columns;
        int column = (int)(number - (item * steps));
        long to = (item * rows * steps) + column;
        for (int i = 0; i < rows; i++) target[to + ((long)i * steps)] = i == column ? V.Constant(1) : V.Constant(0);

        // Reflectors behind this column's find zeros alone.
        for (int k = column; k >= 0; k--)
        {
            HouseholderKernel.Reflect<V, T>(values, start + k, columns, target, to, steps, k, rows, V.Broadcast(factors[(item * steps) + k]));
        }
    }
}
