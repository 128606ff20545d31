using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Warping.Search;

/// <summary>Windows of a stream, normalised, and their bound of Keogh to the query's envelope: a thread owns a window.</summary>
/// <remarks>
/// Samples of one time of all windows lie side by side, so that neighbouring threads read and write neighbouring elements. What is
/// stored is what the bound is made of, and what is aligned later, to the last bit. Nothing is shared, and there is no barrier.
/// </remarks>
internal static class SearchWindowKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="stream">The samples that the windows lie in.</param>
    /// <param name="moments">Of each window its centre; then all scales; then all shifts.</param>
    /// <param name="envelope">The query's lower envelope, then its upper one.</param>
    /// <param name="windows">Receives the windows, length x count.</param>
    /// <param name="bounds">Receives their bounds.</param>
    /// <param name="count">Windows; window w begins at sample w.</param>
    /// <param name="length">Samples of a window.</param>
    /// <param name="normalizes">1 where windows are normalised, else 0.</param>
    public static void Run<V, T, TCost>(
        ArrayView<T> stream, ArrayView<T> moments, ArrayView<T> envelope, ArrayView<T> windows, ArrayView<T> bounds, int count, int length, int normalizes)
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
            sum = BoundTerms<TCost, T>.AddKeogh(sum, sample, V.Broadcast(envelope[i]), V.Broadcast(envelope[length + i]));
        }

        bounds.Cast<V>()[window] = sum;
    }
}
