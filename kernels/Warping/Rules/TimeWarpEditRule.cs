using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>min(diagonal + cost + lag, above + rowValue, left + columnValue): time warp edit distance (Marteau 2009), with the cost of both pairs that an edit matches.</summary>
internal readonly struct TimeWarpEditRule<T> : IWarpingRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static WarpingBorder Border => WarpingBorder.Wall;

    /// <inheritdoc/>
    public static bool AddsCost => false;

    /// <inheritdoc/>
    public static bool DoublesDiagonal => false;

    /// <inheritdoc/>
    public static bool ReadsSamples => false;

    /// <inheritdoc/>
    public static bool ReadsValues => true;

    /// <inheritdoc/>
    public static bool ReadsLag => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Reach<V>(V diagonal, V above, V left)
        where V : unmanaged, IVector<V, T> => diagonal;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V cost, V x, V y, V rowValue, V columnValue, V lag)
        where V : unmanaged, IVector<V, T>
    {
        V straight = V.MinNonNegative(above + rowValue, left + columnValue);
        return V.MinNonNegative(straight, diagonal + (cost + lag));
    }
}
