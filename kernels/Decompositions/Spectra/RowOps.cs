using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>What is done to consecutive float64 at one width; every sum has one order, which depends on the length alone.</summary>
internal static unsafe class RowOps<V>
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>x *= factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(double factor, double* x, int count)
    {
        V f = V.Broadcast(factor);
        int i = 0;
        for (; i <= count - V.Count; i += V.Count) V.Store(f * V.Load(x + i), x + i);
        if (i < count) V.StorePartial(f * V.LoadPartial(x + i, count - i), x + i, count - i);
    }

    /// <summary>(x, y) = (cosine x + sine y, cosine y - sine x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(double* x, double* y, int count, double cosine, double sine)
    {
        V c = V.Broadcast(cosine), s = V.Broadcast(sine);
        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V a = V.Load(x + i), b = V.Load(y + i);
            V.Store(V.MultiplyAdd(c, a, s * b), x + i);
            V.Store((c * b) - (s * a), y + i);
        }

        if (i == count) return;
        V lastX = V.LoadPartial(x + i, count - i), lastY = V.LoadPartial(y + i, count - i);
        V.StorePartial(V.MultiplyAdd(c, lastX, s * lastY), x + i, count - i);
        V.StorePartial((c * lastY) - (s * lastX), y + i, count - i);
    }

    /// <summary>The largest magnitude.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Largest(double* x, int count)
    {
        V largest = default;
        int i = 0;
        for (; i <= count - V.Count; i += V.Count) largest = V.Max(V.Abs(V.Load(x + i)), largest);
        if (i < count) largest = V.Max(V.Abs(V.LoadPartial(x + i, count - i)), largest);
        return LargestLane.Of<V, double>(largest);
    }
}
