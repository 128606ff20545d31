using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>The forward pass of a soft alignment, along diagonals, whose cells do not depend on each other.</summary>
/// <remarks>
/// <para>A cell holds the summed weight of all alignments that end there,
/// w(i, j) = k(i, j) (w(i-1, j-1) + w(i-1, j) + w(i, j-1)), as a significand in [1, 2) and an exponent, which is a number
/// too: the soft minimum is -gamma ln w. The range of weights is thus without bounds, and a cell takes one exponential and no
/// logarithm, where soft minima of costs would take two and one; and no digits are lost to the size of the costs.</para>
/// <para>Outside the band a significand is 0 and the exponent below any other.</para>
/// </remarks>
internal static unsafe class SoftForward<V, T, TFactor>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TFactor : unmanaged, ISoftFactor<T>
{
    /// <summary>The value of the table: minus the logarithm to base 2 of the weight of all alignments.</summary>
    public static double Value(in SoftPair<T> pair, in SoftRing<T> ring)
    {
        Begin(ring);
        Run<KeepNothing<T>>(pair, ring, 0, pair.Band.Diagonals, null, 0);
        return ring.Value(pair.Band);
    }

    /// <summary>Fills what stands before the first diagonal: the corner, and nothing.</summary>
    public static void Begin(in SoftRing<T> ring)
    {
        Wall(ring.Significands(-1), ring.Exponents(-1), -1);
        Wall(ring.Significands(-1), ring.Exponents(-1), 0);
        Wall(ring.Significands(-2), ring.Exponents(-2), 0);
        ring.Significands(-2)[-1] = Element.Of<T>(1);
        ring.Exponents(-2)[-1] = default;
    }

    /// <summary>Computes diagonals from <paramref name="first"/> up to <paramref name="end"/>; the two before stand in the ring.</summary>
    /// <param name="pair">The series.</param>
    /// <param name="ring">The diagonals.</param>
    /// <param name="first">The first diagonal.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="shares">Three arrays for each diagonal, where they are kept.</param>
    /// <param name="stride">Elements of each such array.</param>
    public static void Run<TKeeper>(in SoftPair<T> pair, in SoftRing<T> ring, int first, int end, T* shares, nint stride)
        where TKeeper : unmanaged, ISoftKeeper<T>
    {
        for (int k = first; k < end; k++)
        {
            Diagonal<TKeeper>(pair, ring, k, shares, stride);
            shares += 3 * stride;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Diagonal<TKeeper>(in SoftPair<T> pair, in SoftRing<T> ring, int k, T* shares, nint stride)
        where TKeeper : unmanaged, ISoftKeeper<T>
    {
        nint first = pair.Band.First[k], last = pair.Band.Last[k];
        nint strideX = pair.StrideX, strideY = pair.StrideY;
        int channels = pair.Channels;
        T* x = pair.X;
        T* y = pair.ReversedOn(k);
        T* twoBefore = ring.Significands(k - 2), before = ring.Significands(k - 1), significands = ring.Significands(k);
        T* twoBeforeExponents = ring.Exponents(k - 2), beforeExponents = ring.Exponents(k - 1), exponents = ring.Exponents(k);

        // From a multiple of the lanes on, so that what is stored is aligned; what lies outside the band is walled off afterwards.
        nint begin = first & -V.Count;
        for (nint i = begin; i <= last; i += V.Count)
        {
            V difference = TFactor.Difference(V.Load(x + i), V.Load(y + i));
            V cost = difference * difference;
            for (nint c = 1; c < channels; c++)
            {
                difference = TFactor.Difference(V.Load(x + i + (c * strideX)), V.Load(y + i + (c * strideY)));
                cost = V.MultiplyAdd(difference, difference, cost);
            }

            V nearest = V.Round(cost);
            V factor = TFactor.Significand(VectorMath.Exp2Fraction<V, T>(nearest - cost), nearest);

            V exponentDiagonal = V.Load(twoBeforeExponents + i - 1), exponentAbove = V.Load(beforeExponents + i - 1), exponentLeft = V.Load(beforeExponents + i);
            V largest = V.Max(exponentDiagonal, V.Max(exponentAbove, exponentLeft));
            V diagonal = V.ScaleDown(V.Load(twoBefore + i - 1), exponentDiagonal - largest);
            V above = V.ScaleDown(V.Load(before + i - 1), exponentAbove - largest);
            V left = V.ScaleDown(V.Load(before + i), exponentLeft - largest);

            // Above and left first, so that exchanging x and y changes no bit.
            V sum = above + left + diagonal;
            V weight = sum * factor;
            V.Store(V.Mantissa(weight), significands + i);
            V.Store(largest - nearest + V.Exponent(weight), exponents + i);
            TKeeper.Keep(diagonal, above, left, sum, shares + (i - begin), stride);
        }

        V nothing = V.Constant(0), wall = V.Constant(SoftRing<T>.WallExponent);
        V.Store(nothing, significands + first - V.Count);
        V.Store(wall, exponents + first - V.Count);
        V.Store(nothing, significands + last + 1);
        V.Store(wall, exponents + last + 1);
    }

    private static void Wall(T* significands, T* exponents, nint row)
    {
        significands[row] = default;
        exponents[row] = Element.Of<T>(SoftRing<T>.WallExponent);
    }
}
