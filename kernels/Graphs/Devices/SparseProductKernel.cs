using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>A sparse-dense product: a thread owns one element of the result and adds its row's entries in their order.</summary>
/// <remarks>Neighbouring threads own neighbouring columns, so that they read the same entry and consecutive elements of its dense row.</remarks>
internal static class SparseProductKernel
{
    /// <summary>The kernel; operands of the shape: values, dense, result.</summary>
    public static void Run<V, T>(
        ArrayView<int> starts, ArrayView<int> indices, ArrayView<int> places, ArrayView<T> values, ArrayView<T> dense, ArrayView<T> result, GraphShape shape, T alpha, T beta)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        int columns = shape.Heads * shape.Width;
        long row = element / columns;
        int column = (int)(element - (row * columns)), head = column / shape.Width;
        int start = starts[row], end = starts[row + 1];
        V sum = V.Constant(0), one = V.Constant(1), count = V.Constant(0);
        for (int entry = start; entry < end; entry++)
        {
            V factor = one;
            if (shape.IsWeighted != 0)
            {
                long place = shape.IsPlaced != 0 ? places[entry] : entry;
                factor = V.Broadcast(values[shape.First + (place * shape.Heads) + head]);
            }

            sum = V.MultiplyAdd(factor, V.Broadcast(dense[shape.Second + (indices[entry] * shape.SecondStride) + column]), sum);
            count += one;
        }

        V scaled = V.Broadcast(alpha) * sum;
        if (shape.IsMean != 0 && end > start) scaled /= count;
        long target = shape.Third + (row * shape.ThirdStride) + column;
        if (shape.Adds != 0) scaled = V.MultiplyAdd(V.Broadcast(beta), V.Broadcast(result[target]), scaled);
        result.Cast<V>()[target] = scaled;
    }
}
