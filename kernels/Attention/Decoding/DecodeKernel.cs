using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>
/// The innermost loops of few queries against rows of keys and values, which lie in memory feature by feature and are read once
/// for up to four queries: features in the lanes.
/// </summary>
/// <remarks>
/// A sum's order depends neither on the number of queries nor on that of keys computed beside it. Each loop asks for the rows that
/// the next one reads, in the order of memory, as it goes: rows come from memory once, and a core waits for them otherwise.
/// </remarks>
internal static unsafe class DecodeKernel<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Writes scores(q, k) = queries(q) . keys(k).</summary>
    /// <param name="width">Features.</param>
    /// <param name="queries">count x step elements, zero beyond the width.</param>
    /// <param name="step">Elements from query to query, a multiple of the lanes.</param>
    /// <param name="count">Queries.</param>
    /// <param name="keys">The first key; features are consecutive.</param>
    /// <param name="keyStep">Elements from key to key.</param>
    /// <param name="keyCount">Keys, 1 or more.</param>
    /// <param name="scores">The first score; a multiple of four are written for each query, those beyond the last key being its.</param>
    /// <param name="scoreStep">Elements from query to query.</param>
    /// <param name="ahead">Rows to ask for, as many elements as are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(int width, T* queries, int step, int count, T* keys, long keyStep, int keyCount, T* scores, int scoreStep, RowsAhead<T> ahead)
    {
        RowsAhead<T> none = new(keys, 0, width);
        for (int k = 0; k < keyCount; k += 4)
        {
            T* k0 = keys + (k * keyStep), k1 = keys + (Math.Min(k + 1, keyCount - 1) * keyStep);
            T* k2 = keys + (Math.Min(k + 2, keyCount - 1) * keyStep), k3 = keys + (Math.Min(k + 3, keyCount - 1) * keyStep);
            int q = 0;
            for (; q + 4 <= count; q += 4) Score4x4(width, queries + (q * step), step, k0, k1, k2, k3, scores + (q * scoreStep) + k, scoreStep, ref q == 0 ? ref ahead : ref none);
            for (; q < count; q++) Score1x4(width, queries + (q * step), k0, k1, k2, k3, scores + (q * scoreStep) + k, ref q == 0 ? ref ahead : ref none);
        }
    }

    /// <summary>Adds sum over k of weights(q, k) values(k) to sums(q).</summary>
    /// <param name="width">Features.</param>
    /// <param name="weights">The first weight.</param>
    /// <param name="weightStep">Elements from query to query.</param>
    /// <param name="count">Queries.</param>
    /// <param name="values">The first value; features are consecutive.</param>
    /// <param name="valueStep">Elements from value to value.</param>
    /// <param name="valueCount">Values.</param>
    /// <param name="sums">count x step elements.</param>
    /// <param name="step">Elements from query to query, a multiple of the lanes and not below the width.</param>
    /// <param name="ahead">Rows to ask for, as many elements as are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(int width, T* weights, int weightStep, int count, T* values, long valueStep, int valueCount, T* sums, int step, RowsAhead<T> ahead)
    {
        RowsAhead<T> none = new(values, 0, width);
        int d = 0;
        for (; d + (4 * V.Count) <= width; d += 4 * V.Count)
        {
            int q = 0;
            for (; q + 4 <= count; q += 4) Add4x4(weights + (q * weightStep), weightStep, values + d, valueStep, valueCount, sums + (q * step) + d, step, ref q == 0 ? ref ahead : ref none);
            for (; q < count; q++) Add1x4(weights + (q * weightStep), values + d, valueStep, valueCount, sums + (q * step) + d, ref q == 0 ? ref ahead : ref none);
        }

        for (; d < width; d += V.Count)
        {
            int present = Math.Min(V.Count, width - d), q = 0;
            for (; q + 4 <= count; q += 4) Add4x1(weights + (q * weightStep), weightStep, values + d, valueStep, valueCount, present, sums + (q * step) + d, step);
            for (; q < count; q++) Add1x1(weights + (q * weightStep), values + d, valueStep, valueCount, present, sums + (q * step) + d);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Score4x4(int width, T* q, int step, T* k0, T* k1, T* k2, T* k3, T* scores, int scoreStep, ref RowsAhead<T> asked)
    {
        RowsAhead<T> ahead = asked;
        V s00 = default, s01 = default, s02 = default, s03 = default;
        V s10 = default, s11 = default, s12 = default, s13 = default;
        V s20 = default, s21 = default, s22 = default, s23 = default;
        V s30 = default, s31 = default, s32 = default, s33 = default;
        for (int d = 0; d < width; d += V.Count, q += V.Count)
        {
            ahead.Ask(4 * V.Count);
            V y0 = Load(k0, d, width), y1 = Load(k1, d, width), y2 = Load(k2, d, width), y3 = Load(k3, d, width);
            V x = V.Load(q);
            s00 = V.MultiplyAdd(x, y0, s00);
            s01 = V.MultiplyAdd(x, y1, s01);
            s02 = V.MultiplyAdd(x, y2, s02);
            s03 = V.MultiplyAdd(x, y3, s03);
            x = V.Load(q + step);
            s10 = V.MultiplyAdd(x, y0, s10);
            s11 = V.MultiplyAdd(x, y1, s11);
            s12 = V.MultiplyAdd(x, y2, s12);
            s13 = V.MultiplyAdd(x, y3, s13);
            x = V.Load(q + (2 * step));
            s20 = V.MultiplyAdd(x, y0, s20);
            s21 = V.MultiplyAdd(x, y1, s21);
            s22 = V.MultiplyAdd(x, y2, s22);
            s23 = V.MultiplyAdd(x, y3, s23);
            x = V.Load(q + (3 * step));
            s30 = V.MultiplyAdd(x, y0, s30);
            s31 = V.MultiplyAdd(x, y1, s31);
            s32 = V.MultiplyAdd(x, y2, s32);
            s33 = V.MultiplyAdd(x, y3, s33);
        }

        asked = ahead;
        V.StoreSums(s00, s01, s02, s03, scores);
        V.StoreSums(s10, s11, s12, s13, scores + scoreStep);
        V.StoreSums(s20, s21, s22, s23, scores + (2 * scoreStep));
        V.StoreSums(s30, s31, s32, s33, scores + (3 * scoreStep));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Score1x4(int width, T* q, T* k0, T* k1, T* k2, T* k3, T* scores, ref RowsAhead<T> asked)
    {
        RowsAhead<T> ahead = asked;
        V s0 = default, s1 = default, s2 = default, s3 = default;
        for (int d = 0; d < width; d += V.Count, q += V.Count)
        {
            ahead.Ask(4 * V.Count);
            V x = V.Load(q);
            s0 = V.MultiplyAdd(x, Load(k0, d, width), s0);
            s1 = V.MultiplyAdd(x, Load(k1, d, width), s1);
            s2 = V.MultiplyAdd(x, Load(k2, d, width), s2);
            s3 = V.MultiplyAdd(x, Load(k3, d, width), s3);
        }

        asked = ahead;
        V.StoreSums(s0, s1, s2, s3, scores);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add4x4(T* w, int weightStep, T* values, long valueStep, int count, T* sums, int step, ref RowsAhead<T> asked)
    {
        RowsAhead<T> ahead = asked;
        V s00 = default, s01 = default, s02 = default, s03 = default;
        V s10 = default, s11 = default, s12 = default, s13 = default;
        V s20 = default, s21 = default, s22 = default, s23 = default;
        V s30 = default, s31 = default, s32 = default, s33 = default;
        for (int k = 0; k < count; k++, values += valueStep, w++)
        {
            ahead.Ask(4 * V.Count);
            V y0 = V.Load(values), y1 = V.Load(values + V.Count), y2 = V.Load(values + (2 * V.Count)), y3 = V.Load(values + (3 * V.Count));
            V x = V.Broadcast(w[0]);
            s00 = V.MultiplyAdd(x, y0, s00);
            s01 = V.MultiplyAdd(x, y1, s01);
            s02 = V.MultiplyAdd(x, y2, s02);
            s03 = V.MultiplyAdd(x, y3, s03);
            x = V.Broadcast(w[weightStep]);
            s10 = V.MultiplyAdd(x, y0, s10);
            s11 = V.MultiplyAdd(x, y1, s11);
            s12 = V.MultiplyAdd(x, y2, s12);
            s13 = V.MultiplyAdd(x, y3, s13);
            x = V.Broadcast(w[2 * weightStep]);
            s20 = V.MultiplyAdd(x, y0, s20);
            s21 = V.MultiplyAdd(x, y1, s21);
            s22 = V.MultiplyAdd(x, y2, s22);
            s23 = V.MultiplyAdd(x, y3, s23);
            x = V.Broadcast(w[3 * weightStep]);
            s30 = V.MultiplyAdd(x, y0, s30);
            s31 = V.MultiplyAdd(x, y1, s31);
            s32 = V.MultiplyAdd(x, y2, s32);
            s33 = V.MultiplyAdd(x, y3, s33);
        }

        asked = ahead;
        Increase(s00, s01, s02, s03, sums);
        Increase(s10, s11, s12, s13, sums + step);
        Increase(s20, s21, s22, s23, sums + (2 * step));
        Increase(s30, s31, s32, s33, sums + (3 * step));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add1x4(T* w, T* values, long valueStep, int count, T* sums, ref RowsAhead<T> asked)
    {
        RowsAhead<T> ahead = asked;
        V s0 = default, s1 = default, s2 = default, s3 = default;
        for (int k = 0; k < count; k++, values += valueStep)
        {
            ahead.Ask(4 * V.Count);
            V x = V.Broadcast(w[k]);
            s0 = V.MultiplyAdd(x, V.Load(values), s0);
            s1 = V.MultiplyAdd(x, V.Load(values + V.Count), s1);
            s2 = V.MultiplyAdd(x, V.Load(values + (2 * V.Count)), s2);
            s3 = V.MultiplyAdd(x, V.Load(values + (3 * V.Count)), s3);
        }

        asked = ahead;
        Increase(s0, s1, s2, s3, sums);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add4x1(T* w, int weightStep, T* values, long valueStep, int count, int present, T* sums, int step)
    {
        V s0 = default, s1 = default, s2 = default, s3 = default;
        for (int k = 0; k < count; k++, values += valueStep, w++)
        {
            V y = Load(values, 0, present);
            s0 = V.MultiplyAdd(V.Broadcast(w[0]), y, s0);
            s1 = V.MultiplyAdd(V.Broadcast(w[weightStep]), y, s1);
            s2 = V.MultiplyAdd(V.Broadcast(w[2 * weightStep]), y, s2);
            s3 = V.MultiplyAdd(V.Broadcast(w[3 * weightStep]), y, s3);
        }

        Increase(s0, sums);
        Increase(s1, sums + step);
        Increase(s2, sums + (2 * step));
        Increase(s3, sums + (3 * step));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Add1x1(T* w, T* values, long valueStep, int count, int present, T* sums)
    {
        V s = default;
        for (int k = 0; k < count; k++, values += valueStep) s = V.MultiplyAdd(V.Broadcast(w[k]), Load(values, 0, present), s);
        Increase(s, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(T* row, int d, int width) => d + V.Count <= width ? V.Load(row + d) : V.LoadPartial(row + d, width - d);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Increase(V s0, V s1, V s2, V s3, T* sums)
    {
        Increase(s0, sums);
        Increase(s1, sums + V.Count);
        Increase(s2, sums + (2 * V.Count));
        Increase(s3, sums + (3 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Increase(V sum, T* sums) => V.Store(V.Load(sums) + sum, sums);
}
