using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>The score of every entry and head; a thread owns one.</summary>
internal static class EntryScoreKernel
{
    /// <summary>The kernel; operands of the shape: values of rows, values of columns, result.</summary>
    public static void Run<V, T>(ArrayView<int> owners, ArrayView<int> indices, ArrayView<T> left, ArrayView<T> right, ArrayView<T> result, GraphShape shape, T slope)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        long entry = element / shape.Heads;
        int head = (int)(element - (entry * shape.Heads));
        V ofRow = V.Broadcast(left[shape.First + (owners[entry] * shape.FirstStride) + head]);
        V ofColumn = V.Broadcast(right[shape.Second + (indices[entry] * shape.SecondStride) + head]);
        result.Cast<V>()[shape.Third + element] = GraphRules.Score<V, T>(ofRow, ofColumn, V.Broadcast(slope));
    }
}
