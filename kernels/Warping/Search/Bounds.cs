using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>
/// Lower bounds of dynamic time warping (the sum, before any root) of two series of one channel and one length, within
/// |row - column| at most a radius. Time is in the lanes.
/// </summary>
/// <remarks>Rounding may have a bound above the sum by as many parts in 2^24 (2^53) as there are samples; see <see cref="SearchLimit"/>.</remarks>
internal static unsafe class Bounds<V, T, TCost>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
    where TCost : unmanaged, IPointCost<T>
{
    /// <summary>Elements of working memory for <see cref="Improved"/> and <see cref="Webb"/>.</summary>
    public static int WorkLength(int length, int radius) => (3 * length) + (3 * V.Count) + BoundEnvelopes<V, T>.WorkLength(length, radius);

    /// <summary>Both ends: the first and last pair and, from 6 samples on, the two cells next to each (Rakthanmanon et al. 2012, after Kim, Park and Chu 2001).</summary>
    public static T Kim(T* x, T* y, int length)
    {
        Lanes1<T> bound = Cost(x, y, 0, 0);
        int last = length - 1;
        if (last > 0) bound += Cost(x, y, last, last);
        if (length < BoundTerms<TCost, T>.ShortestWithEnds) return Value(bound);
        for (int side = 0; side < 2; side++)
        {
            int at = side == 0 ? 0 : last, step = side == 0 ? 1 : -1;
            Lanes1<T> x0 = At(x, at), x1 = At(x, at + step), x2 = At(x, at + (2 * step));
            Lanes1<T> y0 = At(y, at), y1 = At(y, at + step), y2 = At(y, at + (2 * step));
            bound += BoundTerms<TCost, T>.KimSecond(x0, x1, y0, y1) + BoundTerms<TCost, T>.KimThird(x0, x1, x2, y0, y1, y2);
        }

        return Value(bound);
    }

    /// <summary>The sum over all samples of x of their cost to the envelope of y (Keogh and Ratanamahatana 2005).</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static T Keogh(T* x, T* lower, T* upper, int length)
    {
        V sum = V.Constant(0);
        int i = 0;
        for (; i <= length - V.Count; i += V.Count) sum = BoundTerms<TCost, T>.AddKeogh(sum, V.Load(x + i), V.Load(lower + i), V.Load(upper + i));

        // Beyond the end sample and envelope are both 0, which costs nothing.
        int rest = length - i;
        if (rest > 0) sum = BoundTerms<TCost, T>.AddKeogh(sum, V.LoadPartial(x + i, rest), V.LoadPartial(lower + i, rest), V.LoadPartial(upper + i, rest));
        return V.Sum(sum);
    }

    /// <summary><see cref="Keogh"/>, and what y costs to the envelope of x's projection onto the envelope of y (Lemire 2009).</summary>
    /// <param name="x">The one; its samples are read.</param>
    /// <param name="y">The other; its samples and both envelopes are read.</param>
    /// <param name="length">Their length.</param>
    /// <param name="radius">The window's radius.</param>
    /// <param name="work">Working memory of <see cref="WorkLength"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static T Improved(T* x, in BoundedSeries<T> y, int length, int radius, T* work)
    {
        T* projection = work, lower = projection + length + V.Count, upper = lower + length + V.Count, slide = upper + length + V.Count;
        V sum = V.Constant(0);
        for (int i = 0; i < length; i += V.Count)
        {
            int count = Math.Min(V.Count, length - i);
            V sample = V.LoadPartial(x + i, count);
            V projected = BoundTerms<TCost, T>.Project(sample, V.LoadPartial(y.Lower + i, count), V.LoadPartial(y.Upper + i, count));
            V.Store(projected, projection + i);
            sum = TCost.Add(sum, sample, projected);
        }

        BoundEnvelopes<V, T>.Lower(projection, length, radius, slide, lower);
        BoundEnvelopes<V, T>.Upper(projection, length, radius, slide, upper);
        return Value(At(V.Sum(sum)) + At(Keogh(y.Values, lower, upper, length)));
    }

    /// <summary>
    /// The bound of Webb and Petitjean (2021): the least paths at both ends, <see cref="Keogh"/> of x between them, and of y
    /// what x has not paid already.
    /// </summary>
    /// <param name="x">The one, with all envelopes.</param>
    /// <param name="y">The other, likewise.</param>
    /// <param name="length">Their length.</param>
    /// <param name="radius">The window's radius.</param>
    /// <param name="work">Working memory of <see cref="WorkLength"/>.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static T Webb(in BoundedSeries<T> x, in BoundedSeries<T> y, int length, int radius, T* work)
    {
        bool hasEnds = length >= BoundTerms<TCost, T>.ShortestWithEnds && radius >= 1;
        int first = hasEnds ? BoundTerms<TCost, T>.EndSamples : 0, end = length - first;
        T* aboveIsBound = work, belowIsBound = aboveIsBound + length + V.Count, slide = belowIsBound + (2 * (length + V.Count));
        new Span<T>(aboveIsBound, 2 * (length + V.Count)).Clear();
        V sum = V.Constant(0), zero = V.Constant(0), one = V.Constant(1);
        for (int i = first; i < end; i += V.Count)
        {
            int count = Math.Min(V.Count, end - i);
            V sample = V.LoadPartial(x.Values + i, count);
            V lower = V.LoadPartial(y.Lower + i, count), upper = V.LoadPartial(y.Upper + i, count);
            sum = BoundTerms<TCost, T>.AddKeogh(sum, sample, lower, upper);

            // A sample below the envelope leaves those above it free if all that x's upper envelope has near it lies above the edge.
            V isBelow = V.SelectLess(sample, lower, one, zero), isAbove = V.SelectLess(upper, sample, one, zero);
            V blocksAbove = isAbove + (isBelow * V.SelectLess(V.LoadPartial(x.LowerOfUpper + i, count), lower, one, zero));
            V blocksBelow = isBelow + (isAbove * V.SelectLess(upper, V.LoadPartial(x.UpperOfLower + i, count), one, zero));
            V.StorePartial(blocksAbove, aboveIsBound + i, count);
            V.StorePartial(blocksBelow, belowIsBound + i, count);
        }

        BoundEnvelopes<V, T>.Upper(aboveIsBound, length, radius, slide, aboveIsBound);
        BoundEnvelopes<V, T>.Upper(belowIsBound, length, radius, slide, belowIsBound);
        for (int j = first; j < end; j += V.Count)
        {
            int count = Math.Min(V.Count, end - j);
            V sample = V.LoadPartial(y.Values + j, count);
            sum += BoundTerms<TCost, T>.Allowance(
                sample, V.LoadPartial(x.Upper + j, count), V.LoadPartial(y.UpperOfLower + j, count), V.LoadPartial(aboveIsBound + j, count), one);
            sum += BoundTerms<TCost, T>.Allowance(
                sample, V.LoadPartial(x.Lower + j, count), V.LoadPartial(y.LowerOfUpper + j, count), V.LoadPartial(belowIsBound + j, count), zero - one);
        }

        Lanes1<T> bound = At(V.Sum(sum));
        if (!hasEnds) return Value(bound);
        int last = length - 1;
        bound += BoundTerms<TCost, T>.EndPaths(
            At(x.Values, 0), At(x.Values, 1), At(x.Values, 2), At(y.Values, 0), At(y.Values, 1), At(y.Values, 2), radius >= 2);
        bound += BoundTerms<TCost, T>.EndPaths(
            At(x.Values, last), At(x.Values, last - 1), At(x.Values, last - 2), At(y.Values, last), At(y.Values, last - 1), At(y.Values, last - 2), radius >= 2);
        return Value(bound);
    }

    private static Lanes1<T> At(T value) => Lanes1<T>.Broadcast(value);

    private static Lanes1<T> At(T* values, int index) => Lanes1<T>.Broadcast(values[index]);

    private static Lanes1<T> Cost(T* x, T* y, int row, int column) => TCost.First(At(x, row), At(y, column));

    private static T Value(Lanes1<T> lane) => Lanes1<T>.Sum(lane);
}
