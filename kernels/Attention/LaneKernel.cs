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
        int step = Rows<V, T, TBlock>();
        for (int r = 0; r < rows; r += step, left += step * rowStep, tile += step * TBlock.Vectors * V.Count)
        {
            int last = Math.Min(step, rows - r) - 1;
            if (TBlock.Vectors == 1) Sum8x1<V, T>(depth, left, rowStep, depthStep, last, lanes, tile, factor, resume);
            else if (step == 8) Sum8x3<V, T>(depth, left, rowStep, depthStep, last, lanes, tile, factor, resume);
            else Sum4x3<V, T>(depth, left, rowStep, depthStep, last, lanes, tile, factor, resume);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum8x3<V, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        V s00 = default, s01 = default, s02 = default;
        V s10 = default, s11 = default, s12 = default;
        V s20 = default, s21 = default, s22 = default;
        V s30 = default, s31 = default, s32 = default;
        V s40 = default, s41 = default, s42 = default;
        V s50 = default, s51 = default, s52 = default;
        V s60 = default, s61 = default, s62 = default;
        V s70 = default, s71 = default, s72 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep, o4 = Math.Min(4, last) * rowStep, o5 = Math.Min(5, last) * rowStep, o6 = Math.Min(6, last) * rowStep, o7 = Math.Min(7, last) * rowStep;
        for (T* end = lanes + (depth * 3 * V.Count); lanes < end; lanes += 3 * V.Count, left += depthStep)
        {
            V y0 = V.Load(lanes), y1 = V.Load(lanes + V.Count), y2 = V.Load(lanes + (2 * V.Count));
            V x = V.Broadcast(left[0]);
            s00 = V.MultiplyAdd(x, y0, s00);
            s01 = V.MultiplyAdd(x, y1, s01);
            s02 = V.MultiplyAdd(x, y2, s02);
            x = V.Broadcast(left[o1]);
            s10 = V.MultiplyAdd(x, y0, s10);
            s11 = V.MultiplyAdd(x, y1, s11);
            s12 = V.MultiplyAdd(x, y2, s12);
            x = V.Broadcast(left[o2]);
            s20 = V.MultiplyAdd(x, y0, s20);
            s21 = V.MultiplyAdd(x, y1, s21);
            s22 = V.MultiplyAdd(x, y2, s22);
            x = V.Broadcast(left[o3]);
            s30 = V.MultiplyAdd(x, y0, s30);
            s31 = V.MultiplyAdd(x, y1, s31);
            s32 = V.MultiplyAdd(x, y2, s32);
            x = V.Broadcast(left[o4]);
            s40 = V.MultiplyAdd(x, y0, s40);
            s41 = V.MultiplyAdd(x, y1, s41);
            s42 = V.MultiplyAdd(x, y2, s42);
            x = V.Broadcast(left[o5]);
            s50 = V.MultiplyAdd(x, y0, s50);
            s51 = V.MultiplyAdd(x, y1, s51);
            s52 = V.MultiplyAdd(x, y2, s52);
            x = V.Broadcast(left[o6]);
            s60 = V.MultiplyAdd(x, y0, s60);
            s61 = V.MultiplyAdd(x, y1, s61);
            s62 = V.MultiplyAdd(x, y2, s62);
            x = V.Broadcast(left[o7]);
            s70 = V.MultiplyAdd(x, y0, s70);
            s71 = V.MultiplyAdd(x, y1, s71);
            s72 = V.MultiplyAdd(x, y2, s72);
        }

        V scale = V.Broadcast(factor);
        Store<V, T>(s00, s01, s02, ref tile, scale, resume);
        Store<V, T>(s10, s11, s12, ref tile, scale, resume);
        Store<V, T>(s20, s21, s22, ref tile, scale, resume);
        Store<V, T>(s30, s31, s32, ref tile, scale, resume);
        Store<V, T>(s40, s41, s42, ref tile, scale, resume);
        Store<V, T>(s50, s51, s52, ref tile, scale, resume);
        Store<V, T>(s60, s61, s62, ref tile, scale, resume);
        Store<V, T>(s70, s71, s72, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum4x3<V, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        V s00 = default, s01 = default, s02 = default;
        V s10 = default, s11 = default, s12 = default;
        V s20 = default, s21 = default, s22 = default;
        V s30 = default, s31 = default, s32 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep;
        for (T* end = lanes + (depth * 3 * V.Count); lanes < end; lanes += 3 * V.Count, left += depthStep)
        {
            V y0 = V.Load(lanes), y1 = V.Load(lanes + V.Count), y2 = V.Load(lanes + (2 * V.Count));
            V x = V.Broadcast(left[0]);
            s00 = V.MultiplyAdd(x, y0, s00);
            s01 = V.MultiplyAdd(x, y1, s01);
            s02 = V.MultiplyAdd(x, y2, s02);
            x = V.Broadcast(left[o1]);
            s10 = V.MultiplyAdd(x, y0, s10);
            s11 = V.MultiplyAdd(x, y1, s11);
            s12 = V.MultiplyAdd(x, y2, s12);
            x = V.Broadcast(left[o2]);
            s20 = V.MultiplyAdd(x, y0, s20);
            s21 = V.MultiplyAdd(x, y1, s21);
            s22 = V.MultiplyAdd(x, y2, s22);
            x = V.Broadcast(left[o3]);
            s30 = V.MultiplyAdd(x, y0, s30);
            s31 = V.MultiplyAdd(x, y1, s31);
            s32 = V.MultiplyAdd(x, y2, s32);
        }

        V scale = V.Broadcast(factor);
        Store<V, T>(s00, s01, s02, ref tile, scale, resume);
        Store<V, T>(s10, s11, s12, ref tile, scale, resume);
        Store<V, T>(s20, s21, s22, ref tile, scale, resume);
        Store<V, T>(s30, s31, s32, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum8x1<V, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        V s00 = default;
        V s10 = default;
        V s20 = default;
        V s30 = default;
        V s40 = default;
        V s50 = default;
        V s60 = default;
        V s70 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep, o4 = Math.Min(4, last) * rowStep, o5 = Math.Min(5, last) * rowStep, o6 = Math.Min(6, last) * rowStep, o7 = Math.Min(7, last) * rowStep;
        for (T* end = lanes + (depth * 1 * V.Count); lanes < end; lanes += 1 * V.Count, left += depthStep)
        {
            V y0 = V.Load(lanes);
            V x = V.Broadcast(left[0]);
            s00 = V.MultiplyAdd(x, y0, s00);
            x = V.Broadcast(left[o1]);
            s10 = V.MultiplyAdd(x, y0, s10);
            x = V.Broadcast(left[o2]);
            s20 = V.MultiplyAdd(x, y0, s20);
            x = V.Broadcast(left[o3]);
            s30 = V.MultiplyAdd(x, y0, s30);
            x = V.Broadcast(left[o4]);
            s40 = V.MultiplyAdd(x, y0, s40);
            x = V.Broadcast(left[o5]);
            s50 = V.MultiplyAdd(x, y0, s50);
            x = V.Broadcast(left[o6]);
            s60 = V.MultiplyAdd(x, y0, s60);
            x = V.Broadcast(left[o7]);
            s70 = V.MultiplyAdd(x, y0, s70);
        }

        V scale = V.Broadcast(factor);
        Store<V, T>(s00, ref tile, scale, resume);
        Store<V, T>(s10, ref tile, scale, resume);
        Store<V, T>(s20, ref tile, scale, resume);
        Store<V, T>(s30, ref tile, scale, resume);
        Store<V, T>(s40, ref tile, scale, resume);
        Store<V, T>(s50, ref tile, scale, resume);
        Store<V, T>(s60, ref tile, scale, resume);
        Store<V, T>(s70, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, T>(V first, V second, V third, ref T* tile, V scale, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        Store<V, T>(first, ref tile, scale, resume);
        Store<V, T>(second, ref tile, scale, resume);
        Store<V, T>(third, ref tile, scale, resume);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, T>(V lanes, ref T* tile, V scale, bool resume)
        where V : unmanaged, IHostVector<V, T>
        where T : unmanaged
    {
        V.Store(resume ? V.Load(tile) + lanes : lanes * scale, tile);
        tile += V.Count;
    }
}
