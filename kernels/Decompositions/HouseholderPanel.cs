using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions;

/// <summary>Reflectors of a few columns, one after the other, each column consecutive (Golub and Van Loan 2013, algorithm 5.1.1).</summary>
/// <remarks>Leaves R on and above the diagonal, and below it the reflectors v with v[0] = 1 left out: H = I - tau v vᵀ.</remarks>
internal unsafe struct HouseholderPanel<T> : IVectorJob<T>
    where T : unmanaged
{
    /// <summary>Width columns of Length elements, one after the other.</summary>
    public T* Columns;

    /// <summary>Elements of a column.</summary>
    public int Length;

    /// <summary>Columns; at most as many as elements.</summary>
    public int Width;

    /// <summary>Receives the factors of the reflectors.</summary>
    public double* Taus;

    /// <inheritdoc/>
    public readonly void Run<V>()
        where V : unmanaged, IHostVector<V, T>
    {
        for (int j = 0; j < Width; j++)
        {
            T* x = Columns + ((long)j * Length) + j;
            int tail = Length - j - 1;
            Taus[j] = Reflect<V>(x, tail);
            if (Taus[j] == 0) continue;
            for (int c = j + 1; c < Width; c++)
            {
                T* y = Columns + ((long)c * Length) + j;
                double factor = Taus[j] * (Element.ToDouble(*y) + Dot<V>(x + 1, y + 1, tail));
                *y = Element.Of<T>(Element.ToDouble(*y) - factor);
                Add<V>(x + 1, Element.Of<T>(-factor), y + 1, tail);
            }
        }
    }

    /// <summary>Turns a column into its reflector; gives tau, 0 where there is nothing to reflect.</summary>
    private static double Reflect<V>(T* x, int tail)
        where V : unmanaged, IHostVector<V, T>
    {
        double first = Element.ToDouble(*x), rest = Dot<V>(x + 1, x + 1, tail);
        if (rest == 0) return 0;
        double norm = Math.Sqrt((first * first) + rest), image = first > 0 ? -norm : norm;
        double scale = 1 / (first - image);
        for (int i = 1; i <= tail; i++) x[i] = Element.Of<T>(Element.ToDouble(x[i]) * scale);
        *x = Element.Of<T>(image);
        return (image - first) / image;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot<V>(T* x, T* y, int count)
        where V : unmanaged, IHostVector<V, T>
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

        for (; i < count; i += V.Count)
        {
            int lanes = Math.Min(V.Count, count - i);
            sum0 = V.MultiplyAdd(V.LoadPartial(x + i, lanes), V.LoadPartial(y + i, lanes), sum0);
        }

        return Element.ToDouble(V.Sum(sum0 + sum1 + (sum2 + sum3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<V>(T* x, T factor, T* y, int count)
        where V : unmanaged, IHostVector<V, T>
    {
        V broadcast = V.Broadcast(factor);
        int i = 0;
        for (; i <= count - V.Count; i += V.Count) V.Store(V.MultiplyAdd(broadcast, V.Load(x + i), V.Load(y + i)), y + i);
        if (i < count) V.StorePartial(V.MultiplyAdd(broadcast, V.LoadPartial(x + i, count - i), V.LoadPartial(y + i, count - i)), y + i, count - i);
    }
}
