namespace FusionKernels.Kernels.Simd;

/// <summary>The lane of a device thread, which may branch on what it holds.</summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IDeviceVector<TSelf, T> : IVector<TSelf, T>
    where TSelf : unmanaged, IDeviceVector<TSelf, T>
    where T : unmanaged
{
    /// <summary>Whether left &lt; right; false where they do not compare.</summary>
    static abstract bool IsLess(TSelf left, TSelf right);
}
