using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>What one entry adds, stated once for every engine.</summary>
internal static class GraphRules
{
    /// <summary>The score of an entry: left + right, times slope where negative (Veličković et al. 2018, equation 3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Score<V, T>(V left, V right, V slope)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged
    {
        V sum = left + right;
        return V.SelectLess(sum, V.Constant(0), sum * slope, sum);
    }

    /// <summary>What a gradient of a score is of its sum; the score has the sum's sign, slopes being 0 or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScoreGradient<V, T>(V score, V gradient, V slope)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => V.SelectLess(score, V.Constant(0), gradient * slope, gradient);

    /// <summary>The gradient of a score behind a softmax: weight (gradient - mean), the mean weighted over the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SoftmaxGradient<V, T>(V weight, V gradient, V mean)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged => weight * (gradient - mean);
}
