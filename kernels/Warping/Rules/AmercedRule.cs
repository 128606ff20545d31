using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>min(diagonal, above + penalty, left + penalty) + cost: amerced dynamic time warping (Herrmann and Webb 2023).</summary>
/// <param name="penalty">What every step off the diagonal costs, 0 or more.</param>
internal readonly struct AmercedRule<T>(T penalty) : IWarpingRule<T>
    where T : unmanaged
{
    private readonly T _penalty = penalty;

    /// <inheritdoc/>
    public static WarpingBorder Border => WarpingBorder.Wall;

    /// <inheritdoc/>
    public static bool AddsCost => true;

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
        where V : unmanaged, IVector<V, T>
    {
        V penalty = V.Broadcast(_penalty);
        return V.LeastNonNegative(diagonal, left + penalty, above + penalty);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V cost, V x, V y, V rowValue, V columnValue, V lag)
        where V : unmanaged, IVector<V, T> => Reach(diagonal, above, left) + cost;
}
