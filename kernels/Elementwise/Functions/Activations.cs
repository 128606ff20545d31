using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>x itself.</summary>
internal readonly struct IdentityActivation<T> : IActivation<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : unmanaged, IVector<V, T> => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V value)
        where V : unmanaged, IVector<V, T> => V.Constant(1);
}

/// <summary>max(x, 0); NaN stays NaN. The slope at 0 is 0.</summary>
internal readonly struct ReluActivation<T> : IActivation<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : unmanaged, IVector<V, T> => V.Max(V.Constant(0), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V value)
        where V : unmanaged, IVector<V, T> => V.SelectLess(V.Constant(0), value, V.Constant(1), V.Constant(0));
}

/// <summary>x above 0, slope times x below.</summary>
/// <param name="slope">The slope below 0: more than 0.</param>
internal readonly struct LeakyReluActivation<T>(T slope) : IActivation<T>
    where T : unmanaged
{
    private readonly T _slope = slope;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : unmanaged, IVector<V, T> => V.SelectLess(x, V.Constant(0), V.Broadcast(_slope) * x, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V value)
        where V : unmanaged, IVector<V, T> => V.SelectLess(value, V.Constant(0), V.Broadcast(_slope), V.Constant(1));
}

/// <summary>The hyperbolic tangent.</summary>
internal readonly struct TanhActivation<T> : IActivation<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : unmanaged, IVector<V, T> => VectorMath.Tanh<V, T>(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V value)
        where V : unmanaged, IVector<V, T> => V.Constant(1) - (value * value);
}

/// <summary>1 / (1 + exp(-x)).</summary>
internal readonly struct SigmoidActivation<T> : IActivation<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : unmanaged, IVector<V, T> => V.Constant(1) / (V.Constant(1) + VectorMath.Exp<V, T>(V.Constant(0) - x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope<V>(V value)
        where V : unmanaged, IVector<V, T> => value * (V.Constant(1) - value);
}
