using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>R and the reflectors of small matrices by Householder's method (Golub and Van Loan 2013, algorithm 5.2.1): a group owns a matrix.</summary>
/// <remarks>
/// Matrices lie row by row in global memory, columns scaled to about 1. A column's length is a tree sum of the group; after it each
/// thread takes whole columns, so that a warp reads along rows and every other sum has one thread and one order. Three barriers a
/// column beside those of the tree.
/// </remarks>
internal static class HouseholderKernel
{
    /// <summary>Threads of a group: a power of two; matrices of so many columns keep all of them busy.</summary>
    public const int GroupSize = 128;

    /// <summary>The kernel: R replaces the upper triangles, the reflectors, without their leading 1, what is below.</summary>
    /// <param name="matrices">Items x rows x columns.</param>
    /// <param name="factors">Receives the reflectors' factors, items x min(rows, columns).</param>
    /// <param name="first">The item of the first group.</param>
    /// <param name="rows">Rows of a matrix.</param>
    /// <param name="columns">Columns of a matrix.</param>
    public static void Run<V, T>(ArrayView<T> matrices, ArrayView<T> factors, int first, int rows, int columns)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> memory = SharedMemory.Allocate<V>(GroupSize);
        ArrayView<V> values = matrices.Cast<V>();
        int steps = rows < columns ? rows : columns;
        long item = first + Grid.IdxX, start = item * rows * columns;
        V zero = V.Constant(0);
        for (int k = 0; k < steps; k++)
        {
            long diagonal = start + ((long)k * columns) + k;
            V own = zero;
            for (int i = k + 1 + Group.IdxX; i < rows; i += Group.DimX)
            {
                V element = values[start + ((long)i * columns) + k];
                own = V.MultiplyAdd(element, element, own);
            }

            V squares = Sum<V, T>(memory, own), head = values[diagonal];

            // All have read the head before it is overwritten.
            Group.Barrier();
            bool reflects = V.IsLess(zero - squares, zero);
            V end = reflects ? zero - V.CopySign(V.Sqrt(V.MultiplyAdd(head, head, squares)), head) : head;
            V factor = reflects ? (end - head) / end : zero;
            V scale = reflects ? V.Constant(1) / (head - end) : zero;
            for (int i = k + 1 + Group.IdxX; i < rows; i += Group.DimX) values[start + ((long)i * columns) + k] *= scale;
            if (Group.IdxX == 0)
            {
                values[diagonal] = end;
                factors.Cast<V>()[(item * steps) + k] = factor;
            }

            // The reflector must stand before it is applied.
            Group.Barrier();
            for (int j = k + 1 + Group.IdxX; j < columns; j += Group.DimX) Reflect<V, T>(values, start + k, columns, values, start + j, columns, k, rows, factor);

            // The next column must be whole before its length is taken.
            Group.Barrier();
        }
    }

    /// <summary>c -= factor v (vᵀ c), from row k on, of a reflector v with a leading 1.</summary>
    internal static void Reflect<V, T>(ArrayView<V> v, long atV, int strideV, ArrayView<V> c, long atC, int strideC, int k, int rows, V factor)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V sum = c[atC + ((long)k * strideC)];
        for (int i = k + 1; i < rows; i++) sum = V.MultiplyAdd(v[atV + ((long)i * strideV)], c[atC + ((long)i * strideC)], sum);
        sum *= factor;
        c[atC + ((long)k * strideC)] -= sum;
        for (int i = k + 1; i < rows; i++) c[atC + ((long)i * strideC)] -= v[atV + ((long)i * strideV)] * sum;
    }

    /// <summary>The sum over a group, in every thread, in a fixed tree.</summary>
    private static V Sum<V, T>(ArrayView<V> memory, V own)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        memory[Group.IdxX] = own;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's sums must stand before they are added.
            Group.Barrier();
            if (Group.IdxX < half) memory[Group.IdxX] += memory[Group.IdxX + half];
        }

        // The first must stand before all read it; the caller's barrier keeps it until they have.
        Group.Barrier();
        return memory[0];
    }
}
