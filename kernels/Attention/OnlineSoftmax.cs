using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>The rule of one step of a softmax whose maximum is not known yet (Milakov and Gimelshein 2018), in base 2.</summary>
internal static class OnlineSoftmax
{
    /// <summary>2^(score - reference) for a score, a natural one times log2(e), not above its reference by more than rounding: 0 for -infinity, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Weight<V, T>(V score, V reference)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        // Below the bound the result is 0 already, and -infinity would make NaN of the fraction.
        V x = V.Max(V.IsDouble ? V.Constant(-1100.0) : V.Constant(-160.0), score - reference);
        V n = V.Round(x);
        return V.ScaleDown(VectorMath.Exp2Fraction<V, T>(x - n), n);
    }

    /// <summary>The maximum of no score: finite, so that -infinity less it is -infinity and not NaN.</summary>
    public static double NoMaximum<T>()
        where T : unmanaged => -Element.Largest<T>();

    /// <summary>The same in every lane; device code may call it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NoMaximum<V, T>()
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => V.Constant(V.IsDouble ? -double.MaxValue : -float.MaxValue);
}
