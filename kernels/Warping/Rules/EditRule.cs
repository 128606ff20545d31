using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>min(diagonal + (cost below tolerance ? 0 : 1), above + 1, left + 1): edit distance on real sequences (Chen, Ozsu and Oria 2005). The tolerance is the larger of the row and the column value.</summary>
internal readonly struct EditRule<T> : IWarpingRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static WarpingBorder Border => WarpingBorder.Zero;

    /// <inheritdoc/>
    public static bool AddsCost => false;

    /// <inheritdoc/>
    public static bool DoublesDiagonal => false;

    /// <inheritdoc/>
    public static bool ReadsSamples => false;

    /// <inheritdoc/>
    public static bool ReadsValues => true;

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
        V one = V.Constant(1);
        V mismatch = V.SelectLess(cost, V.Max(rowValue, columnValue), V.Constant(0), one);
        V straight = V.MinNonNegative(above, left) + one;
        return V.MinNonNegative(straight, diagonal + mismatch);
    }
}
