using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>sin^2(pi (x - y)): the term of the periodic kernel, for features divided by the period.</summary>
internal readonly struct SineSquaredTerm<T> : IPairTerm<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsShort => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => sum + VectorMath.SinSquaredPi<V, T>(x - y);
}
