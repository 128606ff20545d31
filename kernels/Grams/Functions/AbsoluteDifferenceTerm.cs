using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>|x - y|: the term of the Laplacian kernel.</summary>
internal readonly struct AbsoluteDifferenceTerm<T> : IPairTerm<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => sum + V.Abs(x - y);
}
