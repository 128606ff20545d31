using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>cost within tolerance ? diagonal - 1 : min(above, left): minus the length of the longest common subsequence (Vlachos, Kollios and Gunopulos 2002). What lies outside the window counts as no match.</summary>
/// <param name="tolerance">The largest cost at which two samples are the same.</param>
internal readonly struct CommonSubsequenceRule<T>(T tolerance) : IWarpingRule<T>
    where T : unmanaged
{
    private readonly T _tolerance = tolerance;

    /// <inheritdoc/>
    public static WarpingBorder Border => WarpingBorder.Zero;

    /// <inheritdoc/>
    public static bool AddsCost => false;

    /// <inheritdoc/>
    public static bool DoublesDiagonal => false;

    /// <inheritdoc/>
    public static bool ReadsSamples => false;

    /// <inheritdoc/>
    public static bool ReadsValues => false;

    /// <inheritdoc/>
    public static bool ReadsLag => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Reach<V>(V diagonal, V above, V left)
        where V : unmanaged, IVector<V, T> => diagonal;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V cost, V x, V y, V rowValue, V columnValue, V lag)
        where V : unmanaged, IVector<V, T>
    {
        // No value is above 0, but for the infinity of cells outside the window.
        V none = V.Constant(0);
        V without = V.Min(V.Min(above, left), none);
        return V.SelectLess(V.Broadcast(_tolerance), cost, without, V.Min(diagonal, none) - V.Constant(1));
    }
}
