using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>ln(1 + exp(a)) - a b: binary cross-entropy of a logit a and a target b in [0, 1], without overflow.</summary>
internal readonly struct LogisticLossFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T>
    {
        // 1 + exp(-|a|) lies in [1, 2]; where a is not a number, neither is a b.
        V logarithm = VectorMath.LogOfNormal<V, T>(V.Constant(1) + VectorMath.Exp<V, T>(V.Constant(0) - V.Abs(a)), V.Constant(0));
        return V.Max(V.Constant(0), a) - (a * b) + logarithm;
    }
}

/// <summary>c factor (sigmoid(a) - b): the gradient of the binary cross-entropy of a logit.</summary>
/// <param name="factor">The factor.</param>
internal readonly struct LogisticSlopeFunction<T>(T factor) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;

    /// <inheritdoc/>
    public static int Inputs => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Broadcast(_factor) * c * ((V.Constant(1) / (V.Constant(1) + VectorMath.Exp<V, T>(V.Constant(0) - a))) - b);
}

/// <summary>(a - b)².</summary>
internal readonly struct SquaredDifferenceFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => (a - b) * (a - b);
}

/// <summary>c factor (a - b): the gradient of a squared difference.</summary>
/// <param name="factor">The factor.</param>
internal readonly struct DifferenceSlopeFunction<T>(T factor) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;

    /// <inheritdoc/>
    public static int Inputs => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Broadcast(_factor) * c * (a - b);
}

/// <summary>b factor exp(a): a probability from its logarithm a, times the gradient b.</summary>
/// <param name="factor">The factor.</param>
internal readonly struct SoftmaxSlopeFunction<T>(T factor) : IElementFunction<T>
    where T : unmanaged
{
    private readonly T _factor = factor;

    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => V.Broadcast(_factor) * b * VectorMath.Exp<V, T>(a);
}
