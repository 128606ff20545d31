using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Simd;

/// <summary>Dot products of consecutive elements, and multiples added to them; every sum has one order, which depends on the length alone.</summary>
internal static unsafe class RowProducts<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>x . y: four sums in flight, as many as the ports and the latency of a multiply-add ask for with loads from cache; nothing beyond the end is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(T* x, T* y, int count)
    {
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int i = 0;
        for (; i <= count - (4 * V.Count); i += 4 * V.Count)
        {
            sum0 = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), sum0);
            sum1 = V.MultiplyAdd(V.Load(x + i + V.Count), V.Load(y + i + V.Count), sum1);
            sum2 = V.MultiplyAdd(V.Load(x + i + (2 * V.Count)), V.Load(y + i + (2 * V.Count)), sum2);
            sum3 = V.MultiplyAdd(V.Load(x + i + (3 * V.Count)), V.Load(y + i + (3 * V.Count)), sum3);
        }

        for (; i <= count - V.Count; i += V.Count) sum0 = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), sum0);
        if (i < count) sum0 = V.MultiplyAdd(V.LoadPartial(x + i, count - i), V.LoadPartial(y + i, count - i), sum0);
        return Element.ToDouble(V.Sum((sum0 + sum1) + (sum2 + sum3)));
    }

    /// <summary>y += factor x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(T factor, T* x, T* y, int count)
    {
        V f = V.Broadcast(factor);
        int i = 0;
        for (; i <= count - V.Count; i += V.Count) V.Store(V.MultiplyAdd(f, V.Load(x + i), V.Load(y + i)), y + i);
        if (i < count) V.StorePartial(V.MultiplyAdd(f, V.LoadPartial(x + i, count - i), V.LoadPartial(y + i, count - i)), y + i, count - i);
    }
}
