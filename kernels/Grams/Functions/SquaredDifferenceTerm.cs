using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>(x - y)^2: squared distances summed directly, for few features and for rows whose norms leave the range of the type.</summary>
internal readonly struct SquaredDifferenceTerm<T> : IPairTerm<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T>
    {
        V difference = x - y;
        return V.MultiplyAdd(difference, difference, sum);
    }
}
