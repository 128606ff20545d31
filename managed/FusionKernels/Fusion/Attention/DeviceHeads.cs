using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Attention.Devices;

namespace FusionKernels;

/// <summary>A dense tensor on a device, of rank 2 to 4, as items, heads, rows and columns.</summary>
internal static class DeviceHeads
{
    /// <summary>Its shape, for the checks that tensors of the host go through; of its elements there are none.</summary>
    /// <exception cref="ArgumentException">The rank is another, or a length is out of range.</exception>
    public static HeadsRef<T> ShapeOf<T>(DeviceTensor<T> tensor, AttentionLayout layout, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<nint> still = stackalloc nint[tensor.Rank];
        return HeadsRef<T>.Of(new ReadOnlyTensorSpan<T>(new T[1], tensor.Lengths, still), layout, name);
    }

    /// <summary>Its elements.</summary>
    public static ResidentTensor<T> ElementsOf<T>(DeviceTensor<T> tensor, AttentionLayout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<nint> lengths = tensor.Lengths;
        bool isHeadsFirst = layout == AttentionLayout.BatchHeadsLengthWidth || tensor.Rank == 2;
        long width = lengths[^1], inner = lengths[^2] * width;
        long item = tensor.Rank == 2 ? 0 : lengths[^3] * inner;
        return isHeadsFirst ? new(tensor.Buffer, item, inner, width, 1) : new(tensor.Buffer, item, width, inner, 1);
    }
}
