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
    /// Rows of the register tile: with three vectors 24 accumulators of 32 registers at 512 bits and 12 of 16 below, with fewer 8
    /// at least, the latency of a multiply-add times its ports.
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
            if (TBlock.Vectors == 3) Run<LaneRow3<R, TRegisters, T>>();
            else if (TBlock.Vectors == 2) Run<LaneRow2<R, TRegisters, T>>();
            else Run<LaneRow1<R, TRegisters, T>>();
        }

        private readonly void Run<TRow>()
            where TRow : unmanaged, IProductRow<TRow, T>
        {
            T* left = Left, tile = Tile;
            for (int r = 0; r < Rows; r += Step, left += Step * RowStep, tile += Step * TRow.Count)
            {
                int last = Math.Min(Step, Rows - r) - 1;
                if (Step == 8) Sum8<TRow, T>(Depth, left, RowStep, DepthStep, last, Lanes, tile, Factor, Resume);
                else Sum4<TRow, T>(Depth, left, RowStep, DepthStep, last, Lanes, tile, Factor, Resume);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum8<TRow, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where TRow : unmanaged, IProductRow<TRow, T>
        where T : unmanaged
    {
        TRow s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep, o4 = Math.Min(4, last) * rowStep, o5 = Math.Min(5, last) * rowStep, o6 = Math.Min(6, last) * rowStep, o7 = Math.Min(7, last) * rowStep;
        for (T* end = lanes + (depth * TRow.Count); lanes < end; lanes += TRow.Count, left += depthStep)
        {
            TRow y = TRow.Load(lanes);
            TRow.Accumulate(left[0], y, ref s0);
            TRow.Accumulate(left[o1], y, ref s1);
            TRow.Accumulate(left[o2], y, ref s2);
            TRow.Accumulate(left[o3], y, ref s3);
            TRow.Accumulate(left[o4], y, ref s4);
            TRow.Accumulate(left[o5], y, ref s5);
            TRow.Accumulate(left[o6], y, ref s6);
            TRow.Accumulate(left[o7], y, ref s7);
        }

        Store(s0, factor, tile, resume);
        Store(s1, factor, tile + TRow.Count, resume);
        Store(s2, factor, tile + (2 * TRow.Count), resume);
        Store(s3, factor, tile + (3 * TRow.Count), resume);
        Store(s4, factor, tile + (4 * TRow.Count), resume);
        Store(s5, factor, tile + (5 * TRow.Count), resume);
        Store(s6, factor, tile + (6 * TRow.Count), resume);
        Store(s7, factor, tile + (7 * TRow.Count), resume);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Sum4<TRow, T>(nint depth, T* left, nint rowStep, nint depthStep, int last, T* lanes, T* tile, T factor, bool resume)
        where TRow : unmanaged, IProductRow<TRow, T>
        where T : unmanaged
    {
        TRow s0 = default, s1 = default, s2 = default, s3 = default;
        nint o1 = Math.Min(1, last) * rowStep, o2 = Math.Min(2, last) * rowStep, o3 = Math.Min(3, last) * rowStep;
        for (T* end = lanes + (depth * TRow.Count); lanes < end; lanes += TRow.Count, left += depthStep)
        {
            TRow y = TRow.Load(lanes);
            TRow.Accumulate(left[0], y, ref s0);
            TRow.Accumulate(left[o1], y, ref s1);
            TRow.Accumulate(left[o2], y, ref s2);
            TRow.Accumulate(left[o3], y, ref s3);
        }

        Store(s0, factor, tile, resume);
        Store(s1, factor, tile + TRow.Count, resume);
        Store(s2, factor, tile + (2 * TRow.Count), resume);
        Store(s3, factor, tile + (3 * TRow.Count), resume);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRow, T>(in TRow sums, T factor, T* tile, bool resume)
        where TRow : unmanaged, IProductRow<TRow, T>
        where T : unmanaged
    {
        if (resume) TRow.AddTo(sums, tile);
        else TRow.StoreScaled(sums, factor, tile);
    }
}
