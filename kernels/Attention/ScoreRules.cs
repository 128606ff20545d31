using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>The steps from a dot product to a score in base 2, for the host's lanes and for device threads.</summary>
internal static class ScoreRules
{
    private const double SmallestNormal32 = 1.1754943508222875e-38;
    private const double SmallestNormal64 = 2.2250738585072014e-308;

    /// <summary>Factor of a dot product: what a soft cap divides by its cap, or the score in base 2.</summary>
    public static double DotFactor(AttentionProblem problem) => problem.SoftCap > 0 ? problem.Scale / problem.SoftCap : problem.Scale * VectorMath.Log2OfE;

    /// <summary>Factor of a tangent: the cap in base 2.</summary>
    public static double CapFactor(AttentionProblem problem) => problem.SoftCap * VectorMath.Log2OfE;

    /// <summary>The slope of the soft cap where its tangent is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V CapSlope<V, T>(V tanh)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => V.Constant(1) - (tanh * tanh);

    /// <summary>The score less what a distance costs.</summary>
    /// <param name="factor">Minus the slope, in base 2.</param>
    /// <param name="position">Where the query stands.</param>
    /// <param name="key">The key.</param>
    /// <param name="score">The score.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Penalize<V, T>(V factor, V position, V key, V score)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => V.MultiplyAdd(factor, V.Abs(position - key), score);

    /// <summary>The score with a bias, which is natural.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddBias<V, T>(V bias, V score)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => V.MultiplyAdd(bias, V.Constant(VectorMath.Log2OfE), score);

    /// <summary>The same on the host, where -infinity masks whatever the score is, NaN included; a bias that is NaN gives NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddOrMask<V, T>(V bias, V score)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => V.SelectLess(bias, OnlineSoftmax.NoMaximum<V, T>(), V.Constant(double.NegativeInfinity), AddBias<V, T>(bias, score));

    /// <summary>The gradient of a score from that of its weight; 0 where nothing is attended to, whose product may be anything.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="product">The gradient with respect to it.</param>
    /// <param name="mean">What those of the query average to.</param>
    /// <param name="mayBeMasked">Whether the weight may be one of nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<V, T>(V weight, V product, V mean, bool mayBeMasked)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V gradient = weight * (product - mean);
        return mayBeMasked ? V.SelectLess(weight, V.Constant(V.IsDouble ? SmallestNormal64 : SmallestNormal32), V.Constant(0), gradient) : gradient;
    }
}
