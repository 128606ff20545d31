using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Brings rows of working memory to their columns of a result: sorted, scaled, with fixed signs.</summary>
/// <remarks>A group takes one column. Two barriers beside those of its trees.</remarks>
internal static class JacobiColumnsKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="source">Memory of the rows.</param>
    /// <param name="target">Memory of the result.</param>
    /// <param name="rows">The row of each column.</param>
    /// <param name="factors">What each column is multiplied by.</param>
    /// <param name="signs">1 or -1 for each column: written where the shape says so, else read.</param>
    /// <param name="shape">Sizes and places.</param>
    public static void Run<V, T>(
        ArrayView<T> source, ArrayView<T> target, ArrayView<int> rows, ArrayView<T> factors, ArrayView<T> signs, JacobiColumnsShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        ArrayView<V> memory = SharedMemory.Allocate<V>(JacobiEigenKernel.MaxGroupSize);
        int number = shape.FirstGroup + Grid.IdxX, matrix = number / shape.Columns, column = number % shape.Columns;
        long from = shape.Source.Offset + (matrix * shape.Source.BatchStride) + (rows[number] * shape.Source.RowStride);

        // Decided even where it is given: OpenCL on the CPU crashes on barriers within a condition.
        V sign = Sign<V, T>(source, memory, shape, from);
        if (shape.DecidesSigns == 0) sign = V.Broadcast(signs[number]);
        else if (Group.IdxX == 0) signs.Cast<V>()[number] = sign;
        V factor = V.Broadcast(factors[number]) * sign;
        long to = shape.Target.Offset + (matrix * shape.Target.BatchStride) + (column * shape.Target.ColumnStride);
        for (int entry = Group.IdxX; entry < shape.Length; entry += Group.DimX)
        {
            target.Cast<V>()[to + (entry * shape.Target.RowStride)] = V.Broadcast(source[from + (entry * shape.Source.ColumnStride)]) * factor;
        }
    }

    /// <summary>1 with the sign of the first entry of largest magnitude: first the magnitude is found, then where it stands.</summary>
    private static V Sign<V, T>(ArrayView<T> source, ArrayView<V> memory, JacobiColumnsShape shape, long from)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V own = V.Constant(0);
        int place = 0;
        for (int entry = Group.IdxX; entry < shape.Length; entry += Group.DimX)
        {
            V value = V.Broadcast(source[from + (entry * shape.Source.ColumnStride)]);
            if (!V.IsLess(V.Abs(own), V.Abs(value))) continue;
            own = value;
            place = entry;
        }

        V largest = GroupLargest.Of<V, T>(memory, V.Abs(own));
        ArrayView<int> places = SharedMemory.Allocate<int>(JacobiEigenKernel.MaxGroupSize);
        places[Group.IdxX] = V.IsLess(V.Abs(own), largest) ? int.MaxValue : place;
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            // The other half's places must stand before they are compared.
            Group.Barrier();
            if (Group.IdxX < half && places[Group.IdxX + half] < places[Group.IdxX]) places[Group.IdxX] = places[Group.IdxX + half];
        }

        Group.Barrier();
        return V.CopySign(V.Constant(1), V.Broadcast(source[from + (places[0] * shape.Source.ColumnStride)]));
    }
}
