using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Costs;

/// <summary>Another cost, of which a channel that is missing (NaN) in either sample costs nothing.</summary>
internal readonly struct SkippingCost<TCost, T> : IPointCost<T>
    where TCost : unmanaged, IPointCost<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsSum => TCost.IsSum;

    /// <inheritdoc/>
    public static bool IsTwofold => TCost.IsTwofold;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => AddPart(sum, Part(x, y));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V>(V x, V y)
        where V : unmanaged, IVector<V, T> => Part(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Part<V>(V x, V y)
        where V : unmanaged, IVector<V, T>
    {
        V term = TCost.First(x, y);
        return V.SelectLess(V.Constant(double.NegativeInfinity), term, term, V.Constant(0));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddPart<V>(V sum, V part)
        where V : unmanaged, IVector<V, T> => sum + part;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V sum)
        where V : unmanaged, IVector<V, T> => TCost.Finish(sum);
}
