using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>
/// The innermost loop of attention on the host: tile(r, lane) = sum over k of left(r, k) lanes(k, lane), a register tile of
/// rows x lanes. The left operand is read where it lies, element by element; only the lanes are packed.
/// </summary>
/// <remarks>
/// Every sum runs over k in order in one accumulator, so it depends neither on the block that holds it nor on its row; what stands
/// in the tile is added to it at its end, so that a sum over blocks rounds like the sum of their sums.
/// Rows beyond the last repeat it: the tile has room for whole groups of rows, and nobody reads the repeated ones.
/// </remarks>
internal static unsafe class LaneKernel
{
    /// <summary>
    /// Rows of the register tile: with three vectors 24 accumulators of 32 registers at 512 bits and 12 of 16 below, with one
    /// vector 8, the latency of a multiply-add times its ports.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rows<V, T, TBlock>()
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TBlock : struct, ILaneBlock => TBlock.Vectors == 1 || V.Count * sizeof(T) == 64 ? 8 : 4;

    /// <summary>So many rows, rounded up to whole register tiles.</summary>
    public static int RoundUp<V, T, TBlock>(int rows)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TBlock : struct, ILaneBlock
    {
        int step = Rows<V, T, TBlock>();
        return (rows + step - 1) / step * step;
    }

    /// <summary>Sums all rows of a tile.</summary>
    /// <param name="depth">Terms of every sum.</param>
    /// <param name="left">The first row's first element.</param>
    /// <param name="rowStep">Elements from row to row of the left operand.</param>
    /// <param name="depthStep">Elements from term to term of the left operand.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="lanes">depth x lanes, packed.</param>
    /// <param name="tile">rows x lanes, rows rounded up to whole register tiles.</param>
    /// <param name="factor">What each sum is multiplied by.</param>
    public static void Sum<V, T, TBlock>(nint depth, T* left, nint rowStep, nint depthStep, int rows, T* lanes, T* tile, T factor)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TBlock : struct, ILaneBlock => Sum<V, T, TBlock>(depth, left, rowStep, depthStep, rows, lanes, tile, factor, resume: false);

    /// <summary>Sums all rows of a tile.</summary>
    /// <param name="depth">Terms of every sum.</param>
    /// <param name="left">The first row's first element.</param>
    /// <param name="rowStep">Elements from row to row of the left operand.</param>
    /// <param name="depthStep">Elements from term to term of the left operand.</param>
    /// <param name="rows">Rows, 1 or more.</param>
    /// <param name="lanes">depth x lanes, packed.</param>
    /// <param name="tile">rows x lanes, rows rounded up to whole register tiles.</param>
    /// <param name="resume">Whether the sums are added to what stands in the tile.</param>
    public static void Sum<V, T, TBlock>(nint depth, T* left, nint rowStep, nint depthStep, int rows, T* lanes, T* tile, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TBlock : struct, ILaneBlock => Sum<V, T, TBlock>(depth, left, rowStep, depthStep, rows, lanes, tile, Element.Of<T>(1), resume);

    private static void Sum<V, T, TBlock>(nint depth, T* left, nint rowStep, nint depthStep, int rows, T* lanes, T* tile, T factor, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
        where TBlock : struct, ILaneBlock
    {
        Tiles<T, TBlock> tiles = new()
        {
            Depth = depth,
            Left = left,
            RowStep = rowStep,
            DepthStep = depthStep,
            Rows = rows,
            Step = Rows<V, T, TBlock>(),
            Lanes = lanes,
            Tile = tile,
            Factor = factor,
            Resume = resume,
        };
        V.Run(ref tiles);
    }

    private struct Tiles<T, TBlock> : IRegisterJob<T>
        where T : unmanaged
        where TBlock : struct, ILaneBlock
    {
        public nint Depth;
        public T* Left;
        public nint RowStep;
        public nint DepthStep;
        public int Rows;
        public int Step;
        public T* Lanes;
        public T* Tile;
        public T Factor;
        public bool Resume;

        readonly void IRegisterJob<T>.Run<R, TRegisters>()
        {
            T* left = Left, tile = Tile;
            for (int r = 0; r < Rows; r += Step, left += Step * RowStep, tile += Step * TBlock.Vectors * TRegisters.Count)
            {
                int last = Math.Min(Step, Rows - r) - 1;
                if (TBlock.Vectors == 1) Sum8x1<R, TRegisters, T>(Depth, left, RowStep, DepthStep, last, Lanes, tile, Factor, Resume);
                else if (Step == 8) Sum8x3<R, TRegisters, T>(Depth, left, RowStep, DepthStep, last, Lanes, tile, Factor, Resume);
                else Sum4x3<R, TRegisters, T>(Depth, left, RowStep, DepthStep, last, Lanes, tile, Factor, Resume);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum8x3<R, TRegisters, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where R : unmanaged
        where TRegisters : struct, IRegisters<R, T>
        where T : unmanaged
    {
        R s00 = default, s01 = default, s02 = default;
        R s10 = default, s11 = default, s12 = default;
        R s20 = default, s21 = default, s22 = default;
        R s30 = default, s31 = default, s32 = default;
        R s40 = default, s41 = default, s42 = default;
        R s50 = default, s51 = default, s52 = default;
        R s60 = default, s61 = default, s62 = default;
        R s70 = default, s71 = default, s72 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep, o4 = Math.Min(4, last) * rowStep, o5 = Math.Min(5, last) * rowStep, o6 = Math.Min(6, last) * rowStep, o7 = Math.Min(7, last) * rowStep;
        for (T* end = lanes + (depth * 3 * TRegisters.Count); lanes < end; lanes += 3 * TRegisters.Count, left += depthStep)
        {
            R y0 = TRegisters.Load(lanes), y1 = TRegisters.Load(lanes + TRegisters.Count), y2 = TRegisters.Load(lanes + (2 * TRegisters.Count));
            R x = TRegisters.Broadcast(left[0]);
            s00 = TRegisters.MultiplyAdd(x, y0, s00);
            s01 = TRegisters.MultiplyAdd(x, y1, s01);
            s02 = TRegisters.MultiplyAdd(x, y2, s02);
            x = TRegisters.Broadcast(left[o1]);
            s10 = TRegisters.MultiplyAdd(x, y0, s10);
            s11 = TRegisters.MultiplyAdd(x, y1, s11);
            s12 = TRegisters.MultiplyAdd(x, y2, s12);
            x = TRegisters.Broadcast(left[o2]);
            s20 = TRegisters.MultiplyAdd(x, y0, s20);
            s21 = TRegisters.MultiplyAdd(x, y1, s21);
            s22 = TRegisters.MultiplyAdd(x, y2, s22);
            x = TRegisters.Broadcast(left[o3]);
            s30 = TRegisters.MultiplyAdd(x, y0, s30);
            s31 = TRegisters.MultiplyAdd(x, y1, s31);
            s32 = TRegisters.MultiplyAdd(x, y2, s32);
            x = TRegisters.Broadcast(left[o4]);
            s40 = TRegisters.MultiplyAdd(x, y0, s40);
            s41 = TRegisters.MultiplyAdd(x, y1, s41);
            s42 = TRegisters.MultiplyAdd(x, y2, s42);
            x = TRegisters.Broadcast(left[o5]);
            s50 = TRegisters.MultiplyAdd(x, y0, s50);
            s51 = TRegisters.MultiplyAdd(x, y1, s51);
            s52 = TRegisters.MultiplyAdd(x, y2, s52);
            x = TRegisters.Broadcast(left[o6]);
            s60 = TRegisters.MultiplyAdd(x, y0, s60);
            s61 = TRegisters.MultiplyAdd(x, y1, s61);
            s62 = TRegisters.MultiplyAdd(x, y2, s62);
            x = TRegisters.Broadcast(left[o7]);
            s70 = TRegisters.MultiplyAdd(x, y0, s70);
            s71 = TRegisters.MultiplyAdd(x, y1, s71);
            s72 = TRegisters.MultiplyAdd(x, y2, s72);
        }

        R scale = TRegisters.Broadcast(factor);
        Store<R, TRegisters, T>(s00, s01, s02, ref tile, scale, resume);
        Store<R, TRegisters, T>(s10, s11, s12, ref tile, scale, resume);
        Store<R, TRegisters, T>(s20, s21, s22, ref tile, scale, resume);
        Store<R, TRegisters, T>(s30, s31, s32, ref tile, scale, resume);
        Store<R, TRegisters, T>(s40, s41, s42, ref tile, scale, resume);
        Store<R, TRegisters, T>(s50, s51, s52, ref tile, scale, resume);
        Store<R, TRegisters, T>(s60, s61, s62, ref tile, scale, resume);
        Store<R, TRegisters, T>(s70, s71, s72, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum4x3<R, TRegisters, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where R : unmanaged
        where TRegisters : struct, IRegisters<R, T>
        where T : unmanaged
    {
        R s00 = default, s01 = default, s02 = default;
        R s10 = default, s11 = default, s12 = default;
        R s20 = default, s21 = default, s22 = default;
        R s30 = default, s31 = default, s32 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep;
        for (T* end = lanes + (depth * 3 * TRegisters.Count); lanes < end; lanes += 3 * TRegisters.Count, left += depthStep)
        {
            R y0 = TRegisters.Load(lanes), y1 = TRegisters.Load(lanes + TRegisters.Count), y2 = TRegisters.Load(lanes + (2 * TRegisters.Count));
            R x = TRegisters.Broadcast(left[0]);
            s00 = TRegisters.MultiplyAdd(x, y0, s00);
            s01 = TRegisters.MultiplyAdd(x, y1, s01);
            s02 = TRegisters.MultiplyAdd(x, y2, s02);
            x = TRegisters.Broadcast(left[o1]);
            s10 = TRegisters.MultiplyAdd(x, y0, s10);
            s11 = TRegisters.MultiplyAdd(x, y1, s11);
            s12 = TRegisters.MultiplyAdd(x, y2, s12);
            x = TRegisters.Broadcast(left[o2]);
            s20 = TRegisters.MultiplyAdd(x, y0, s20);
            s21 = TRegisters.MultiplyAdd(x, y1, s21);
            s22 = TRegisters.MultiplyAdd(x, y2, s22);
            x = TRegisters.Broadcast(left[o3]);
            s30 = TRegisters.MultiplyAdd(x, y0, s30);
            s31 = TRegisters.MultiplyAdd(x, y1, s31);
            s32 = TRegisters.MultiplyAdd(x, y2, s32);
        }

        R scale = TRegisters.Broadcast(factor);
        Store<R, TRegisters, T>(s00, s01, s02, ref tile, scale, resume);
        Store<R, TRegisters, T>(s10, s11, s12, ref tile, scale, resume);
        Store<R, TRegisters, T>(s20, s21, s22, ref tile, scale, resume);
        Store<R, TRegisters, T>(s30, s31, s32, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum8x1<R, TRegisters, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where R : unmanaged
        where TRegisters : struct, IRegisters<R, T>
        where T : unmanaged
    {
        R s00 = default;
        R s10 = default;
        R s20 = default;
        R s30 = default;
        R s40 = default;
        R s50 = default;
        R s60 = default;
        R s70 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep, o4 = Math.Min(4, last) * rowStep, o5 = Math.Min(5, last) * rowStep, o6 = Math.Min(6, last) * rowStep, o7 = Math.Min(7, last) * rowStep;
        for (T* end = lanes + (depth * 1 * TRegisters.Count); lanes < end; lanes += 1 * TRegisters.Count, left += depthStep)
        {
            R y0 = TRegisters.Load(lanes);
            R x = TRegisters.Broadcast(left[0]);
            s00 = TRegisters.MultiplyAdd(x, y0, s00);
            x = TRegisters.Broadcast(left[o1]);
            s10 = TRegisters.MultiplyAdd(x, y0, s10);
            x = TRegisters.Broadcast(left[o2]);
            s20 = TRegisters.MultiplyAdd(x, y0, s20);
            x = TRegisters.Broadcast(left[o3]);
            s30 = TRegisters.MultiplyAdd(x, y0, s30);
            x = TRegisters.Broadcast(left[o4]);
            s40 = TRegisters.MultiplyAdd(x, y0, s40);
            x = TRegisters.Broadcast(left[o5]);
            s50 = TRegisters.MultiplyAdd(x, y0, s50);
            x = TRegisters.Broadcast(left[o6]);
            s60 = TRegisters.MultiplyAdd(x, y0, s60);
            x = TRegisters.Broadcast(left[o7]);
            s70 = TRegisters.MultiplyAdd(x, y0, s70);
        }

        R scale = TRegisters.Broadcast(factor);
        Store<R, TRegisters, T>(s00, ref tile, scale, resume);
        Store<R, TRegisters, T>(s10, ref tile, scale, resume);
        Store<R, TRegisters, T>(s20, ref tile, scale, resume);
        Store<R, TRegisters, T>(s30, ref tile, scale, resume);
        Store<R, TRegisters, T>(s40, ref tile, scale, resume);
        Store<R, TRegisters, T>(s50, ref tile, scale, resume);
        Store<R, TRegisters, T>(s60, ref tile, scale, resume);
        Store<R, TRegisters, T>(s70, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<R, TRegisters, T>(R first, R second, R third, ref T* tile, R scale, bool resume)
        where R : unmanaged
        where TRegisters : struct, IRegisters<R, T>
        where T : unmanaged
    {
        Store<R, TRegisters, T>(first, ref tile, scale, resume);
        Store<R, TRegisters, T>(second, ref tile, scale, resume);
        Store<R, TRegisters, T>(third, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<R, TRegisters, T>(R lanes, ref T* tile, R scale, bool resume)
        where R : unmanaged
        where TRegisters : struct, IRegisters<R, T>
        where T : unmanaged
    {
        TRegisters.Store(resume ? TRegisters.Add(TRegisters.Load(tile), lanes) : TRegisters.Multiply(lanes, scale), tile);
        tile += TRegisters.Count;
    }
}
