using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Results that are pairs themselves: weights, or gradients of a bias.</summary>
/// <remarks>
/// A group owns a tile of one query head's pairs, or of what several heads, items, queries or keys add to: it goes through all that
/// do, in their order, and adds up in registers. Where they are many, several groups share them, each with a result of its own.
/// </remarks>
internal static class AttentionPairKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="query">Memory of the queries.</param>
    /// <param name="key">Memory of the keys.</param>
    /// <param name="value">Memory of the values; any valid view for weights.</param>
    /// <param name="outputGradient">Memory of the gradients of outputs, likewise.</param>
    /// <param name="bias">Memory of the bias; any valid view where there is none.</param>
    /// <param name="mask">Memory of the mask, likewise.</param>
    /// <param name="slopes">What a distance of 1 adds, by query head, likewise.</param>
    /// <param name="kept">Of which blocks the mask keeps something, likewise.</param>
    /// <param name="items">The items.</param>
    /// <param name="references">Reference and mean of every query row, side by side.</param>
    /// <param name="result">Memory of the result.</param>
    /// <param name="flags">Element 0 becomes 1 where a result is not finite; element 1 counts blocks where there is a mask.</param>
    /// <param name="shape">Sizes, places and rules, every query head a group's own.</param>
    /// <param name="sums">What adds to the same.</param>
    public static void Run<TTile, TResult, TRaw, TStored>(
        ArrayView<TRaw> query,
        ArrayView<TRaw> key,
        ArrayView<TRaw> value,
        ArrayView<float> outputGradient,
        ArrayView<float> bias,
        ArrayView<byte> mask,
        ArrayView<float> slopes,
        ArrayView<byte> kept,
        ArrayView<AttentionItem> items,
        ArrayView<float> references,
        ArrayView<float> result,
        ArrayView<int> flags,
        AttentionShape shape,
        PairSums sums)
        where TTile : struct, IAttentionTile
        where TResult : struct, IPairResult
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        TileStage stage = TileStage.Allocate<TTile>();
        PairPiece piece = PairPiece.Of(sums, shape.FirstGroup + Grid.IdxX);
        int row = TTile.RowOf(Group.IdxX) * 4, column = TTile.ColumnOf(Group.IdxX) * 4;
        Fragment<Lane32> total = default;
        int blocks = 0;
        for (int turn = PairPiece.Next<TTile>(piece, sums, items, piece.FirstTurn, shape, kept); turn < piece.TurnEnd; turn = PairPiece.Next<TTile>(piece, sums, items, turn + 1, shape, kept))
        {
            blocks++;
            AttentionPlace place = PairPiece.PlaceOf(piece, sums, items, turn, TTile.Rows);
            int firstKey = PairPiece.KeyBlockOf(piece, sums, turn) * TTile.Columns;
            SideRows queries = SideRows.OfQueries(shape.Query, place, shape), keys = SideRows.OfKeys(shape.Key, place, shape);
            PairRows rows = PairRows.Of(place, shape, place.First + row);
            Fragment<Lane32> tangents = PairScores.Tangents(
                TileStage.Product<TTile, TRaw, TStored, TRaw, TStored>(stage, query, TilePanel.Open<TTile>(queries, place.First, queries.Count), key, TilePanel.Open<TTile>(keys, firstKey, keys.Count), shape.Width), shape);
            Fragment<Lane32> scores = PairScores.Of(tangents, rows, firstKey + column, place, bias, mask, slopes, shape);
            Fragment<Lane32> pairs = TileRows.Weights(scores, PairGradients.References(references, rows, place, shape));
            if (TResult.IsGradient)
            {
                queries = SideRows.OfQueries(shape.OutputGradient, place, shape);
                keys = SideRows.OfKeys(shape.Value, place, shape);
                Fragment<Lane32> products = TileStage.Product<TTile, float, StoredFloat32, TRaw, TStored>(
                    stage, outputGradient, TilePanel.Open<TTile>(queries, place.First, queries.Count), value, TilePanel.Open<TTile>(keys, firstKey, keys.Count), shape.ValueWidth);
                products = PairScores.Drop(products, rows, firstKey + column, place, shape);
                total = Add(total, PairGradients.OfScores(pairs, products, PairGradients.Means(references, rows, place, shape)));
            }
            else
            {
                total = PairScores.Drop(pairs, rows, firstKey + column, place, shape);
            }
        }

        if (shape.HasMask != 0 && Group.IdxX == 0) Atomic.Add(ref flags[1], blocks);
        TileRows.Stage<TTile>(stage, Fragment<Lane32>.Transpose(total), column);

        // Every thread's pairs must stand before they are added up.
        Group.Barrier();
        int outRows = sums.SharesQueries != 0 ? 1 : TTile.Rows, outColumns = sums.SharesKeys != 0 ? 1 : TTile.Columns;
        ArrayView<Lane32> lanes = stage.Pairs.Cast<Lane32>();
        int pitch = TileStage.Pitch(TTile.Rows) * 4;
        for (int place = Group.IdxX; place < outRows * outColumns; place += TileStage.Threads<TTile>())
        {
            int r = place / outColumns, c = place % outColumns;
            int rowEnd = sums.SharesQueries != 0 ? TTile.Rows : r + 1, columnEnd = sums.SharesKeys != 0 ? TTile.Columns : c + 1;
            Lane32 sum = new(0);
            for (int i = r; i < rowEnd; i++)
            {
                for (int j = c; j < columnEnd; j++) sum += lanes[(j * pitch) + i];
            }

            int outQuery = (piece.QueryBlock * TTile.Rows) + r, outKey = (piece.KeyBlock * TTile.Columns) + c;
            if (outQuery >= sums.Queries || outKey >= sums.Keys) continue;
            result[PairPiece.ResultOf(piece, sums, outQuery, outKey)] = sum.Value;
            if (PairScores.IsNonFinite(sum)) flags[0] = 1;
        }
    }

    private static Fragment<Lane32> Add(Fragment<Lane32> left, Fragment<Lane32> right) => new()
    {
        Row0 = Add(left.Row0, right.Row0),
        Row1 = Add(left.Row1, right.Row1),
        Row2 = Add(left.Row2, right.Row2),
        Row3 = Add(left.Row3, right.Row3),
    };

    private static Quad<Lane32> Add(Quad<Lane32> left, Quad<Lane32> right) => new() { X = left.X + right.X, Y = left.Y + right.Y, Z = left.Z + right.Z, W = left.W + right.W };
}
