using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Solves with one leaf of a lower triangle, in place: a group owns 64 right-hand sides of one matrix of a batch, a thread one of them at a time.</summary>
/// <remarks>
/// Triangle (32 x 33 elements) and right-hand sides (32 x 64) stand in shared memory, 24.25 KiB of float64; the group meets at a
/// barrier when they stand and when they are solved. A transposed leaf is given from its last element on, with negative strides.
/// </remarks>
internal static class TriangularLeafKernel
{
    /// <summary>Right-hand sides of a group.</summary>
    public const int Chunk = 64;

    /// <summary>Elements from row to row of the triangle in shared memory.</summary>
    private const int Stride = CholeskyHost.Leaf + 1;

    /// <summary>The kernel.</summary>
    /// <param name="triangle">Memory of the triangles.</param>
    /// <param name="right">Memory of the right-hand sides.</param>
    /// <param name="triangles">Where the triangles lie.</param>
    /// <param name="rights">Where the right-hand sides lie.</param>
    /// <param name="size">Rows of the triangle, at most a leaf.</param>
    /// <param name="width">Right-hand sides of a matrix.</param>
    /// <param name="firstGroup">The number of the launch's first group.</param>
    public static void Run<V, T>(
        ArrayView<T> triangle, ArrayView<T> right, FactorLayout triangles, FactorLayout rights, int size, int width, long firstGroup)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> factors = SharedMemory.Allocate<V>(CholeskyHost.Leaf * Stride);
        ArrayView<V> tile = SharedMemory.Allocate<V>(CholeskyHost.Leaf * Chunk);
        int chunks = (width + Chunk - 1) / Chunk;
        long number = firstGroup + Grid.IdxX, item = number / chunks;
        int first = (int)(number - (item * chunks)) * Chunk;
        int columns = width - first < Chunk ? width - first : Chunk;
        ArrayView<V> values = triangle.Cast<V>(), sides = right.Cast<V>();
        long place = triangles.Offset + (item * triangles.BatchStride);
        for (int e = Group.IdxX; e < size * size; e += Group.DimX)
        {
            int row = e / size, column = e - (row * size);
            if (column <= row) factors[(row * Stride) + column] = values[place + (row * triangles.RowStride) + (column * triangles.ColumnStride)];
        }

        // Neighbours take what lies side by side.
        place = rights.Offset + (item * rights.BatchStride) + (first * rights.ColumnStride);
        bool acrossRows = rights.ColumnStride == 1;
        int inner = acrossRows ? columns : size;
        for (int e = Group.IdxX; e < size * columns; e += Group.DimX)
        {
            int outer = e / inner, rest = e - (outer * inner);
            int row = acrossRows ? outer : rest, column = acrossRows ? rest : outer;
            tile[(row * Chunk) + column] = sides[place + (row * rights.RowStride) + (column * rights.ColumnStride)];
        }

        // Triangle and right-hand sides must stand before they are used.
        Group.Barrier();
        for (int column = Group.IdxX; column < columns; column += Group.DimX)
        {
            for (int i = 0; i < size; i++)
            {
                V sum = tile[(i * Chunk) + column];
                for (int k = 0; k < i; k++) sum -= factors[(i * Stride) + k] * tile[(k * Chunk) + column];
                tile[(i * Chunk) + column] = sum / factors[(i * Stride) + i];
            }
        }

        // All are solved before they are stored by other threads.
        Group.Barrier();
        for (int e = Group.IdxX; e < size * columns; e += Group.DimX)
        {
            int outer = e / inner, rest = e - (outer * inner);
            int row = acrossRows ? outer : rest, column = acrossRows ? rest : outer;
            sides[place + (row * rights.RowStride) + (column * rights.ColumnStride)] = tile[(row * Chunk) + column];
        }
    }
}
