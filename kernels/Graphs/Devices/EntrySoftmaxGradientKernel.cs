using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>The gradient of the scores behind a softmax over rows; a thread owns one row of one head.</summary>
internal static class EntrySoftmaxGradientKernel
{
    /// <summary>The kernel; operands of the shape: weights, their gradients, result.</summary>
    public static void Run<V, T>(ArrayView<int> starts, ArrayView<T> weights, ArrayView<T> gradients, ArrayView<T> result, GraphShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        long row = element / shape.Heads;
        int head = (int)(element - (row * shape.Heads));
        int start = starts[row], end = starts[row + 1];
        V mean = V.Constant(0);
        for (int entry = start; entry < end; entry++)
        {
            long place = ((long)entry * shape.Heads) + head;
            mean = V.MultiplyAdd(V.Broadcast(weights[shape.First + place]), V.Broadcast(gradients[shape.Second + place]), mean);
        }

        for (int entry = start; entry < end; entry++)
        {
            long place = ((long)entry * shape.Heads) + head;
            V weight = V.Broadcast(weights[shape.First + place]), gradient = V.Broadcast(gradients[shape.Second + place]);
            result.Cast<V>()[shape.Third + place] = GraphRules.SoftmaxGradient<V, T>(weight, gradient, mean);
        }
    }
}
