using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>The largest lane of a vector.</summary>
internal static unsafe class LargestLane
{
    /// <summary>The largest lane in float64; NaN where any is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of<V, T>(V value)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        T* lanes = stackalloc T[V.Count];
        V.Store(value, lanes);
        double largest = Element.ToDouble(lanes[0]);
        for (int lane = 1; lane < V.Count; lane++) largest = Math.Max(largest, Element.ToDouble(lanes[lane]));
        return largest;
    }
}
