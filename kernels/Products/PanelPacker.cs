using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>Copies rows of a strided matrix into panels: groups of <c>width</c> rows, feature by feature, zero-padded.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal static unsafe class PanelPacker<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Packs one panel: element (k, r) of it is (source(r, k) - centre(k)) * scale.</summary>
    /// <param name="source">First element of the panel's first row and feature.</param>
    /// <param name="rowStride">Elements from row to row.</param>
    /// <param name="featureStride">Elements from feature to feature.</param>
    /// <param name="rows">Rows present, 1 to <paramref name="width"/>.</param>
    /// <param name="depth">Features.</param>
    /// <param name="width">Rows of a panel; a multiple of the lanes for column panels.</param>
    /// <param name="centre">What is subtracted from each feature; null for nothing.</param>
    /// <param name="scale">What every difference is multiplied by.</param>
    /// <param name="panel">Room for depth x width elements.</param>
    public static void Pack(
        T* source, long rowStride, long featureStride, int rows, int depth, int width, T* centre, T scale, T* panel)
    {
        if (rowStride == 1 && rows == width && width % V.Count == 0) CopyVectors(source, featureStride, depth, width, panel);
        else Gather(source, rowStride, featureStride, rows, depth, width, panel);
        if (centre is not null) CentreAndScale(rows, depth, width, centre, scale, panel);
    }

    private static void CopyVectors(T* source, long featureStride, int depth, int width, T* panel)
    {
        for (int k = 0; k < depth; k++, source += featureStride, panel += width)
        {
            for (int r = 0; r < width; r += V.Count) V.Store(V.Load(source + r), panel + r);
        }
    }

    private static void Gather(T* source, long rowStride, long featureStride, int rows, int depth, int width, T* panel)
    {
        int r = 0;
        for (; r + 4 <= rows; r += 4) GatherFour(source + (r * rowStride), rowStride, featureStride, depth, width, panel + r);
        for (; r < width; r++)
        {
            T* from = source + (r * rowStride);
            T* to = panel + r;
            if (r < rows)
            {
                for (int k = 0; k < depth; k++, from += featureStride, to += width) *to = *from;
            }
            else
            {
                for (int k = 0; k < depth; k++, to += width) *to = default;
            }
        }
    }

    /// <summary>Four rows at a time: four independent streams of loads, and stores that share a cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherFour(T* source, long rowStride, long featureStride, int depth, int width, T* panel)
    {
        T* s0 = source, s1 = s0 + rowStride, s2 = s1 + rowStride, s3 = s2 + rowStride;
        if (featureStride == 1)
        {
            for (int k = 0; k < depth; k++, panel += width)
            {
                panel[0] = s0[k];
                panel[1] = s1[k];
                panel[2] = s2[k];
                panel[3] = s3[k];
            }

            return;
        }

        for (long k = 0, at = 0; k < depth; k++, at += featureStride, panel += width)
        {
            panel[0] = s0[at];
            panel[1] = s1[at];
            panel[2] = s2[at];
            panel[3] = s3[at];
        }
    }

    private static void CentreAndScale(int rows, int depth, int width, T* centre, T scale, T* panel)
    {
        V factor = V.Broadcast(scale);
        for (int k = 0; k < depth; k++, panel += width)
        {
            V shift = V.Broadcast(centre[k]);
            int r = 0;
            for (; r + V.Count <= rows; r += V.Count) V.Store((V.Load(panel + r) - shift) * factor, panel + r);
            if (r < rows) V.StorePartial((V.LoadPartial(panel + r, rows - r) - shift) * factor, panel + r, rows - r);
        }
    }
}
