using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>The dot product of two dense rows for every entry and head; a thread owns one.</summary>
internal static class EntryDotKernel
{
    /// <summary>The kernel; operands of the shape: left rows, right rows, result.</summary>
    public static void Run<V, T>(ArrayView<int> owners, ArrayView<int> indices, ArrayView<T> left, ArrayView<T> right, ArrayView<T> result, GraphShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        long entry = element / shape.Heads;
        int head = (int)(element - (entry * shape.Heads));
        long x = shape.First + (owners[entry] * shape.FirstStride) + ((long)head * shape.Width);
        long y = shape.Second + (indices[entry] * shape.SecondStride) + ((long)head * shape.Width);
        V sum = V.Constant(0);
        for (int j = 0; j < shape.Width; j++) sum = V.MultiplyAdd(V.Broadcast(left[x + j]), V.Broadcast(right[y + j]), sum);
        result.Cast<V>()[shape.Third + element] = sum;
    }
}
