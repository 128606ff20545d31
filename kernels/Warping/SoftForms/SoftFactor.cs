using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The factors of soft alignments, one <see cref="ISoftFactor{T}"/> each.</summary>
internal enum SoftFactor
{
    /// <summary>exp(-cost / gamma): soft dynamic time warping.</summary>
    Exponential,

    /// <summary>k / (2 - k) with k = exp(-|x - y|^2 / (2 sigma^2)): the global alignment kernel.</summary>
    GlobalAlignment,
}

/// <summary>e^-cost itself (Cuturi and Blondel 2017).</summary>
internal readonly struct ExponentialFactor<T> : ISoftFactor<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Significand<V>(V power, V exponent)
        where V : unmanaged, IVector<V, T> => power;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Difference<V>(V x, V y)
        where V : unmanaged, IVector<V, T> => x - y;
}

/// <summary>k / (2 - k) with k = e^-cost, which keeps the kernel positive definite (Cuturi 2011).</summary>
internal readonly struct GlobalAlignmentFactor<T> : ISoftFactor<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Significand<V>(V power, V exponent)
        where V : unmanaged, IVector<V, T>
    {
        V k = V.ScaleDown(power, V.Constant(0) - exponent);
        return power / (V.Constant(2) - k);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Difference<V>(V x, V y)
        where V : unmanaged, IVector<V, T> => x - y;
}

/// <summary>Another factor, of which a channel that is missing (NaN) in either sample costs nothing and has no derivative.</summary>
internal readonly struct SkippingFactor<TFactor, T> : ISoftFactor<T>
    where TFactor : unmanaged, ISoftFactor<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Significand<V>(V power, V exponent)
        where V : unmanaged, IVector<V, T> => TFactor.Significand(power, exponent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Difference<V>(V x, V y)
        where V : unmanaged, IVector<V, T>
    {
        V difference = TFactor.Difference(x, y);
        return V.SelectLess(V.Constant(double.NegativeInfinity), difference, difference, V.Constant(0));
    }
}
