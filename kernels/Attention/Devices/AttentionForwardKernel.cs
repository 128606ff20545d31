using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Outputs and log-sum-exps of blocks of queries: an online softmax over blocks of keys (Dao 2023, algorithm 1).</summary>
/// <remarks>
/// A group owns a block of query rows, the queries of all heads that share a key head, and some strips of their values, over all
/// keys or one of several parts of them. Keys that no query of the block may see are passed over. A thread keeps the sums of
/// its own columns until the end, so that only maxima go through shared memory in every block.
/// </remarks>
internal static class AttentionForwardKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="query">Memory of the queries.</param>
    /// <param name="key">Memory of the keys.</param>
    /// <param name="value">Memory of the values.</param>
    /// <param name="bias">Memory of the bias; any valid view where there is none.</param>
    /// <param name="mask">Memory of the mask, likewise.</param>
    /// <param name="slopes">What a distance of 1 adds, by query head, likewise.</param>
    /// <param name="kept">Of which blocks the mask keeps something, likewise.</param>
    /// <param name="pages">Pages of all items, likewise.</param>
    /// <param name="items">The items.</param>
    /// <param name="output">Memory of the outputs.</param>
    /// <param name="logSumExp">Natural log-sum-exps of all query rows.</param>
    /// <param name="flags">Element 0 becomes 1 where a result is not finite; element 1 counts blocks where there is a mask.</param>
    /// <param name="shape">Sizes, places and rules.</param>
    /// <typeparam name="TTile">The tile.</typeparam>
    /// <typeparam name="TStrips">Strips of the result.</typeparam>
    /// <typeparam name="TRaw">What a stored element takes.</typeparam>
    /// <typeparam name="TStored">The format of queries, keys and values.</typeparam>
    public static void Run<TTile, TStrips, TRaw, TStored>(
        ArrayView<TRaw> query,
        ArrayView<TRaw> key,
        ArrayView<TRaw> value,
        ArrayView<float> bias,
        ArrayView<byte> mask,
        ArrayView<float> slopes,
        ArrayView<byte> kept,
        ArrayView<int> pages,
        ArrayView<AttentionItem> items,
        ArrayView<float> output,
        ArrayView<float> logSumExp,
        ArrayView<int> flags,
        AttentionShape shape)
        where TTile : struct, IAttentionTile
        where TStrips : struct, IStrips
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
    {
        TileStage stage = TileStage.Allocate<TTile>();
        AttentionPlace place = AttentionPlace.Of(shape, items, TTile.Rows, TTile.Columns * TStrips.Count);
        SideRows queries = SideRows.OfQueries(shape.Query, place, shape), keys = SideRows.OfKeys(shape.Key, place, shape), values = SideRows.OfKeys(shape.Value, place, shape);
        TilePanel queryPanel = TilePanel.Open<TTile>(queries, place.First, queries.Count);
        int row = place.First + (TTile.RowOf(Group.IdxX) * 4), column = TTile.ColumnOf(Group.IdxX) * 4;
        PairRows rows = PairRows.Of(place, shape, row);
        Lane32 none = OnlineSoftmax.NoMaximum<Lane32, float>();
        Quad<Lane32> maxima = new() { X = none, Y = none, Z = none, W = none }, sums = default;
        StripSums strips = default;
        TileSpan span = TileSpan.OfKeys(place, shape, TTile.Rows);
        int blocks = 0;
        for (int first = TileSpan.Next(span, span.Start, TTile.Columns, kept); first < span.End; first = TileSpan.Next(span, first + TTile.Columns, TTile.Columns, kept))
        {
            blocks++;
            TilePanel keyPanel = TilePanel.Open<TTile>(SideRows.OfBlock(keys, first, place, shape, pages), first, keys.Count);
            Fragment<Lane32> dots = TileStage.Product<TTile, TRaw, TStored, TRaw, TStored>(stage, query, queryPanel, key, keyPanel, shape.Width);
            Fragment<Lane32> scores = PairScores.Of(PairScores.Tangents(dots, shape), rows, first + column, place, bias, mask, slopes, shape);
            Quad<Lane32> before = maxima;
            maxima = TileRows.Maxima<TTile>(stage, scores, before);
            Quad<Lane32> factors = TileRows.Factors(before, maxima);
            Fragment<Lane32> weights = TileRows.Weights(scores, maxima);
            sums = TileRows.AddSums(sums, factors, weights);
            strips = StripSums.Scale<TStrips>(strips, factors);
            TileRows.Stage<TTile>(stage, Fragment<Lane32>.Transpose(PairScores.Drop(weights, rows, first + column, place, shape)), column);

            // Every thread's weights must stand before they are multiplied.
            Group.Barrier();
            strips = StripSums.Add<TTile, TStrips, TRaw, TStored>(strips, stage, value, SideRows.OfBlock(values, first, place, shape, pages), first, place.Column, shape.ValueWidth);
        }

        sums = TileRows.Totals<TTile>(stage, sums);
        strips = StripSums.Scale<TStrips>(strips, TileRows.Reciprocals(sums));
        SideRows outputs = SideRows.OfQueries(shape.Result, place, shape);
        Lane32 residue = StripSums.Store<TTile, TStrips>(
            strips, output, outputs, row, place.Column + column, shape.ValueWidth, place.Split * shape.SplitStride);
        residue += (sums.X - sums.X) + (sums.Y - sums.Y) + (sums.Z - sums.Z) + (sums.W - sums.W);
        if (PairScores.IsNonFinite(residue)) flags[0] = 1;
        if (shape.HasMask != 0 && Group.IdxX == 0) Atomic.Add(ref flags[1], blocks);
        if (place.Column != 0 || column != 0) return;
        long offset = place.Split * shape.QueryRows;
        StoreLogSum(logSumExp, offset, rows.X, place, shape, maxima.X, sums.X);
        StoreLogSum(logSumExp, offset, rows.Y, place, shape, maxima.Y, sums.Y);
        StoreLogSum(logSumExp, offset, rows.Z, place, shape, maxima.Z, sums.Z);
        StoreLogSum(logSumExp, offset, rows.W, place, shape, maxima.W, sums.W);
    }

    private static void StoreLogSum(ArrayView<float> logSumExp, long offset, PairRow row, AttentionPlace place, AttentionShape shape, Lane32 maximum, Lane32 sum)
    {
        if (row.IsThere == 0) return;
        Lane32 natural = Lane32.MultiplyAdd(maximum, Lane32.Constant(VectorMath.Ln2), VectorMath.Log<Lane32, float>(sum));
        logSumExp[offset + PairRow.IndexOf(row, place, shape)] = natural.Value;
    }
}
