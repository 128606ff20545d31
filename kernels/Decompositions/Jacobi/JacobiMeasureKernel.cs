using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>How far matrices are from what is wanted of them: the largest magnitude, or the largest one off the diagonal.</summary>
/// <remarks>A group takes some rows of one matrix and leaves one number; two barriers beside those of its tree.</remarks>
internal static class JacobiMeasureKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="matrix">Memory of the matrices.</param>
    /// <param name="result">One number per group.</param>
    /// <param name="floors">Of each matrix what its diagonal elements must exceed to count in a relative measure; not read by others.</param>
    /// <param name="shape">Sizes, places, choices.</param>
    public static void Run<V, T>(ArrayView<T> matrix, ArrayView<T> result, ArrayView<T> floors, JacobiMeasureShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> memory = SharedMemory.Allocate<V>(JacobiEigenKernel.MaxGroupSize);
        long number = shape.FirstGroup + Grid.IdxX, item = number / shape.Chunks;
        int first = (int)(number - (item * shape.Chunks)) * shape.ChunkRows;
        int rows = shape.Rows - first < shape.ChunkRows ? shape.Rows - first : shape.ChunkRows;
        long start = shape.Matrix.Offset + (item * shape.Matrix.BatchStride);
        V largest = V.Constant(0);
        for (long place = Group.IdxX; place < (long)rows * shape.Columns; place += Group.DimX)
        {
            int row = first + (int)(place / shape.Columns), column = (int)(place % shape.Columns);
            if (shape.Kind != JacobiMeasureShape.All && column > row) continue;
            if (shape.Kind >= JacobiMeasureShape.OffDiagonal && column == row) continue;
            V element = Magnitude<V, T>(At<V, T>(matrix, shape, start, row, column));
            if (shape.Kind == JacobiMeasureShape.OffDiagonalRelative)
            {
                V p = At<V, T>(matrix, shape, start, row, row), q = At<V, T>(matrix, shape, start, column, column);
                V bound = V.Broadcast(floors[item]);
                if (!V.IsLess(bound, p) || !V.IsLess(bound, q)) continue;
                element = element / V.Sqrt(p) / V.Sqrt(q);
            }

            largest = V.Max(largest, element);
        }

        largest = GroupLargest.Of<V, T>(memory, largest);
        if (Group.IdxX == 0) result.Cast<V>()[number] = largest;
    }

    /// <summary>The magnitude; infinity for NaN.</summary>
    public static V Magnitude<V, T>(V value)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => V.SelectLess(V.Abs(value), V.Constant(double.PositiveInfinity), V.Abs(value), V.Constant(double.PositiveInfinity));

    private static V At<V, T>(ArrayView<T> matrix, JacobiMeasureShape shape, long start, int row, int column)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged => V.Broadcast(matrix[start + (row * shape.Matrix.RowStride) + (column * shape.Matrix.ColumnStride)]);
}
