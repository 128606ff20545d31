using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>A function of one number whose derivative its own value tells, so that nothing else is kept for the way back.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IActivation<T>
    where T : unmanaged
{
    /// <summary>The value.</summary>
    V Value<V>(V x)
        where V : unmanaged, IVector<V, T>;

    /// <summary>The derivative where the function takes a value.</summary>
    V Slope<V>(V value)
        where V : unmanaged, IVector<V, T>;
}
