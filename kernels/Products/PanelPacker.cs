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
    /// <summary>Packs one panel, or some features of one: element (k, r) of it is (source(r, k) - centre(k)) * scale.</summary>
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
        if (rowStride != 1)
        {
            Gather(source, rowStride, featureStride, rows, depth, width, centre, scale, panel);
            return;
        }

        if (rows == width && width % V.Count == 0) CopyVectors(source, featureStride, depth, width, panel);
        else CopyPartly(source, featureStride, rows, depth, width, panel);
        if (centre is not null) CentreAndScale(rows, depth, width, centre, scale, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyVectors(T* source, long featureStride, int depth, int width, T* panel)
    {
        for (int k = 0; k < depth; k++, source += featureStride, panel += width)
        {
            for (int r = 0; r < width; r += V.Count) V.Store(V.Load(source + r), panel + r);
        }
    }

    /// <summary>
    /// Consecutive rows that do not fill whole vectors. A whole vector is stored even where the panel is narrower: what it
    /// writes too much belongs to the next features, which are written after it; only the last ones are stored exactly.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPartly(T* source, long featureStride, int rows, int depth, int width, T* panel)
    {
        T* end = panel + ((nint)depth * width);
        int k = 0;
        if (rows == width && width <= V.Count && featureStride >= V.Count)
        {
            // Nor does a vector read beyond memory before the last features: theirs lie behind it.
            for (; k < depth - 1; k++, source += featureStride, panel += width) V.Store(V.Load(source), panel);
        }

        for (; k < depth; k++, source += featureStride, panel += width)
        {
            for (int r = 0; r < width; r += V.Count)
            {
                V values = V.LoadPartial(source + r, Math.Clamp(rows - r, 0, V.Count));
                if (panel + r + V.Count <= end) V.Store(values, panel + r);
                else V.StorePartial(values, panel + r, Math.Min(V.Count, width - r));
            }
        }
    }

    /// <summary>Eight rows at a time where they are turned in registers, then quads, of which the last may hold rows of the one before it, then what is no quad, one by one.</summary>
    private static void Gather(T* source, long rowStride, long featureStride, int rows, int depth, int width, T* centre, T scale, T* panel)
    {
        int eights = featureStride == 1 && centre is null && TileTranspose.HasEights<T>() ? rows & -8 : 0, quads = rows < 4 ? 0 : rows;
        for (int r = 0; r < eights; r += 8) GatherEight(source + (r * rowStride), rowStride, depth, width, panel + r);
        for (int r = eights; r < quads; r += 4)
        {
            int first = Math.Min(r, rows - 4);
            GatherFour(source + (first * rowStride), rowStride, featureStride, depth, width, centre, scale, panel + first);
        }

        for (int r = quads; r < width; r++)
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

        if (quads < rows && centre is not null) CentreAndScale(rows, depth, width, centre, scale, panel);
    }

    /// <summary>Eight rows of consecutive features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherEight(T* source, long rowStride, int depth, int width, T* panel)
    {
        int k = 0;
        for (; k + 4 <= depth; k += 4, panel += 4 * width) TileTranspose.EightByFour(source + k, rowStride, panel, width);
        for (; k < depth; k++, panel += width)
        {
            for (int r = 0; r < 8; r++) panel[r] = source[(r * rowStride) + k];
        }
    }

    /// <summary>Four rows at a time: turned in registers where features are consecutive, else four independent streams of loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GatherFour(T* source, long rowStride, long featureStride, int depth, int width, T* centre, T scale, T* panel)
    {
        int k = 0;
        if (featureStride == 1 && TileTranspose.IsFast<T>())
        {
            if (centre is null)
            {
                for (; k + 4 <= depth; k += 4, panel += 4 * width) TileTranspose.FourByFour(source + k, rowStride, panel, width);
            }
            else
            {
                for (; k + 4 <= depth; k += 4, panel += 4 * width) TileTranspose.CentredFourByFour(source + k, rowStride, centre + k, scale, panel, width);
            }
        }

        T* s0 = source + (k * featureStride), s1 = s0 + rowStride, s2 = s1 + rowStride, s3 = s2 + rowStride, rest = panel;
        long at = 0;
        for (int j = k; j < depth; j++, at += featureStride, rest += width)
        {
            rest[0] = s0[at];
            rest[1] = s1[at];
            rest[2] = s2[at];
            rest[3] = s3[at];
        }

        if (k < depth && centre is not null) CentreAndScale(4, depth - k, width, centre + k, scale, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
