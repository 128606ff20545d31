using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>min(diagonal + cost, above + split(x), left + split(y)): move-split-merge (Stefan, Athitsos and Das 2013). The row value is the sample of x before, the column value that of y.</summary>
/// <param name="cost">What a split or a merge costs, 0 or more.</param>
internal readonly struct MoveSplitMergeRule<T>(T cost) : IWarpingRule<T>
    where T : unmanaged
{
    private readonly T _cost = cost;

    /// <inheritdoc/>
    public static WarpingBorder Border => WarpingBorder.Wall;

    /// <inheritdoc/>
    public static bool AddsCost => false;

    /// <inheritdoc/>
    public static bool DoublesDiagonal => false;

    /// <inheritdoc/>
    public static bool ReadsSamples => true;

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
        V up = above + Split(x, rowValue, y);
        V straight = V.MinNonNegative(up, left + Split(y, columnValue, x));
        return V.MinNonNegative(straight, diagonal + cost);
    }

    /// <summary>What it costs to split a sample off the one before it, or to merge it, in sight of the other series' sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Split<V>(V sample, V before, V other)
        where V : unmanaged, IVector<V, T>
    {
        V fromBefore = sample - before;
        V fromOther = sample - other;

        // A sample between the two others has differences of opposite signs.
        V zero = V.Constant(0);
        V beyond = V.MinNonNegative(V.Abs(fromBefore), V.Abs(fromOther));
        return V.Broadcast(_cost) + V.SelectLess(fromBefore * fromOther, zero, zero, beyond);
    }
}
