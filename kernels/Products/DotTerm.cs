using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>x y: the term of a matrix product.</summary>
internal readonly struct DotTerm<T> : IPairTerm<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(x, y, sum);
}
