using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>
/// -ln(e^-diagonal + e^-above + e^-left) - ln(k / (2 - k)) with k = e^-cost: minus the logarithm of the global alignment kernel
/// (Cuturi 2011), of squared costs that are divided by 2 sigma^2 beforehand.
/// </summary>
internal readonly struct GlobalAlignmentRule<T> : IWarpingRule<T>
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
        V local = cost + VectorMath.Log<V, T>(V.Constant(2) - VectorMath.ExpOfNegative<V, T>(V.Constant(0) - cost));
        return default(SoftRule<T>).Reach(diagonal, above, left) + local;
    }
}
