using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>What the scores of a query are measured against once its log-sum-exp is known.</summary>
internal static class ScoreReference
{
    /// <summary>
    /// Reads log-sum-exps in base 2, 0 for queries with nothing to attend to, whose scores are all -infinity, and for lanes beyond
    /// the last. What rounding takes off them stands beside: a reference of 8 rounded by half a unit would shift all weights of
    /// its row by 3e-7 of themselves.
    /// </summary>
    public static unsafe void Take<T>(in Strided<T> logSumExp, int item, int head, int start, int count, int extent, T* references, T* rests)
        where T : unmanaged
    {
        for (int i = 0; i < extent; i++)
        {
            double value = i < count ? Element.ToDouble(logSumExp[item, head, start + i, 0]) : 0, exact = double.IsNegativeInfinity(value) ? 0 : value * VectorMath.Log2OfE;
            references[i] = Element.Of<T>(exact);
            rests[i] = Element.Of<T>(exact - Element.ToDouble(references[i]));
        }
    }
}
