using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>How far above the best value a lower bound must be before a candidate may be left out, so that rounding never decides.</summary>
/// <remarks>
/// The terms of a bound are at most those of the alignment to the last bit, for each operation rounds monotonically; only sums round
/// in different orders. A bound has up to 2 length + 8 terms and a path up to 2 length - 1, each rounded once by half a unit at most,
/// and a root may join values that differ by two units. Values below the normal range round absolutely: that is the addend.
/// </remarks>
internal static class SearchLimit
{
    /// <summary>The smallest normal numbers.</summary>
    private const double SmallestSingle = 1.1754943508222875e-38, SmallestDouble = 2.2250738585072014e-308;

    /// <summary>The factor above the best value, for series of a length.</summary>
    public static double Factor<T>(int length)
        where T : unmanaged => 1 + (((4.0 * length) + 32) * (typeof(T) == typeof(float) ? 1.0 / (1 << 24) : 1.0 / (1L << 53)));

    /// <summary>The limit at and above which a bound leaves a candidate out; infinity while there is no best value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(double best, double factor)
        where T : unmanaged => Element.Of<T>((best * factor) + (typeof(T) == typeof(float) ? SmallestSingle : SmallestDouble));
}
