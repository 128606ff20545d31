using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>Householder's reduction to tridiagonal form of one matrix in each lane (Golub and Van Loan 2013, algorithm 8.3.1).</summary>
internal static unsafe class LanesReduction<V>
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>The square below which the rest of a column is nothing beside a matrix of magnitude 1; above it sums of squares have all their digits.</summary>
    public const double NoSquare = 1e-280;

    /// <summary>Reduces the upper halves; reflectors come into the rows right of the diagonal, their first elements 1.</summary>
    /// <param name="a">size rows of vectors.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="size">Rows.</param>
    /// <param name="d">Receives the diagonal.</param>
    /// <param name="e">Receives the elements beside it.</param>
    /// <param name="tau">Receives the factors of the reflectors.</param>
    /// <param name="work">Memory for size vectors.</param>
    public static void Run(double* a, int stride, int size, double* d, double* e, double* tau, double* work)
    {
        for (int k = 0; k < size; k++)
        {
            double* row = a + (k * stride) + (k * V.Count);
            V.Store(V.Load(row), d + (k * V.Count));
            if (k == size - 1) break;
            int count = size - k - 1;
            V factor = Reflector(row + V.Count, count, e + (k * V.Count));
            V.Store(factor, tau + (k * V.Count));
            Update(a + ((k + 1) * (stride + V.Count)), stride, count, row + V.Count, factor, work);
        }
    }

    /// <summary>The rows of Qᵀ = H_last .. H_0: those that the vectors of the tridiagonal matrices are multiplied by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vectors(double* a, double* z, int stride, int size, double* tau)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) V.Store(V.Constant(i == j ? 1 : 0), z + (i * stride) + (j * V.Count));
        }

        for (int k = size - 2; k >= 0; k--)
        {
            double* v = a + (k * stride) + ((k + 1) * V.Count);
            V factor = V.Load(tau + (k * V.Count));
            for (int i = k + 1; i < size; i++)
            {
                double* row = z + (i * stride) + ((k + 1) * V.Count);
                Add(default(V) - (factor * Dot(row, v, size - k - 1)), v, row, size - k - 1);
            }
        }
    }

    /// <summary>Turns x into v, v_0 = 1, with (I - tau v vᵀ) x = (e, 0, .., 0); tau is 0 in lanes where that is so already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Reflector(double* x, int count, double* e)
    {
        V one = V.Constant(1), none = V.Constant(NoSquare), first = V.Load(x);
        V rest = count == 1 ? default : Dot(x + V.Count, x + V.Count, count - 1);
        V beta = default(V) - V.CopySign(V.Sqrt(V.MultiplyAdd(first, first, rest)), first);
        V inverse = V.SelectLess(none, rest, one / V.SelectLess(none, rest, first - beta, one), default);
        V.Store(V.SelectLess(none, rest, beta, first), e);
        V.Store(one, x);
        for (int i = 1; i < count; i++) V.Store(V.Load(x + (i * V.Count)) * inverse, x + (i * V.Count));
        return V.SelectLess(none, rest, (beta - first) / V.SelectLess(none, rest, beta, one), default);
    }

    /// <summary>a -= v wᵀ + w vᵀ with w = tau (a v - tau / 2 (vᵀ a v) v), in the upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update(double* a, int stride, int count, double* v, V tau, double* w)
    {
        for (int i = 0; i < count; i++) V.Store(default, w + (i * V.Count));
        for (int i = 0; i < count; i++)
        {
            double* row = a + (i * stride);
            V own = V.Load(v + (i * V.Count)), even = V.Load(row + (i * V.Count)) * own, odd = default;
            int j = i + 1;
            for (; j < count - 1; j += 2)
            {
                V x = V.Load(row + (j * V.Count)), y = V.Load(row + ((j + 1) * V.Count));
                even = V.MultiplyAdd(x, V.Load(v + (j * V.Count)), even);
                odd = V.MultiplyAdd(y, V.Load(v + ((j + 1) * V.Count)), odd);
                V.Store(V.MultiplyAdd(x, own, V.Load(w + (j * V.Count))), w + (j * V.Count));
                V.Store(V.MultiplyAdd(y, own, V.Load(w + ((j + 1) * V.Count))), w + ((j + 1) * V.Count));
            }

            if (j < count)
            {
                V x = V.Load(row + (j * V.Count));
                even = V.MultiplyAdd(x, V.Load(v + (j * V.Count)), even);
                V.Store(V.MultiplyAdd(x, own, V.Load(w + (j * V.Count))), w + (j * V.Count));
            }

            V.Store(V.Load(w + (i * V.Count)) + even + odd, w + (i * V.Count));
        }

        V back = V.Constant(-0.5) * tau * tau * Dot(w, v, count);
        for (int i = 0; i < count; i++) V.Store(V.MultiplyAdd(back, V.Load(v + (i * V.Count)), tau * V.Load(w + (i * V.Count))), w + (i * V.Count));
        for (int i = 0; i < count; i++)
        {
            double* row = a + (i * stride);
            V left = default(V) - V.Load(v + (i * V.Count)), right = default(V) - V.Load(w + (i * V.Count));
            for (int j = i; j < count; j++)
            {
                V sum = V.MultiplyAdd(left, V.Load(w + (j * V.Count)), V.Load(row + (j * V.Count)));
                V.Store(V.MultiplyAdd(right, V.Load(v + (j * V.Count)), sum), row + (j * V.Count));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot(double* x, double* y, int count)
    {
        V even = default, odd = default;
        int i = 0;
        for (; i < count - 1; i += 2)
        {
            even = V.MultiplyAdd(V.Load(x + (i * V.Count)), V.Load(y + (i * V.Count)), even);
            odd = V.MultiplyAdd(V.Load(x + ((i + 1) * V.Count)), V.Load(y + ((i + 1) * V.Count)), odd);
        }

        return i < count ? V.MultiplyAdd(V.Load(x + (i * V.Count)), V.Load(y + (i * V.Count)), even) + odd : even + odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(V factor, double* x, double* y, int count)
    {
        for (int i = 0; i < count; i++) V.Store(V.MultiplyAdd(factor, V.Load(x + (i * V.Count)), V.Load(y + (i * V.Count))), y + (i * V.Count));
    }
}
