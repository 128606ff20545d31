using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>
/// The innermost loop of every host product: a register tile of rows x two vectors of columns, summed over packed panels.
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
        if (Rows<V, T>() == 12) Sum12<V, T, TTerm>(depth, rows, columns, tile, resume);
        else if (typeof(TTerm) == typeof(DotTerm<T>)) Dot6<V, T>(depth, rows, columns, tile, resume);
        else Sum6<V, T, TTerm>(depth, rows, columns, tile, resume);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum12<V, T, TTerm>(nint depth, T* rows, T* columns, T* tile, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
    {
        V s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        V s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        V s60 = default, s61 = default, s70 = default, s71 = default, s80 = default, s81 = default;
        V s90 = default, s91 = default, sa0 = default, sa1 = default, sb0 = default, sb1 = default;
        if (resume)
        {
            T* from = tile;
            LoadRow<V, T>(out s00, out s01, ref from);
            LoadRow<V, T>(out s10, out s11, ref from);
            LoadRow<V, T>(out s20, out s21, ref from);
            LoadRow<V, T>(out s30, out s31, ref from);
            LoadRow<V, T>(out s40, out s41, ref from);
            LoadRow<V, T>(out s50, out s51, ref from);
            LoadRow<V, T>(out s60, out s61, ref from);
            LoadRow<V, T>(out s70, out s71, ref from);
            LoadRow<V, T>(out s80, out s81, ref from);
            LoadRow<V, T>(out s90, out s91, ref from);
            LoadRow<V, T>(out sa0, out sa1, ref from);
            LoadRow<V, T>(out sb0, out sb1, ref from);
        }

        for (T* end = rows + (depth * 12); rows < end; rows += 12, columns += 2 * V.Count)
        {
            V y0 = V.Load(columns), y1 = V.Load(columns + V.Count);
            V x = V.Broadcast(rows[0]);
            s00 = TTerm.Accumulate(s00, x, y0);
            s01 = TTerm.Accumulate(s01, x, y1);
            x = V.Broadcast(rows[1]);
            s10 = TTerm.Accumulate(s10, x, y0);
            s11 = TTerm.Accumulate(s11, x, y1);
            x = V.Broadcast(rows[2]);
            s20 = TTerm.Accumulate(s20, x, y0);
            s21 = TTerm.Accumulate(s21, x, y1);
            x = V.Broadcast(rows[3]);
            s30 = TTerm.Accumulate(s30, x, y0);
            s31 = TTerm.Accumulate(s31, x, y1);
            x = V.Broadcast(rows[4]);
            s40 = TTerm.Accumulate(s40, x, y0);
            s41 = TTerm.Accumulate(s41, x, y1);
            x = V.Broadcast(rows[5]);
            s50 = TTerm.Accumulate(s50, x, y0);
            s51 = TTerm.Accumulate(s51, x, y1);
            x = V.Broadcast(rows[6]);
            s60 = TTerm.Accumulate(s60, x, y0);
            s61 = TTerm.Accumulate(s61, x, y1);
            x = V.Broadcast(rows[7]);
            s70 = TTerm.Accumulate(s70, x, y0);
            s71 = TTerm.Accumulate(s71, x, y1);
            x = V.Broadcast(rows[8]);
            s80 = TTerm.Accumulate(s80, x, y0);
            s81 = TTerm.Accumulate(s81, x, y1);
            x = V.Broadcast(rows[9]);
            s90 = TTerm.Accumulate(s90, x, y0);
            s91 = TTerm.Accumulate(s91, x, y1);
            x = V.Broadcast(rows[10]);
            sa0 = TTerm.Accumulate(sa0, x, y0);
            sa1 = TTerm.Accumulate(sa1, x, y1);
            x = V.Broadcast(rows[11]);
            sb0 = TTerm.Accumulate(sb0, x, y0);
            sb1 = TTerm.Accumulate(sb1, x, y1);
        }

        StoreRow<V, T>(s00, s01, ref tile);
        StoreRow<V, T>(s10, s11, ref tile);
        StoreRow<V, T>(s20, s21, ref tile);
        StoreRow<V, T>(s30, s31, ref tile);
        StoreRow<V, T>(s40, s41, ref tile);
        StoreRow<V, T>(s50, s51, ref tile);
        StoreRow<V, T>(s60, s61, ref tile);
        StoreRow<V, T>(s70, s71, ref tile);
        StoreRow<V, T>(s80, s81, ref tile);
        StoreRow<V, T>(s90, s91, ref tile);
        StoreRow<V, T>(sa0, sa1, ref tile);
        StoreRow<V, T>(sb0, sb1, ref tile);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum6<V, T, TTerm>(nint depth, T* rows, T* columns, T* tile, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
    {
        V s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        V s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        if (resume)
        {
            T* from = tile;
            LoadRow<V, T>(out s00, out s01, ref from);
            LoadRow<V, T>(out s10, out s11, ref from);
            LoadRow<V, T>(out s20, out s21, ref from);
            LoadRow<V, T>(out s30, out s31, ref from);
            LoadRow<V, T>(out s40, out s41, ref from);
            LoadRow<V, T>(out s50, out s51, ref from);
        }

        for (T* end = rows + (depth * 6); rows < end; rows += 6, columns += 2 * V.Count)
        {
            V y0 = V.Load(columns), y1 = V.Load(columns + V.Count);
            V x = V.Broadcast(rows[0]);
            s00 = TTerm.Accumulate(s00, x, y0);
            s01 = TTerm.Accumulate(s01, x, y1);
            x = V.Broadcast(rows[1]);
            s10 = TTerm.Accumulate(s10, x, y0);
            s11 = TTerm.Accumulate(s11, x, y1);
            x = V.Broadcast(rows[2]);
            s20 = TTerm.Accumulate(s20, x, y0);
            s21 = TTerm.Accumulate(s21, x, y1);
            x = V.Broadcast(rows[3]);
            s30 = TTerm.Accumulate(s30, x, y0);
            s31 = TTerm.Accumulate(s31, x, y1);
            x = V.Broadcast(rows[4]);
            s40 = TTerm.Accumulate(s40, x, y0);
            s41 = TTerm.Accumulate(s41, x, y1);
            x = V.Broadcast(rows[5]);
            s50 = TTerm.Accumulate(s50, x, y0);
            s51 = TTerm.Accumulate(s51, x, y1);
        }

        StoreRow<V, T>(s00, s01, ref tile);
        StoreRow<V, T>(s10, s11, ref tile);
        StoreRow<V, T>(s20, s21, ref tile);
        StoreRow<V, T>(s30, s31, ref tile);
        StoreRow<V, T>(s40, s41, ref tile);
        StoreRow<V, T>(s50, s51, ref tile);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dot6<V, T>(nint depth, T* rows, T* columns, T* tile, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        DotTile<T> job = new() { Depth = depth, Rows = rows, Columns = columns, Tile = tile, Resume = resume };
        V.Run(ref job);
    }

    private struct DotTile<T> : IRegisterJob<T>
        where T : unmanaged
    {
        public nint Depth;
        public T* Rows;
        public T* Columns;
        public T* Tile;
        public bool Resume;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly void IRegisterJob<T>.Run<R, TRegisters>() => Dot6<R, TRegisters, T>(Depth, Rows, Columns, Tile, Resume);
    }

    /// <summary><see cref="Sum6"/> of products, two rows at a time, on bare vectors: at 16 registers the moves that those save cost a third of the speed. Asking for what comes some 20 steps later gains some 4 % of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Dot6<R, TRegisters, T>(nint depth, T* rows, T* columns, T* tile, bool resume)
        where R : unmanaged
        where TRegisters : struct, IRegisters<R, T>
        where T : unmanaged
    {
        int lanes = TRegisters.Count;
        R s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        R s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        if (resume)
        {
            s00 = TRegisters.Load(tile);
            s01 = TRegisters.Load(tile + lanes);
            s10 = TRegisters.Load(tile + (2 * lanes));
            s11 = TRegisters.Load(tile + (3 * lanes));
            s20 = TRegisters.Load(tile + (4 * lanes));
            s21 = TRegisters.Load(tile + (5 * lanes));
            s30 = TRegisters.Load(tile + (6 * lanes));
            s31 = TRegisters.Load(tile + (7 * lanes));
            s40 = TRegisters.Load(tile + (8 * lanes));
            s41 = TRegisters.Load(tile + (9 * lanes));
            s50 = TRegisters.Load(tile + (10 * lanes));
            s51 = TRegisters.Load(tile + (11 * lanes));
        }

        for (T* end = rows + (depth * 6); rows < end; rows += 6, columns += 2 * lanes)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0((byte*)columns + ColumnsAhead);
                Sse.Prefetch0((byte*)rows + RowsAhead);
            }

            R y0 = TRegisters.Load(columns), y1 = TRegisters.Load(columns + lanes);
            R x = TRegisters.Broadcast(rows[0]), next = TRegisters.Broadcast(rows[1]);
            s00 = TRegisters.MultiplyAdd(x, y0, s00);
            s10 = TRegisters.MultiplyAdd(next, y0, s10);
            s01 = TRegisters.MultiplyAdd(x, y1, s01);
            s11 = TRegisters.MultiplyAdd(next, y1, s11);
            x = TRegisters.Broadcast(rows[2]);
            next = TRegisters.Broadcast(rows[3]);
            s20 = TRegisters.MultiplyAdd(x, y0, s20);
            s30 = TRegisters.MultiplyAdd(next, y0, s30);
            s21 = TRegisters.MultiplyAdd(x, y1, s21);
            s31 = TRegisters.MultiplyAdd(next, y1, s31);
            x = TRegisters.Broadcast(rows[4]);
            next = TRegisters.Broadcast(rows[5]);
            s40 = TRegisters.MultiplyAdd(x, y0, s40);
            s50 = TRegisters.MultiplyAdd(next, y0, s50);
            s41 = TRegisters.MultiplyAdd(x, y1, s41);
            s51 = TRegisters.MultiplyAdd(next, y1, s51);
        }

        TRegisters.Store(s00, tile);
        TRegisters.Store(s01, tile + lanes);
        TRegisters.Store(s10, tile + (2 * lanes));
        TRegisters.Store(s11, tile + (3 * lanes));
        TRegisters.Store(s20, tile + (4 * lanes));
        TRegisters.Store(s21, tile + (5 * lanes));
        TRegisters.Store(s30, tile + (6 * lanes));
        TRegisters.Store(s31, tile + (7 * lanes));
        TRegisters.Store(s40, tile + (8 * lanes));
        TRegisters.Store(s41, tile + (9 * lanes));
        TRegisters.Store(s50, tile + (10 * lanes));
        TRegisters.Store(s51, tile + (11 * lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<V, T>(V left, V right, ref T* tile)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        V.Store(left, tile);
        V.Store(right, tile + V.Count);
        tile += 2 * V.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadRow<V, T>(out V left, out V right, ref T* tile)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        left = V.Load(tile);
        right = V.Load(tile + V.Count);
        tile += 2 * V.Count;
    }
}
