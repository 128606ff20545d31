using System.Diagnostics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Costs;

/// <summary>1 - x.y of samples that were brought to length 1 beforehand; 0 at least, though rounding may have it below.</summary>
internal readonly struct CosineCost<T> : IPointCost<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsSum => false;

    /// <inheritdoc/>
    public static bool IsTwofold => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(x, y, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V>(V x, V y)
        where V : unmanaged, IVector<V, T> => x * y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Part<V>(V difference)
        where V : unmanaged, IVector<V, T> => throw new UnreachableException("A product is no function of a difference.");

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
        where V : unmanaged, IVector<V, T> => V.Max(V.Constant(0), V.Constant(1) - sum);
}
