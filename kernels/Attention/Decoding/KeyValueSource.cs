using FusionKernels.Kernels.Attention.Devices;

namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>Rows to be appended to a cache, in host memory or where the cache is: items, heads, rows, columns.</summary>
/// <typeparam name="T">The element.</typeparam>
internal ref struct KeyValueSource<T>
    where T : unmanaged
{
    /// <summary>Keys in host memory; nothing where they are the device's.</summary>
    public StridedRef<T> Keys;

    /// <summary>Values, likewise.</summary>
    public StridedRef<T> Values;

    /// <summary>Keys on the cache's device; absent where they are the host's.</summary>
    public ResidentTensor<T> ResidentKeys;

    /// <summary>Values, likewise.</summary>
    public ResidentTensor<T> ResidentValues;
}
