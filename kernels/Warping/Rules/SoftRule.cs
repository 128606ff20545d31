using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>
/// -ln(e^-diagonal + e^-above + e^-left) + cost: soft dynamic time warping (Cuturi and Blondel 2017) of costs that are divided by
/// the smoothing beforehand.
/// </summary>
internal readonly struct SoftRule<T> : IWarpingRule<T>
    where T : unmanaged
{
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
        // Values may be below 0. Above and left first, so that exchanging x and y changes no bit.
        V lower = V.Min(above, left), higher = V.Max(above, left);
        V least = V.Min(lower, diagonal), other = V.Max(lower, diagonal);

        // Behind three walls no difference is taken of infinities, and the cell is a wall too.
        V origin = V.Min(V.Constant(1e38), least);
        V sum = V.Constant(1) + (VectorMath.ExpOfNegative<V, T>(origin - higher) + VectorMath.ExpOfNegative<V, T>(origin - other));
        return least - VectorMath.Log<V, T>(sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Cell<V>(V diagonal, V above, V left, V cost, V x, V y, V rowValue, V columnValue, V lag)
        where V : unmanaged, IVector<V, T> => Reach(diagonal, above, left) + cost;
}
