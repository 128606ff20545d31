using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Shared memory of a group, and the two products that pass through it.</summary>
/// <remarks>Each step of a product is staged while the one before is computed with, in two stages, so that one barrier a step suffices.</remarks>
internal struct TileStage
{
    /// <summary>Two stages of the side that the group owns.</summary>
    public ArrayView<Quad<Lane32>> Own;

    /// <summary>Two stages of the other side.</summary>
    public ArrayView<Quad<Lane32>> Other;

    /// <summary>Weights, or gradients of scores: columns one after the other, rows side by side.</summary>
    public ArrayView<Quad<Lane32>> Pairs;

    /// <summary>A quad of rows of every column of threads.</summary>
    public ArrayView<Quad<Lane32>> Partial;

    /// <summary>Not 0 for columns of which some pair is attended to.</summary>
    public ArrayView<int> Live;

    /// <summary>Threads of a group.</summary>
    public static int Threads<TTile>()
        where TTile : struct, IAttentionTile => TTile.Rows * TTile.Columns / 16;

    /// <summary>Quads from one staged feature to the next; one more than there are, so that stores fall into different banks.</summary>
    public static int Pitch(int rows) => (rows / 4) + 1;

    /// <summary>The memory of a group.</summary>
    public static TileStage Allocate<TTile>()
        where TTile : struct, IAttentionTile => new()
        {
            Own = SharedMemory.Allocate<Quad<Lane32>>(2 * TTile.Depth * ((TTile.Rows / 4) + 1)),
            Other = SharedMemory.Allocate<Quad<Lane32>>(2 * TTile.Depth * ((TTile.Columns / 4) + 1)),
            Pairs = SharedMemory.Allocate<Quad<Lane32>>(TTile.Columns * ((TTile.Rows / 4) + 1)),
            Partial = SharedMemory.Allocate<Quad<Lane32>>(TTile.Columns / 4 * (TTile.Rows / 4)),
            Live = SharedMemory.Allocate<int>(TTile.Columns),
        };

    /// <summary>Dot products of rows of the own side with rows of the other.</summary>
    /// <param name="stage">Shared memory.</param>
    /// <param name="own">Memory of the own side.</param>
    /// <param name="ownPanel">Its block.</param>
    /// <param name="other">Memory of the other side.</param>
    /// <param name="otherPanel">Its block.</param>
    /// <param name="width">Features.</param>
    public static Fragment<Lane32> Product<TTile, TOwnRaw, TOwn, TOtherRaw, TOther>(
        TileStage stage, ArrayView<TOwnRaw> own, TilePanel ownPanel, ArrayView<TOtherRaw> other, TilePanel otherPanel, int width)
        where TTile : struct, IAttentionTile
        where TOwnRaw : unmanaged
        where TOwn : struct, IStored<TOwnRaw>
        where TOtherRaw : unmanaged
        where TOther : struct, IStored<TOtherRaw>
    {
        int row = TTile.RowOf(Group.IdxX), column = TTile.ColumnOf(Group.IdxX);
        Fragment<Lane32> sums = default;
        Fragment<Lane32> ownNext = TilePanel.Fetch<TTile, TOwnRaw, TOwn>(ownPanel, own, 0, width, TTile.Rows, 1);
        Fragment<Lane32> otherNext = TilePanel.Fetch<TTile, TOtherRaw, TOther>(otherPanel, other, 0, width, TTile.Columns, TTile.Quads);

        // Others may still read what the product before left.
        Group.Barrier();
        int even = 0;
        for (int feature = 0; feature < width; feature += TTile.Depth)
        {
            int ownStage = even * TTile.Depth * Pitch(TTile.Rows), otherStage = even * TTile.Depth * Pitch(TTile.Columns);
            TilePanel.Store<TTile>(ownNext, stage.Own, ownStage, TTile.Rows, 1);
            TilePanel.Store<TTile>(otherNext, stage.Other, otherStage, TTile.Columns, TTile.Quads);

            // What was staged must be visible; and whoever passes has left the other stage, which the next turn overwrites.
            Group.Barrier();
            ownNext = TilePanel.Fetch<TTile, TOwnRaw, TOwn>(ownPanel, own, feature + TTile.Depth, width, TTile.Rows, 1);
            otherNext = TilePanel.Fetch<TTile, TOtherRaw, TOther>(otherPanel, other, feature + TTile.Depth, width, TTile.Columns, TTile.Quads);
            sums = Steps<TTile>(sums, stage.Own, ownStage + row, stage.Other, otherStage + column);
            even = 1 - even;
        }

        return sums;
    }

    /// <summary>Adds the staged pairs times rows of the other side to a strip of the result.</summary>
    /// <param name="sums">The strip so far.</param>
    /// <param name="stage">Shared memory, with the pairs and the columns that are alive.</param>
    /// <param name="memory">Memory of the other side's factor.</param>
    /// <param name="side">Its rows.</param>
    /// <param name="first">The block's first row.</param>
    /// <param name="column">The strip's first column.</param>
    /// <param name="width">Columns of the result.</param>
    public static Fragment<Lane32> AddStrip<TTile, TRaw, TStored>(
        Fragment<Lane32> sums, TileStage stage, ArrayView<TRaw> memory, SideRows side, int first, int column, int width)
        where TTile : struct, IAttentionTile
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        int row = TTile.RowOf(Group.IdxX), quad = TTile.ColumnOf(Group.IdxX);
        int count = column < width ? Math.Min(TTile.Columns, side.Count - first) : 0;
        Fragment<Lane32> next = FetchRows<TTile, TRaw, TStored>(stage, memory, side, first, 0, count, column, width);

        // Others may still read what the product before left.
        Group.Barrier();
        int even = 0;
        for (int k = 0; k < count; k += TTile.Depth)
        {
            int otherStage = even * TTile.Depth * Pitch(TTile.Columns);
            StoreRows<TTile>(next, stage.Other, otherStage);

            // What was staged must be visible; and whoever passes has left the other stage, which the next turn overwrites.
            Group.Barrier();
            next = FetchRows<TTile, TRaw, TStored>(stage, memory, side, first, k + TTile.Depth, count, column, width);
            sums = Steps<TTile>(sums, stage.Pairs, (k * Pitch(TTile.Rows)) + row, stage.Other, otherStage + quad);
            even = 1 - even;
        }

        return sums;
    }

    // Four steps written out, since device compilers keep loops as they stand.
    private static Fragment<Lane32> Steps<TTile>(Fragment<Lane32> sums, ArrayView<Quad<Lane32>> left, int l, ArrayView<Quad<Lane32>> right, int r)
        where TTile : struct, IAttentionTile
    {
        int leftPitch = Pitch(TTile.Rows), rightPitch = Pitch(TTile.Columns);
        for (int step = 0; step < TTile.Depth; step += 4, l += 4 * leftPitch, r += 4 * rightPitch)
        {
            sums = TileStep.Accumulate<Lane32, float, DotTerm<float>>(sums, left[l], right[r]);
            sums = TileStep.Accumulate<Lane32, float, DotTerm<float>>(sums, left[l + leftPitch], right[r + rightPitch]);
            sums = TileStep.Accumulate<Lane32, float, DotTerm<float>>(sums, left[l + (2 * leftPitch)], right[r + (2 * rightPitch)]);
            sums = TileStep.Accumulate<Lane32, float, DotTerm<float>>(sums, left[l + (3 * leftPitch)], right[r + (3 * rightPitch)]);
        }

        return sums;
    }

    private static Fragment<Lane32> FetchRows<TTile, TRaw, TStored>(
        TileStage stage, ArrayView<TRaw> memory, SideRows side, int first, int step, int count, int column, int width)
        where TTile : struct, IAttentionTile
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        Fragment<Lane32> rows = default;
        rows.Row0 = FetchRow<TTile, TRaw, TStored>(stage, memory, side, first, step + RowInStep<TTile>(0), count, column, width);
        if (TTile.Quads > 1)
        {
            rows.Row1 = FetchRow<TTile, TRaw, TStored>(stage, memory, side, first, step + RowInStep<TTile>(1), count, column, width);
            rows.Row2 = FetchRow<TTile, TRaw, TStored>(stage, memory, side, first, step + RowInStep<TTile>(2), count, column, width);
            rows.Row3 = FetchRow<TTile, TRaw, TStored>(stage, memory, side, first, step + RowInStep<TTile>(3), count, column, width);
        }

        return rows;
    }

    /// <summary>A quad of one row of the other side; zeros for a row that no pair attends to: whatever is stored there, 0 times it must be 0.</summary>
    private static Quad<Lane32> FetchRow<TTile, TRaw, TStored>(
        TileStage stage, ArrayView<TRaw> memory, SideRows side, int first, int row, int count, int column, int width)
        where TTile : struct, IAttentionTile
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        int own = column + ((Group.IdxX & ((TTile.Columns / 4) - 1)) * 4);
        int valid = row < count && stage.Live[row & (TTile.Columns - 1)] != 0 ? width - own : 0;
        return TStored.Load(memory, side.At(first + row) + (own * side.Column), side.Column, valid, side.IsVector);
    }

    private static void StoreRows<TTile>(Fragment<Lane32> rows, ArrayView<Quad<Lane32>> stages, int stage)
        where TTile : struct, IAttentionTile
    {
        int place = stage + (Group.IdxX & ((TTile.Columns / 4) - 1));
        stages[place + (RowInStep<TTile>(0) * Pitch(TTile.Columns))] = rows.Row0;
        if (TTile.Quads > 1)
        {
            stages[place + (RowInStep<TTile>(1) * Pitch(TTile.Columns))] = rows.Row1;
            stages[place + (RowInStep<TTile>(2) * Pitch(TTile.Columns))] = rows.Row2;
            stages[place + (RowInStep<TTile>(3) * Pitch(TTile.Columns))] = rows.Row3;
        }
    }

    private static int RowInStep<TTile>(int quad)
        where TTile : struct, IAttentionTile => (Group.IdxX / (TTile.Columns / 4)) + (quad * (Threads<TTile>() / (TTile.Columns / 4)));
}
