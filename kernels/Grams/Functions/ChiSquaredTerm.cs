using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams.Functions;

/// <summary>(x - y)^2 / (x + y), 0 where both are 0: the term of the chi-squared kernels, for features of 0 or more.</summary>
internal readonly struct ChiSquaredTerm<T> : IPairTerm<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsShort => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T>
    {
        // Where x + y is 0 both are, and 0 / 1 is the 0 that the definition asks for. The quotient lies between -1 and 1, so that
        // no feature overflows or vanishes in being squared.
        V total = x + y;
        V difference = x - y;
        V smallest = V.Constant(V.IsDouble ? 2.2250738585072014e-308 : 1.1754943508222875e-38);
        return sum + (difference * (difference / V.SelectLess(total, smallest, V.Constant(1), total)));
    }
}
