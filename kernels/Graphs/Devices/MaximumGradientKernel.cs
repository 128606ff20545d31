using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>What gradients of maxima are of the dense operand; a thread owns one element of it.</summary>
internal static class MaximumGradientKernel
{
    /// <summary>The kernel, over the pattern by columns; operands of the shape: gradient, entries, result.</summary>
    public static void Run<V, T>(
        ArrayView<int> starts, ArrayView<int> indices, ArrayView<int> places, ArrayView<T> gradient, ArrayView<int> entries, ArrayView<T> result, GraphShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        long row = element / shape.Width;
        int column = (int)(element - (row * shape.Width));
        V sum = V.Constant(0);
        for (int entry = starts[row]; entry < starts[row + 1]; entry++)
        {
            long other = indices[entry];
            if (entries[shape.Second + (other * shape.SecondStride) + column] != places[entry]) continue;
            sum += V.Broadcast(gradient[shape.First + (other * shape.FirstStride) + column]);
        }

        result.Cast<V>()[shape.Third + (row * shape.ThirdStride) + column] = sum;
    }
}
