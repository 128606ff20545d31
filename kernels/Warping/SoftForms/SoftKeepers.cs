using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Keeps nothing: the forward pass.</summary>
internal readonly struct KeepNothing<T> : ISoftKeeper<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Keep<V>(V diagonal, V above, V left, V sum, T* shares, nint stride)
        where V : unmanaged, IHostVector<V, T>
    {
    }
}

/// <summary>Keeps all shares, for the backward pass over the same cells.</summary>
internal readonly struct KeepShares<T> : ISoftKeeper<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Keep<V>(V diagonal, V above, V left, V sum, T* shares, nint stride)
        where V : unmanaged, IHostVector<V, T>
    {
        V inverse = V.Constant(1) / sum;
        V.Store(diagonal * inverse, shares);
        V.Store(above * inverse, shares + stride);
        V.Store(left * inverse, shares + (2 * stride));
    }
}
