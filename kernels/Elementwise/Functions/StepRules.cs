using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>Gradient descent with momentum: m = momentum m + g, p -= rate (g + momentum m with Nesterov's look ahead, else m).</summary>
/// <param name="rate">The learning rate.</param>
/// <param name="momentum">How much of the last step goes on; 0 for none.</param>
/// <param name="ahead">The momentum where the step looks ahead, else 0.</param>
/// <param name="direct">1 where the step looks ahead, else 0.</param>
/// <param name="decay">Added to the gradient: decay p.</param>
/// <param name="scale">Factor of the gradients.</param>
internal readonly struct MomentumStep<T>(T rate, T momentum, T ahead, T direct, T decay, T scale) : IStepRule<T>
    where T : unmanaged
{
    private readonly T _rate = rate;
    private readonly T _momentum = momentum;
    private readonly T _ahead = ahead;
    private readonly T _direct = direct;
    private readonly T _decay = decay;
    private readonly T _scale = scale;

    /// <inheritdoc/>
    public static bool HasSecond => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Stepped<V> Step<V>(V parameter, V gradient, V first, V second)
        where V : unmanaged, IVector<V, T>
    {
        V g = V.MultiplyAdd(V.Broadcast(_decay), parameter, V.Broadcast(_scale) * gradient);
        V moved = V.MultiplyAdd(V.Broadcast(_momentum), first, g);
        V direction = V.MultiplyAdd(V.Broadcast(_direct), V.MultiplyAdd(V.Broadcast(_ahead), moved, g) - moved, moved);
        return new(parameter - (V.Broadcast(_rate) * direction), moved, second);
    }
}

/// <summary>
/// Adam: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g², p -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon) (Kingma and Ba
/// 2015), with the decay in the gradient or taken from the parameter itself (Loshchilov and Hutter 2019).
/// </summary>
/// <param name="rate">The learning rate over 1 - b1^t.</param>
/// <param name="keep1">b1.</param>
/// <param name="keep2">b2.</param>
/// <param name="rootCorrection">1 / sqrt(1 - b2^t).</param>
/// <param name="epsilon">Added to the root.</param>
/// <param name="decay">Added to the gradient: decay p.</param>
/// <param name="shrink">What is left of the parameter before the step: 1 - rate decay, or 1.</param>
/// <param name="scale">Factor of the gradients.</param>
internal readonly struct AdamStep<T>(T rate, T keep1, T keep2, T rootCorrection, T epsilon, T decay, T shrink, T scale) : IStepRule<T>
    where T : unmanaged
{
    private readonly T _rate = rate;
    private readonly T _keep1 = keep1;
    private readonly T _keep2 = keep2;
    private readonly T _rootCorrection = rootCorrection;
    private readonly T _epsilon = epsilon;
    private readonly T _decay = decay;
    private readonly T _shrink = shrink;
    private readonly T _scale = scale;

    /// <inheritdoc/>
    public static bool HasSecond => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Stepped<V> Step<V>(V parameter, V gradient, V first, V second)
        where V : unmanaged, IVector<V, T>
    {
        V g = V.MultiplyAdd(V.Broadcast(_decay), parameter, V.Broadcast(_scale) * gradient);
        V mean = V.MultiplyAdd(V.Broadcast(_keep1), first - g, g);
        V square = g * g;
        V meanSquare = V.MultiplyAdd(V.Broadcast(_keep2), second - square, square);
        V root = V.MultiplyAdd(V.Sqrt(meanSquare), V.Broadcast(_rootCorrection), V.Broadcast(_epsilon));
        return new((V.Broadcast(_shrink) * parameter) - (V.Broadcast(_rate) * mean / root), mean, meanSquare);
    }
}
