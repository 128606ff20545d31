using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Rules;

/// <summary>min(diagonal + (cost beyond tolerance ? 1 : 0), above + 1, left + 1): edit distance on real sequences (Chen, Ozsu and Oria 2005).</summary>
/// <param name="tolerance">The largest cost at which two samples are the same.</param>
internal readonly struct EditRule<T>(T tolerance) : IWarpingRule<T>
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
        V one = V.Constant(1);
        V straight = V.MinNonNegative(above, left) + one;
        return V.MinNonNegative(straight, diagonal + V.SelectLess(V.Broadcast(_tolerance), cost, one, V.Constant(0)));
    }
}
