using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>min of the three neighbours + weight(|i - j|) cost: weighted dynamic time warping (Jeong, Jeong and Omitaomu 2011).</summary>
internal readonly struct WeightedRule<T> : IWarpingRule<T>
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
    public static bool ReadsValues => false;

    /// <inheritdoc/>
    public static bool ReadsLag => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Reach<V>(V diagonal, V above, V left)
        where V : unmanaged, IVector<V, T> => diagonal;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V cost, V x, V y, V rowValue, V columnValue, V lag)
        where V : unmanaged, IVector<V, T> =>
        V.MultiplyAdd(cost, lag, V.LeastNonNegative(diagonal, left, above));
}
