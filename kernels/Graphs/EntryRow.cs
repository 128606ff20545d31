using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Graphs;

/// <summary>Softmax over a row's entries of one head each, entries in the lanes.</summary>
internal static unsafe class EntryRow<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Fills the softmax of a row of one or more scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(T* scores, T* weights, int count)
    {
        V most = V.Broadcast(scores[0]);
        int whole = count - (count % V.Count);
        for (int i = 0; i < whole; i += V.Count) most = V.Max(most, V.Load(scores + i));
        for (int i = whole; i < count; i++) most = V.Max(most, V.Broadcast(scores[i]));
        V largest = V.Broadcast(Element.Of<T>(LargestLane.Of<V, T>(most)));
        for (int i = 0; i < whole; i += V.Count) V.Store(VectorMath.ExpOfNegative<V, T>(V.Load(scores + i) - largest), weights + i);
        int left = count - whole;
        if (left > 0) V.StorePartial(VectorMath.ExpOfNegative<V, T>(V.LoadPartial(scores + whole, left) - largest), weights + whole, left);
        V sum = V.LoadPartial(weights + whole, left);
        for (int i = 0; i < whole; i += V.Count) sum += V.Load(weights + i);
        V factor = V.Constant(1) / V.Broadcast(V.Sum(sum));
        for (int i = 0; i < whole; i += V.Count) V.Store(V.Load(weights + i) * factor, weights + i);
        if (left > 0) V.StorePartial(V.LoadPartial(weights + whole, left) * factor, weights + whole, left);
    }

    /// <summary>Fills the gradient of the scores of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftmaxGradient(T* weights, T* gradient, T* result, int count)
    {
        V mean = V.Broadcast(Element.Of<T>(RowProducts<V, T>.Dot(weights, gradient, count)));
        int whole = count - (count % V.Count), left = count - whole;
        for (int i = 0; i < whole; i += V.Count) V.Store(GraphRules.SoftmaxGradient<V, T>(V.Load(weights + i), V.Load(gradient + i), mean), result + i);
        if (left == 0) return;
        V.StorePartial(GraphRules.SoftmaxGradient<V, T>(V.LoadPartial(weights + whole, left), V.LoadPartial(gradient + whole, left), mean), result + whole, left);
    }
}
