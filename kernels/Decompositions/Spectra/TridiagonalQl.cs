using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>The implicit QL iteration with Wilkinson's shift on a symmetric tridiagonal matrix (Golub and Van Loan 2013, section 8.3.5, from the other end).</summary>
internal static unsafe class TridiagonalQl<V>
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>Steps for one eigenvalue: 1.7 are usual, and no matrix is known that takes a dozen.</summary>
    private const int MostSteps = 60;

    /// <summary>
    /// The share of the largest row at which an element beside the diagonal is dropped. Measured against the whole and not against its
    /// two neighbours: rows of a deficient matrix that are rounding alone get as much rounding again from every step, and never part.
    /// </summary>
    public const double Nothing = 1.1e-16;

    /// <summary>Replaces the diagonal by the eigenvalues, in no order.</summary>
    /// <param name="d">The diagonal.</param>
    /// <param name="e">The elements beside it and one more, all of which are destroyed.</param>
    /// <param name="size">Elements of the diagonal.</param>
    /// <param name="vectors">Rows that are rotated with the eigenvalues: those of the identity become the eigenvectors; null for none.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="width">Elements of a row.</param>
    /// <returns>Whether it converged.</returns>
    public static bool Run(double* d, double* e, int size, double* vectors, long stride, int width)
    {
        if (size == 0) return true;
        e[size - 1] = 0;
        double nothing = 0;
        for (int i = 0; i < size; i++) nothing = Math.Max(nothing, Nothing * (Math.Abs(d[i]) + Math.Abs(e[i])));
        for (int l = 0; l < size; l++)
        {
            for (int step = 0; ; step++)
            {
                int m = l;
                while (m < size - 1 && Math.Abs(e[m]) > nothing) m++;
                if (m == l) break;
                if (step == MostSteps) return false;
                Step(d, e, l, m, vectors, stride, width);
            }
        }

        return true;
    }

    private static void Step(double* d, double* e, int l, int m, double* vectors, long stride, int width)
    {
        double g = (d[l + 1] - d[l]) / (2 * e[l]);
        double r = Math.Sqrt((g * g) + 1);
        if (!double.IsFinite(r)) r = Math.Abs(g);
        g = d[m] - d[l] + (e[l] / (g + Math.CopySign(r, g)));
        double s = 1, c = 1, p = 0;
        for (int i = m - 1; i >= l; i--)
        {
            double f = s * e[i], b = c * e[i];
            r = Length(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }

            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            if (vectors is not null) RowOps<V>.Rotate(vectors + ((i + 1) * stride), vectors + (i * stride), width, c, s);
        }

        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    private static double Length(double x, double y)
    {
        double square = (x * x) + (y * y);
        if (square is > 1e-280 and < 1e280) return Math.Sqrt(square);
        double largest = Math.Max(Math.Abs(x), Math.Abs(y));
        return largest == 0 ? 0 : largest * Math.Sqrt(((x / largest) * (x / largest)) + ((y / largest) * (y / largest)));
    }
}
