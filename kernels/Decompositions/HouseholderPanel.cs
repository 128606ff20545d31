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
                double factor = Taus[j] * (Element.ToDouble(*y) + RowProducts<V, T>.Dot(x + 1, y + 1, tail));
                *y = Element.Of<T>(Element.ToDouble(*y) - factor);
                RowProducts<V, T>.Add(Element.Of<T>(-factor), x + 1, y + 1, tail);
            }
        }
    }

    /// <summary>Turns a column into its reflector; gives tau, 0 where there is nothing to reflect.</summary>
    private static double Reflect<V>(T* x, int tail)
        where V : unmanaged, IHostVector<V, T>
    {
        double first = Element.ToDouble(*x), rest = RowProducts<V, T>.Dot(x + 1, x + 1, tail);
        if (rest == 0) return 0;
        double norm = Math.Sqrt((first * first) + rest), image = first > 0 ? -norm : norm;
        double scale = 1 / (first - image);
        for (int i = 1; i <= tail; i++) x[i] = Element.Of<T>(Element.ToDouble(x[i]) * scale);
        *x = Element.Of<T>(image);
        return (image - first) / image;
    }
}
