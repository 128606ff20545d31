using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>activation(a).</summary>
/// <param name="activation">The activation.</param>
internal readonly struct ActivationFunction<T, TActivation>(TActivation activation) : IElementFunction<T>
    where T : unmanaged
    where TActivation : unmanaged, IActivation<T>
{
    private readonly TActivation _activation = activation;

    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => _activation.Value(a);
}

/// <summary>a activation'(x) where b = activation(x): the gradient of an activation from the gradient a and its value b.</summary>
/// <param name="activation">The activation.</param>
internal readonly struct ActivationSlopeFunction<T, TActivation>(TActivation activation) : IElementFunction<T>
    where T : unmanaged
    where TActivation : unmanaged, IActivation<T>
{
    private readonly TActivation _activation = activation;

    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a * _activation.Slope(b);
}

/// <summary>GELU in its tanh form: a / 2 (1 + tanh(sqrt(2 / pi) (a + 0.044715 a³))) (Hendrycks and Gimpel 2016).</summary>
internal readonly struct GeluTanhFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    private const double Root2OverPi = 0.7978845608028654, Cubic = 0.044715;

    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T>
    {
        V x = V.Constant(Root2OverPi) * V.MultiplyAdd(V.Constant(Cubic) * a * a, a, a);
        return V.Constant(0.5) * a * (V.Constant(1) + VectorMath.Tanh<V, T>(x));
    }
}

/// <summary>a times the derivative of the tanh form of GELU at b.</summary>
internal readonly struct GeluTanhSlopeFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    private const double Root2OverPi = 0.7978845608028654, Cubic = 0.044715;

    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T>
    {
        V square = b * b;
        V t = VectorMath.Tanh<V, T>(V.Constant(Root2OverPi) * V.MultiplyAdd(V.Constant(Cubic) * square, b, b));
        V inner = V.Constant(Root2OverPi) * V.MultiplyAdd(V.Constant(3 * Cubic), square, V.Constant(1));
        return a * V.Constant(0.5) * (V.Constant(1) + t + (b * (V.Constant(1) - (t * t)) * inner));
    }
}

/// <summary>GELU: a times the standard normal distribution function at a (Hendrycks and Gimpel 2016).</summary>
internal readonly struct GeluFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a * ErrorFunction.Normal<V, T>(a);
}

/// <summary>a times the derivative of GELU at b: the normal distribution function plus b times its density.</summary>
internal readonly struct GeluSlopeFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => a * V.MultiplyAdd(b, ErrorFunction.Density<V, T>(b), ErrorFunction.Normal<V, T>(b));
}
