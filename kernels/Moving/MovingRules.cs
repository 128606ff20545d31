using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Moving;

/// <summary>The mean, summed as differences from the first sample: a constant window has its constant to the last bit, and data far from 0 lose nothing.</summary>
internal readonly struct MeanRule<T> : IMovingRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsAroundMean => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(V first)
        where V : unmanaged, IVector<V, T> => V.Constant(0);

    /// <inheritdoc/>
    /// <remarks>Weighted before it is added: the sum of finite samples then never passes through both infinities.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V state, V sample, V centre, V weight)
        where V : unmanaged, IVector<V, T> => V.MultiplyAdd(sample - centre, weight, state);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Result<V>(V state, V centre)
        where V : unmanaged, IVector<V, T> => centre + state;
}

/// <summary>The root of the mean squared difference from the mean.</summary>
internal readonly struct DeviationRule<T> : IMovingRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsAroundMean => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(V first)
        where V : unmanaged, IVector<V, T> => V.Constant(0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V state, V sample, V centre, V weight)
        where V : unmanaged, IVector<V, T>
    {
        V difference = sample - centre;
        return V.MultiplyAdd(difference * weight, difference, state);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Result<V>(V state, V centre)
        where V : unmanaged, IVector<V, T> => V.Sqrt(state);
}

/// <summary>The smallest sample.</summary>
internal readonly struct MinimumRule<T> : IMovingRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsAroundMean => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(V first)
        where V : unmanaged, IVector<V, T> => first;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V state, V sample, V centre, V weight)
        where V : unmanaged, IVector<V, T> => V.Min(sample, state);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Result<V>(V state, V centre)
        where V : unmanaged, IVector<V, T> => state;
}

/// <summary>The largest sample.</summary>
internal readonly struct MaximumRule<T> : IMovingRule<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static bool IsAroundMean => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Start<V>(V first)
        where V : unmanaged, IVector<V, T> => first;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V state, V sample, V centre, V weight)
        where V : unmanaged, IVector<V, T> => V.Max(sample, state);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Result<V>(V state, V centre)
        where V : unmanaged, IVector<V, T> => state;
}
