using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Softmax over a row's entries of several heads, heads in the lanes.</summary>
internal static unsafe class EntryHeads<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Fills the softmax of a row of one or more entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(T* scores, T* weights, int count, int heads)
    {
        for (int head = 0; head < heads; head += V.Count)
        {
            int lanes = Math.Min(V.Count, heads - head);
            V most = V.LoadPartial(scores + head, lanes), sum = default;
            for (long i = head; i < (long)count * heads; i += heads) most = V.Max(most, V.LoadPartial(scores + i, lanes));
            for (long i = head; i < (long)count * heads; i += heads)
            {
                V weight = VectorMath.ExpOfNegative<V, T>(V.LoadPartial(scores + i, lanes) - most);
                sum += weight;
                V.StorePartial(weight, weights + i, lanes);
            }

            V factor = V.Constant(1) / sum;
            for (long i = head; i < (long)count * heads; i += heads) V.StorePartial(V.LoadPartial(weights + i, lanes) * factor, weights + i, lanes);
        }
    }

    /// <summary>Fills the gradient of the scores of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftmaxGradient(T* weights, T* gradient, T* result, int count, int heads)
    {
        for (int head = 0; head < heads; head += V.Count)
        {
            int lanes = Math.Min(V.Count, heads - head);
            V mean = default;
            for (long i = head; i < (long)count * heads; i += heads) mean = V.MultiplyAdd(V.LoadPartial(weights + i, lanes), V.LoadPartial(gradient + i, lanes), mean);
            for (long i = head; i < (long)count * heads; i += heads)
            {
                V.StorePartial(GraphRules.SoftmaxGradient<V, T>(V.LoadPartial(weights + i, lanes), V.LoadPartial(gradient + i, lanes), mean), result + i, lanes);
            }
        }
    }
}
