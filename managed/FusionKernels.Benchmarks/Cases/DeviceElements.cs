using System.Numerics;

namespace FusionKernels.Bench;

/// <summary>Single elements of large results, without copying the rest to the host.</summary>
internal static class DeviceElements
{
    /// <summary>The element at a place in row-major order.</summary>
    public static double At<T>(DeviceTensor<T> tensor, long index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> element = stackalloc T[1];
        tensor.Device.Engine.Download(tensor.Buffer, index, element);
        return double.CreateChecked(element[0]);
    }
}
