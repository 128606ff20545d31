using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>The implicit QL iteration with Wilkinson's shift on one symmetric tridiagonal matrix in each lane; a lane whose rotation is not due turns by nothing.</summary>
internal static unsafe class LanesQl<V>
    where V : unmanaged, IHostVector<V, double>
{
    /// <summary>Steps for one eigenvalue in the slowest lane.</summary>
    private const int MostSteps = 60;

    /// <summary>Replaces the diagonals by the eigenvalues, in no order.</summary>
    /// <param name="d">The diagonals: size vectors.</param>
    /// <param name="e">The elements beside them, and one more vector.</param>
    /// <param name="size">Rows.</param>
    /// <param name="turns">Memory for 2 size vectors.</param>
    /// <param name="z">Rows that are rotated with the eigenvalues; null for none.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <returns>Whether it converged in every lane.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Run(double* d, double* e, int size, double* turns, double* z, int stride)
    {
        V nothing = default;
        for (int i = 0; i < size; i++) nothing = V.Max(nothing, V.Constant(TridiagonalQl<V>.Nothing) * (V.Abs(V.Load(d + (i * V.Count))) + V.Abs(V.Load(e + (i * V.Count)))));
        for (int l = 0; l < size - 1; l++)
        {
            for (int step = 0; ; step++)
            {
                V end = End(d, e, l, size, nothing, out V last);
                if (!V.AnyLess(V.Constant(l), end)) break;
                if (step == MostSteps) return false;
                int furthest = (int)LargestLane.Of<V, double>(end);
                Step(d, e, l, furthest, end, last, turns);
                if (z is not null) Turn(z + (l * stride), stride, size, turns + (2 * l * V.Count), furthest - l);
            }
        }

        return true;
    }

    /// <summary>In each lane the first row from l on that nothing joins to the next one, and its diagonal element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V End(double* d, double* e, int l, int size, V nothing, out V last)
    {
        V end = V.Constant(size - 1);
        last = V.Load(d + ((size - 1) * V.Count));
        for (int i = size - 2; i >= l; i--)
        {
            V beside = V.Abs(V.Load(e + (i * V.Count)));
            end = V.SelectLess(nothing, beside, end, V.Constant(i));
            last = V.SelectLess(nothing, beside, last, V.Load(d + (i * V.Count)));
        }

        return end;
    }

    /// <summary>One step from the end of each lane up to row l; cosines and sines are kept in pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(double* d, double* e, int l, int furthest, V end, V last, double* turns)
    {
        V one = V.Constant(1), two = V.Constant(2), none = V.Constant(LanesReduction<V>.NoSquare), row = V.Constant(l);
        V top = V.Load(d + (l * V.Count)), beside = V.SelectLess(row, end, V.Load(e + (l * V.Count)), one);
        V g = V.SelectLess(row, end, (V.Load(d + ((l + 1) * V.Count)) - top) / (two * beside), default);
        g = last - top + (beside / (g + V.CopySign(V.Sqrt(V.MultiplyAdd(g, g, one)), g)));
        V s = one, c = one, p = default;
        for (int i = furthest - 1; i >= l; i--)
        {
            row = V.Constant(i);
            V off = V.Load(e + (i * V.Count)), under = V.Load(e + ((i + 1) * V.Count));
            V own = V.Load(d + (i * V.Count)), next = V.Load(d + ((i + 1) * V.Count));
            V f = s * off, b = c * off, square = V.MultiplyAdd(f, f, g * g);

            // Where both are nothing there is nothing to turn.
            V length = V.SelectLess(none, square, V.Sqrt(square), default);
            V inverse = one / V.SelectLess(none, square, length, one);
            V cosine = V.SelectLess(none, square, g * inverse, one), sine = V.SelectLess(none, square, f * inverse, default);
            V moved = next - p;
            V change = V.MultiplyAdd(own - moved, sine, two * cosine * b), shift = sine * change;
            V.Store(V.SelectLess(row, end, moved + shift, next), d + ((i + 1) * V.Count));

            // Of the element below the last row nothing is kept.
            length = V.SelectLess(V.Constant(i + 1), end, length, default);
            V.Store(V.SelectLess(row, end, length, under), e + ((i + 1) * V.Count));
            p = V.SelectLess(row, end, shift, p);
            g = V.SelectLess(row, end, V.MultiplyAdd(cosine, change, default(V) - b), g);
            c = V.SelectLess(row, end, cosine, c);
            s = V.SelectLess(row, end, sine, s);
            V.Store(V.SelectLess(row, end, cosine, one), turns + (2 * i * V.Count));
            V.Store(V.SelectLess(row, end, sine, default), turns + (((2 * i) + 1) * V.Count));
        }

        row = V.Constant(l);
        V.Store(V.Load(d + (l * V.Count)) - p, d + (l * V.Count));
        V.Store(V.SelectLess(row, end, g, V.Load(e + (l * V.Count))), e + (l * V.Count));
    }

    /// <summary>Turns rows 0 to count by a step's rotations from the last to the first: four columns at a time, whose carried elements stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(double* z, int stride, int size, double* turns, int count)
    {
        int column = 0;
        for (; column <= size - 4; column += 4)
        {
            double* row = z + (count * (nint)stride) + (column * V.Count);
            V x0 = V.Load(row), x1 = V.Load(row + V.Count), x2 = V.Load(row + (2 * V.Count)), x3 = V.Load(row + (3 * V.Count));
            for (int i = count - 1; i >= 0; i--)
            {
                V c = V.Load(turns + (2 * i * V.Count)), s = V.Load(turns + (((2 * i) + 1) * V.Count));
                double* above = row - stride;
                V y0 = V.Load(above), y1 = V.Load(above + V.Count), y2 = V.Load(above + (2 * V.Count)), y3 = V.Load(above + (3 * V.Count));
                V.Store(V.MultiplyAdd(c, x0, s * y0), row);
                V.Store(V.MultiplyAdd(c, x1, s * y1), row + V.Count);
                V.Store(V.MultiplyAdd(c, x2, s * y2), row + (2 * V.Count));
                V.Store(V.MultiplyAdd(c, x3, s * y3), row + (3 * V.Count));
                x0 = (c * y0) - (s * x0);
                x1 = (c * y1) - (s * x1);
                x2 = (c * y2) - (s * x2);
                x3 = (c * y3) - (s * x3);
                row = above;
            }

            V.Store(x0, row);
            V.Store(x1, row + V.Count);
            V.Store(x2, row + (2 * V.Count));
            V.Store(x3, row + (3 * V.Count));
        }

        for (; column < size; column++)
        {
            double* row = z + (count * (nint)stride) + (column * V.Count);
            V x = V.Load(row);
            for (int i = count - 1; i >= 0; i--)
            {
                V c = V.Load(turns + (2 * i * V.Count)), s = V.Load(turns + (((2 * i) + 1) * V.Count)), y = V.Load(row - stride);
                V.Store(V.MultiplyAdd(c, x, s * y), row);
                x = (c * y) - (s * x);
                row -= stride;
            }

            V.Store(x, row);
        }
    }
}
