using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>One element of an operand.</summary>
internal static class DeviceElement
{
    /// <summary>The element, (element - centre) scale where operands are centred.</summary>
    public static V Load<V, T>(ArrayView<T> memory, long index, ArrayView<T> centre, int feature, int isCentred, T scale)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
    {
        V element = V.Broadcast(memory[index]);
        return isCentred != 0 ? (element - V.Broadcast(centre[feature])) * V.Broadcast(scale) : element;
    }
}
