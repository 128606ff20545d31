using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Costs;

/// <summary>The lengths of two differences, added: of the first and of the second half of the channels.</summary>
internal readonly struct TwofoldEuclideanCost<T> : IPointCost<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsSum => false;

    /// <inheritdoc/>
    public static bool IsTwofold => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T> => EuclideanCost<T>.Add(sum, x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V>(V x, V y)
        where V : unmanaged, IVector<V, T> => EuclideanCost<T>.First(x, y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Part<V>(V difference)
        where V : unmanaged, IVector<V, T> => EuclideanCost<T>.Part(difference);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Term<V>(V part)
        where V : unmanaged, IVector<V, T> => part;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddPart<V>(V sum, V part)
        where V : unmanaged, IVector<V, T> => EuclideanCost<T>.AddPart(sum, part);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V sum)
        where V : unmanaged, IVector<V, T> => EuclideanCost<T>.Finish(sum);
}
