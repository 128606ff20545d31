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
        where V : unmanaged, IVector<V, T> => sum + First(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V>(V x, V y)
        where V : unmanaged, IVector<V, T> => Present(TCost.First(x, y));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Part<V>(V difference)
        where V : unmanaged, IVector<V, T> => Present(TCost.Term(TCost.Part(difference)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Term<V>(V part)
        where V : unmanaged, IVector<V, T> => part;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddPart<V>(V sum, V part)
        where V : unmanaged, IVector<V, T> => sum + part;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V sum)
        where V : unmanaged, IVector<V, T> => TCost.Finish(sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Present<V>(V term)
        where V : unmanaged, IVector<V, T> => V.SelectLess(V.Constant(double.NegativeInfinity), term, term, V.Constant(0));
}
