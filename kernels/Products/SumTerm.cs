using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>x: the term of a row's sum, for products row by row of an operand with itself.</summary>
internal readonly struct SumTerm<T> : IPairTerm<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => sum + x;
}
