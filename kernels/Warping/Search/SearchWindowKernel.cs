using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Windows of a stream, normalised, with the bounds of Kim and of Keogh to the query's envelope: a thread owns a window.</summary>
/// <remarks>
/// Samples of one time of all windows lie side by side, so that neighbouring threads read and write neighbouring elements. What is
/// stored is what every bound is made of, and what is aligned later, to the last bit. Nothing is shared, and there is no barrier.
/// </remarks>
internal static class SearchWindowKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="stream">The samples that the windows lie in.</param>
    /// <param name="moments">Of each window its centre; then all scales; then all shifts.</param>
    /// <param name="query">The query's samples, then its lower and its upper envelope.</param>
    /// <param name="windows">Receives the windows, length x count.</param>
    /// <param name="bounds">Receives the bounds of Kim, then those of Keogh.</param>
    /// <param name="count">Windows; window w begins at sample w.</param>
    /// <param name="length">Samples of a window.</param>
    /// <param name="normalizes">1 where windows are normalised, else 0.</param>
    public static void Run<V, T, TCost>(
        ArrayView<T> stream, ArrayView<T> moments, ArrayView<T> query, ArrayView<T> windows, ArrayView<T> bounds, int count, int length, int normalizes)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int window = (Grid.IdxX * Group.DimX) + Group.IdxX;
        if (window >= count) return;
        ArrayView<V> stored = windows.Cast<V>();
        V centre = V.Constant(0), scale = V.Constant(1), shift = V.Constant(0), sum = V.Constant(0);
        if (normalizes != 0)
        {
            centre = V.Broadcast(moments[window]);
            scale = V.Broadcast(moments[count + window]);
            shift = V.Broadcast(moments[(2L * count) + window]);
        }

        for (int i = 0; i < length; i++)
        {
            V sample = V.Broadcast(stream[window + i]);
            if (normalizes != 0) sample = V.MultiplyAdd(sample - centre, scale, shift);
            stored[((long)i * count) + window] = sample;
            sum = BoundTerms<TCost, T>.AddKeogh(sum, sample, V.Broadcast(query[length + i]), V.Broadcast(query[(2L * length) + i]));
        }

        bounds.Cast<V>()[window] = Kim<V, T, TCost>(new(windows, window, count), new(query, 0, 1), length);
        bounds.Cast<V>()[count + window] = sum;
    }

    /// <summary>As <see cref="Bounds{V, T, TCost}.Kim"/>.</summary>
    private static V Kim<V, T, TCost>(SearchColumn<V, T> x, SearchColumn<V, T> y, int length)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TCost : unmanaged, IPointCost<T>
    {
        int last = length - 1;
        V bound = TCost.First(x[0], y[0]);
        if (last > 0) bound += TCost.First(x[last], y[last]);
        if (length < BoundTerms<TCost, T>.ShortestWithEnds) return bound;
        bound += BoundTerms<TCost, T>.KimSecond(x[0], x[1], y[0], y[1]) + BoundTerms<TCost, T>.KimThird(x[0], x[1], x[2], y[0], y[1], y[2]);
        return bound + BoundTerms<TCost, T>.KimSecond(x[last], x[last - 1], y[last], y[last - 1])
            + BoundTerms<TCost, T>.KimThird(x[last], x[last - 1], x[last - 2], y[last], y[last - 1], y[last - 2]);
    }
}
