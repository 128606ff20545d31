using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>Softmax over the entries of every row and head; a thread owns one row of one head.</summary>
internal static class EntrySoftmaxKernel
{
    /// <summary>The kernel; operands of the shape: scores first, result third.</summary>
    public static void Run<V, T>(ArrayView<int> starts, ArrayView<T> scores, ArrayView<T> result, GraphShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        long row = element / shape.Heads;
        int head = (int)(element - (row * shape.Heads));
        int start = starts[row], end = starts[row + 1];
        if (start == end) return;
        ArrayView<V> weights = result.Cast<V>();
        V most = V.Broadcast(scores[shape.First + ((long)start * shape.Heads) + head]), sum = V.Constant(0);
        for (int entry = start; entry < end; entry++) most = V.Max(most, V.Broadcast(scores[shape.First + ((long)entry * shape.Heads) + head]));
        for (int entry = start; entry < end; entry++)
        {
            long place = ((long)entry * shape.Heads) + head;
            V weight = VectorMath.Exp<V, T>(V.Broadcast(scores[shape.First + place]) - most);
            sum += weight;
            weights[shape.Third + place] = weight;
        }

        V factor = V.Constant(1) / sum;
        for (int entry = start; entry < end; entry++)
        {
            long place = shape.Third + ((long)entry * shape.Heads) + head;
            weights[place] = weights[place] * factor;
        }
    }
}
