using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Graphs.Devices;

/// <summary>The largest of a row's neighbours; a thread owns one element of the result.</summary>
internal static class MaximumKernel
{
    /// <summary>The kernel; operands of the shape: dense, entries, result.</summary>
    public static void Run<V, T>(ArrayView<int> starts, ArrayView<int> indices, ArrayView<T> dense, ArrayView<int> entries, ArrayView<T> result, GraphShape shape)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        long element = shape.Begin + ((long)Grid.IdxX * Group.DimX) + Group.IdxX;
        if (element >= shape.Count) return;
        long row = element / shape.Width;
        int column = (int)(element - (row * shape.Width)), taken = -1;
        V largest = V.Constant(double.NegativeInfinity);
        for (int entry = starts[row]; entry < starts[row + 1]; entry++)
        {
            V value = V.Broadcast(dense[shape.First + (indices[entry] * shape.FirstStride) + column]);
            if (V.IsLess(largest, value)) (largest, taken) = (value, entry);
        }

        entries[shape.Second + (row * shape.SecondStride) + column] = taken;
        result.Cast<V>()[shape.Third + (row * shape.ThirdStride) + column] = taken < 0 ? V.Constant(0) : largest;
    }
}
