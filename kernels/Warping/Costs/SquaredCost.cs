using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Costs;

/// <summary>The sum of squared differences.</summary>
internal readonly struct SquaredCost<T> : IPointCost<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsSum => true;

    /// <inheritdoc/>
    public static bool IsTwofold => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T>
    {
        V difference = x - y;
        return V.MultiplyAdd(difference, difference, sum);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V First<V>(V x, V y)
        where V : unmanaged, IVector<V, T>
    {
        V difference = x - y;
        return difference * difference;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Part<V>(V difference)
        where V : unmanaged, IVector<V, T> => difference;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Term<V>(V part)
        where V : unmanaged, IVector<V, T> => part * part;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddPart<V>(V sum, V part)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(part, part, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Finish<V>(V sum)
        where V : unmanaged, IVector<V, T> => sum;
}
