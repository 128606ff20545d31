using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>min(diagonal + 2 cost, above + cost, left + cost): the weights that make sums compare over the sum of the lengths (Sakoe and Chiba 1978).</summary>
internal readonly struct Symmetric2Rule<T> : IWarpingRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static WarpingBorder Border => WarpingBorder.Wall;

    /// <inheritdoc/>
    public static bool AddsCost => false;

    /// <inheritdoc/>
    public static bool DoublesDiagonal => true;

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
        V straight = V.MinNonNegative(above, left) + cost;
        return V.MinNonNegative(straight, diagonal + (cost + cost));
    }
}
