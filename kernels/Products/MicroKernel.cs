using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// The innermost loops of every host product: a register tile of rows x two vectors of columns, summed over packed panels.
/// </summary>
/// <remarks>
/// Contract: <c>rows</c> holds <c>depth</c> groups of <see cref="Rows{V, T}"/> elements, <c>columns</c> holds <c>depth</c>
/// groups of two vectors, 64-byte aligned, both padded with zeros; the sums go to <c>tile</c>, row-major, two vectors a row,
/// or are added to what stands there when <c>resume</c> is set.
/// Every sum runs over the depth in order, in one accumulator, so that it does not depend on where its tile lies.
/// </remarks>
internal static unsafe class MicroKernel
{
    /// <summary>
    /// Rows of the register tile. An FMA takes 4 cycles and at most 2 start per cycle, so 8 accumulators must be in flight;
    /// what bounds the tile is registers: 32 at 512 bits hold 24 accumulators, 2 columns and a row; 16 below hold 12, 2 and 1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rows<V, T>()
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged => V.Count * sizeof(T) == 64 ? 12 : 6;

    // Bytes before their use at which panels, which stream from the second- and third-level caches, are asked for.
    private const int ColumnsAhead = 1024;
    private const int RowsAhead = 512;

    /// <summary>Columns of the register tile: two vectors, so that one broadcast of a row feeds two multiply-adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Columns<V, T>()
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged => 2 * V.Count;

    /// <summary>Sums one tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum<V, T, TTerm>(nint depth, T* rows, T* columns, T* tile, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
    {
        if (typeof(TTerm) == typeof(DotTerm<T>))
        {
            DotTile<T> job = new() { Step = Rows<V, T>(), Depth = depth, Rows = rows, Columns = columns, Tile = tile, Resume = resume };
            V.Run(ref job);
        }
        else if (TTerm.IsShort)
        {
            Sum<TermRow2<V, T, TTerm>, T>(Rows<V, T>(), depth, rows, columns, tile, resume);
        }
        else
        {
            SumRows<TermRow2<V, T, TTerm>, T>(Rows<V, T>(), depth, rows, columns, tile, resume);
        }
    }

    private struct DotTile<T> : IRegisterJob<T>
        where T : unmanaged
    {
        public int Step;
        public nint Depth;
        public T* Rows;
        public T* Columns;
        public T* Tile;
        public bool Resume;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void IRegisterJob<T>.Run<R, TRegisters>() => Sum<LaneRow2<R, TRegisters, T>, T>(Step, Depth, Rows, Columns, Tile, Resume);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum<TRow, T>(int step, nint depth, T* rows, T* columns, T* tile, bool resume)
        where TRow : unmanaged, ILaneRow<TRow, T>
        where T : unmanaged
    {
        if (step == 12) Sum12<TRow, T>(depth, rows, columns, tile, resume);
        else Sum6<TRow, T>(depth, rows, columns, tile, resume);
    }

    /// <summary>
    /// Row after row, for terms of many instructions: those of one row keep the units busy, and written out for all rows they would
    /// be more than the compiler inlines.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void SumRows<TRow, T>(int step, nint depth, T* rows, T* columns, T* tile, bool resume)
        where TRow : unmanaged, ILaneRow<TRow, T>
        where T : unmanaged
    {
        for (int row = 0; row < step; row++, tile += TRow.Count)
        {
            TRow sums = resume ? TRow.Load(tile) : default;
            T* element = rows + row, lanes = columns;
            for (T* end = element + (depth * step); element < end; element += step, lanes += TRow.Count)
            {
                TRow y = TRow.Load(lanes);
                TRow.Accumulate(*element, y, ref sums);
            }

            TRow.Store(sums, tile);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum12<TRow, T>(nint depth, T* rows, T* columns, T* tile, bool resume)
        where TRow : unmanaged, ILaneRow<TRow, T>
        where T : unmanaged
    {
        TRow s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default, s8 = default, s9 = default, s10 = default, s11 = default;
        if (resume)
        {
            s0 = TRow.Load(tile);
            s1 = TRow.Load(tile + TRow.Count);
            s2 = TRow.Load(tile + (2 * TRow.Count));
            s3 = TRow.Load(tile + (3 * TRow.Count));
            s4 = TRow.Load(tile + (4 * TRow.Count));
            s5 = TRow.Load(tile + (5 * TRow.Count));
            s6 = TRow.Load(tile + (6 * TRow.Count));
            s7 = TRow.Load(tile + (7 * TRow.Count));
            s8 = TRow.Load(tile + (8 * TRow.Count));
            s9 = TRow.Load(tile + (9 * TRow.Count));
            s10 = TRow.Load(tile + (10 * TRow.Count));
            s11 = TRow.Load(tile + (11 * TRow.Count));
        }

        for (T* end = rows + (depth * 12); rows < end; rows += 12, columns += TRow.Count)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0((byte*)columns + ColumnsAhead);
                Sse.Prefetch0((byte*)rows + RowsAhead);
            }

            TRow y = TRow.Load(columns);
            TRow.Accumulate(rows[0], y, ref s0);
            TRow.Accumulate(rows[1], y, ref s1);
            TRow.Accumulate(rows[2], y, ref s2);
            TRow.Accumulate(rows[3], y, ref s3);
            TRow.Accumulate(rows[4], y, ref s4);
            TRow.Accumulate(rows[5], y, ref s5);
            TRow.Accumulate(rows[6], y, ref s6);
            TRow.Accumulate(rows[7], y, ref s7);
            TRow.Accumulate(rows[8], y, ref s8);
            TRow.Accumulate(rows[9], y, ref s9);
            TRow.Accumulate(rows[10], y, ref s10);
            TRow.Accumulate(rows[11], y, ref s11);
        }

        TRow.Store(s0, tile);
        TRow.Store(s1, tile + TRow.Count);
        TRow.Store(s2, tile + (2 * TRow.Count));
        TRow.Store(s3, tile + (3 * TRow.Count));
        TRow.Store(s4, tile + (4 * TRow.Count));
        TRow.Store(s5, tile + (5 * TRow.Count));
        TRow.Store(s6, tile + (6 * TRow.Count));
        TRow.Store(s7, tile + (7 * TRow.Count));
        TRow.Store(s8, tile + (8 * TRow.Count));
        TRow.Store(s9, tile + (9 * TRow.Count));
        TRow.Store(s10, tile + (10 * TRow.Count));
        TRow.Store(s11, tile + (11 * TRow.Count));
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum6<TRow, T>(nint depth, T* rows, T* columns, T* tile, bool resume)
        where TRow : unmanaged, ILaneRow<TRow, T>
        where T : unmanaged
    {
        TRow s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
        if (resume)
        {
            s0 = TRow.Load(tile);
            s1 = TRow.Load(tile + TRow.Count);
            s2 = TRow.Load(tile + (2 * TRow.Count));
            s3 = TRow.Load(tile + (3 * TRow.Count));
            s4 = TRow.Load(tile + (4 * TRow.Count));
            s5 = TRow.Load(tile + (5 * TRow.Count));
        }

        for (T* end = rows + (depth * 6); rows < end; rows += 6, columns += TRow.Count)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0((byte*)columns + ColumnsAhead);
                Sse.Prefetch0((byte*)rows + RowsAhead);
            }

            TRow y = TRow.Load(columns);
            TRow.Accumulate(rows[0], y, ref s0);
            TRow.Accumulate(rows[1], y, ref s1);
            TRow.Accumulate(rows[2], y, ref s2);
            TRow.Accumulate(rows[3], y, ref s3);
            TRow.Accumulate(rows[4], y, ref s4);
            TRow.Accumulate(rows[5], y, ref s5);
        }

        TRow.Store(s0, tile);
        TRow.Store(s1, tile + TRow.Count);
        TRow.Store(s2, tile + (2 * TRow.Count));
        TRow.Store(s3, tile + (3 * TRow.Count));
        TRow.Store(s4, tile + (4 * TRow.Count));
        TRow.Store(s5, tile + (5 * TRow.Count));
    }
}
