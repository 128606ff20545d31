using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>
/// What one sample adds to a lower bound of dynamic time warping, stated once for every layout: time in the lanes (two series)
/// and windows in the lanes or one in a thread (search). Valid for point costs that are the larger the further apart two samples are.
/// </summary>
/// <typeparam name="TCost">The point cost of one channel.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal static class BoundTerms<TCost, T>
    where TCost : unmanaged, IPointCost<T>
    where T : unmanaged
{
    /// <summary>The shortest series whose ends do not share a sample.</summary>
    public const int ShortestWithEnds = 6;

    /// <summary>Samples at each end that the bound of Webb and Petitjean accounts for by paths.</summary>
    public const int EndSamples = 3;

    /// <summary>The nearest value within an envelope (Lemire 2009, the projection H).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Project<V>(V sample, V lower, V upper)
        where V : unmanaged, IVector<V, T> => V.Min(upper, V.Max(lower, sample));

    /// <summary>The sum with what a sample costs at least, if its partner lies within the envelope (Keogh and Ratanamahatana 2005).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V AddKeogh<V>(V sum, V sample, V lower, V upper)
        where V : unmanaged, IVector<V, T> => TCost.Add(sum, sample, Project(sample, lower, upper));

    /// <summary>The first step in from an end: a path from (0, 0) goes on through one of these cells (Rakthanmanon et al. 2012).</summary>
    /// <param name="x0">The end's sample of x.</param>
    /// <param name="x1">The one beside it.</param>
    /// <param name="y0">The end's sample of y.</param>
    /// <param name="y1">The one beside it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V KimSecond<V>(V x0, V x1, V y0, V y1)
        where V : unmanaged, IVector<V, T> =>
        V.MinNonNegative(V.MinNonNegative(TCost.First(x1, y0), TCost.First(x0, y1)), TCost.First(x1, y1));

    /// <summary>The second step in from an end: then the path goes on through one of these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V KimThird<V>(V x0, V x1, V x2, V y0, V y1, V y2)
        where V : unmanaged, IVector<V, T>
    {
        V ofX = V.MinNonNegative(TCost.First(x2, y0), TCost.First(x2, y1));
        V ofY = V.MinNonNegative(TCost.First(x0, y2), TCost.First(x1, y2));
        return V.MinNonNegative(V.MinNonNegative(ofX, ofY), TCost.First(x2, y2));
    }

    /// <summary>The least cost of the three steps at one end (Webb and Petitjean 2021, MinLRPaths).</summary>
    /// <param name="x0">The end's sample of x, and the two beside it.</param>
    /// <param name="x1">See <paramref name="x0"/>.</param>
    /// <param name="x2">See <paramref name="x0"/>.</param>
    /// <param name="y0">The end's sample of y, and the two beside it.</param>
    /// <param name="y1">See <paramref name="y0"/>.</param>
    /// <param name="y2">See <paramref name="y0"/>.</param>
    /// <param name="reachesTwo">Whether the window's radius is 2 or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V EndPaths<V>(V x0, V x1, V x2, V y0, V y1, V y2, bool reachesTwo)
        where V : unmanaged, IVector<V, T>
    {
        V cost11 = TCost.First(x1, y1), cost01 = TCost.First(x0, y1), cost10 = TCost.First(x1, y0);
        V least = cost11 + TCost.First(x2, y2);
        least = V.MinNonNegative(least, V.MinNonNegative(cost01, cost11) + TCost.First(x1, y2));
        least = V.MinNonNegative(least, V.MinNonNegative(cost10, cost11) + TCost.First(x2, y1));
        if (reachesTwo)
        {
            least = V.MinNonNegative(least, cost01 + TCost.First(x0, y2));
            least = V.MinNonNegative(least, cost10 + TCost.First(x2, y0));
        }

        return TCost.First(x0, y0) + least;
    }

    /// <summary>
    /// What a sample y(j) above (or, with all signs turned, below) the envelope of x adds in the third part of the bound of Webb and
    /// Petitjean (2021): all of its distance where the window around it is free, else what exceeds the part that x may have paid.
    /// </summary>
    /// <param name="sample">y(j).</param>
    /// <param name="edge">The envelope of x at j: the upper one for samples above it.</param>
    /// <param name="inner">The upper envelope of y's lower envelope (the lower one of the upper, for samples below).</param>
    /// <param name="isBound">1 where some sample within the window has paid towards the same side, 0 where it is free.</param>
    /// <param name="sign">1 for samples above, -1 for those below.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Allowance<V>(V sample, V edge, V inner, V isBound, V sign)
        where V : unmanaged, IVector<V, T>
    {
        V zero = V.Constant(0);
        V whole = TCost.First(sample, edge);
        V rest = whole - TCost.First(inner, edge);
        V signedSample = sample * sign, signedEdge = edge * sign, signedInner = inner * sign;

        // inner below the edge would be no part of the way from the edge to the sample.
        V partly = V.SelectLess(signedInner, signedSample, V.SelectLess(signedInner, signedEdge, zero, rest), zero);
        return V.SelectLess(signedEdge, signedSample, V.SelectLess(isBound, V.Constant(0.5), whole, partly), zero);
    }
}
