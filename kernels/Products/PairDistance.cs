using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>When a squared distance from norms and a dot product has lost its digits, and how to have them back.</summary>
internal static unsafe class PairDistance
{
    /// <summary>
    /// A pair is near when d^2 &lt; Near (|x|^2 + |y|^2). The rounding of norms and dot leaves an error of a few ulp of the
    /// norms in d^2, so above this bound its relative error stays below some 2^6 x 4 ulp = 2e-5 in float32.
    /// </summary>
    public const double Near = 1.0 / 64;

    /// <summary>Whether a value is below zero.</summary>
    public static bool IsNegative<T>(T value)
        where T : unmanaged => typeof(T) == typeof(float)
            ? Unsafe.BitCast<T, float>(value) < 0
            : Unsafe.BitCast<T, double>(value) < 0;

    /// <summary>Sum of squared differences of two rows, each difference times <paramref name="scale"/>; in vectors where features are consecutive.</summary>
    public static T SumOfSquares<V, T>(T* x, long xStride, T* y, long yStride, int depth, V scale)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        V sum = default;
        int k = 0;
        if (xStride == 1 && yStride == 1)
        {
            for (; k + V.Count <= depth; k += V.Count)
            {
                V difference = (V.Load(x + k) - V.Load(y + k)) * scale;
                sum = V.MultiplyAdd(difference, difference, sum);
            }
        }

        for (; k < depth; k++)
        {
            V difference = (V.LoadPartial(x + (k * xStride), 1) - V.LoadPartial(y + (k * yStride), 1)) * scale;
            sum = V.MultiplyAdd(difference, difference, sum);
        }

        return V.Sum(sum);
    }
}
