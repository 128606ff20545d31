using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>The gradient of every score's sum; a thread owns one.</summary>
internal static class EntryScoreGradientKernel
{
    /// <summary>The kernel; operands of the shape: scores, their gradients, result.</summary>
    public static void Run<V, T>(ArrayView<T> scores, ArrayView<T> gradients, ArrayView<T> result, GraphShape shape, T slope)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        V score = V.Broadcast(scores[shape.First + element]), gradient = V.Broadcast(gradients[shape.Second + element]);
        result.Cast<V>()[shape.Third + element] = GraphRules.ScoreGradient<V, T>(score, gradient, V.Broadcast(slope));
    }
}
