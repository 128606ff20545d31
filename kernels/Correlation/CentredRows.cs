using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Writes rows of all views side by side, centred and scaled, and sums them: (x - centre) * scale.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element.</typeparam>
internal static unsafe class CentredRows<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Fills a block of few rows.</summary>
    /// <param name="views">The views.</param>
    /// <param name="first">The first row that is taken.</param>
    /// <param name="rows">Rows that are taken: few, so that a sum of T keeps its digits.</param>
    /// <param name="centre">What is subtracted, per column of all views.</param>
    /// <param name="scale">What the difference is multiplied by: powers of two.</param>
    /// <param name="target">Receives the rows.</param>
    /// <param name="stride">Elements from row to row of the target.</param>
    /// <param name="sums">Receives the sum of every column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(Operand<T>[] views, long first, int rows, T* centre, T* scale, T* target, int stride, T* sums)
    {
        foreach (Operand<T> view in views)
        {
            T* source = view.Pointer + (first * view.RowStride);
            int column = 0;
            if (view.ColumnStride == 1)
            {
                for (; column + (4 * V.Count) <= view.Columns; column += 4 * V.Count)
                {
                    Strips(source + column, view.RowStride, rows, centre + column, scale + column, target + column, stride, sums + column);
                }

                for (; column + V.Count <= view.Columns; column += V.Count)
                {
                    Strip(source + column, view.RowStride, rows, V.Load(centre + column), V.Load(scale + column), target + column, stride, sums + column);
                }
            }

            for (; column < view.Columns; column++)
            {
                Column(source + (column * view.ColumnStride), view.RowStride, rows, centre[column], scale[column], target + column, stride, sums + column);
            }

            centre += view.Columns;
            scale += view.Columns;
            target += view.Columns;
            sums += view.Columns;
        }
    }

    /// <summary>Four vectors of every row: whole cache lines in order, which is what prefetching follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Strips(T* source, long rowStride, int rows, T* centre, T* scale, T* target, int stride, T* sums)
    {
        V c0 = V.Load(centre), c1 = V.Load(centre + V.Count), c2 = V.Load(centre + (2 * V.Count)), c3 = V.Load(centre + (3 * V.Count));
        V s0 = V.Load(scale), s1 = V.Load(scale + V.Count), s2 = V.Load(scale + (2 * V.Count)), s3 = V.Load(scale + (3 * V.Count));
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (int r = 0; r < rows; r++, source += rowStride, target += stride)
        {
            V value0 = (V.Load(source) - c0) * s0, value1 = (V.Load(source + V.Count) - c1) * s1;
            V value2 = (V.Load(source + (2 * V.Count)) - c2) * s2, value3 = (V.Load(source + (3 * V.Count)) - c3) * s3;
            V.Store(value0, target);
            V.Store(value1, target + V.Count);
            V.Store(value2, target + (2 * V.Count));
            V.Store(value3, target + (3 * V.Count));
            sum0 += value0;
            sum1 += value1;
            sum2 += value2;
            sum3 += value3;
        }

        V.Store(sum0, sums);
        V.Store(sum1, sums + V.Count);
        V.Store(sum2, sums + (2 * V.Count));
        V.Store(sum3, sums + (3 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Strip(T* source, long rowStride, int rows, V centre, V scale, T* target, int stride, T* sums)
    {
        V sum = default;
        for (int r = 0; r < rows; r++, source += rowStride, target += stride)
        {
            V value = (V.Load(source) - centre) * scale;
            V.Store(value, target);
            sum += value;
        }

        V.Store(sum, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(T* source, long rowStride, int rows, T centre, T scale, T* target, int stride, T* sums)
    {
        V c = V.Broadcast(centre), s = V.Broadcast(scale), sum = default;
        for (int r = 0; r < rows; r++, source += rowStride, target += stride)
        {
            V value = (V.Broadcast(*source) - c) * s;
            V.StorePartial(value, target, 1);
            sum += value;
        }

        V.StorePartial(sum, sums, 1);
    }
}
