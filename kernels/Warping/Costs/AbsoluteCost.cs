using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Costs;

/// <summary>The sum of absolute differences.</summary>
internal readonly struct AbsoluteCost<T> : IPointCost<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsSum => true;

    /// <inheritdoc/>
    public static bool IsTwofold => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => sum + V.Abs(x - y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V>(V x, V y)
        where V : unmanaged, IVector<V, T> => V.Abs(x - y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Part<V>(V difference)
        where V : unmanaged, IVector<V, T> => V.Abs(difference);

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
        where V : unmanaged, IVector<V, T> => sum;
}
