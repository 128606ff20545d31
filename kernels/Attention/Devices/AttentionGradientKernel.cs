using FusionKernels.Kernels.Products;
using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Gradients of queries, of keys or of values: each group owns what it writes, and no sum depends on another group.</summary>
/// <remarks>
/// Weights are computed again from log-sum-exps, block by block. The queries of all heads that share a key head are rows of one
/// side, so that gradients of grouped keys and values are one sum in a fixed order.
/// </remarks>
internal static class AttentionGradientKernel
{
    /// <summary>The kernel.</summary>
    /// <param name="query">Memory of the queries.</param>
    /// <param name="key">Memory of the keys.</param>
    /// <param name="value">Memory of the values.</param>
    /// <param name="outputGradient">Memory of the gradients of outputs.</param>
    /// <param name="factor">Memory of what is multiplied with.</param>
    /// <param name="bias">Memory of the bias; any valid view where there is none.</param>
    /// <param name="mask">Memory of the mask, likewise.</param>
    /// <param name="slopes">What a distance of 1 adds, by query head, likewise.</param>
    /// <param name="kept">Of which blocks the mask keeps something, likewise.</param>
    /// <param name="items">The items.</param>
    /// <param name="references">Reference and mean of every query row, side by side.</param>
    /// <param name="result">Memory of the gradients.</param>
    /// <param name="flags">Element 0 becomes 1 where a result is not finite; element 1 counts blocks where there is a mask.</param>
    /// <param name="shape">Sizes, places and rules.</param>
    public static void Run<TTile, TStrips, TTarget, TRaw, TStored, TFactorRaw, TFactor>(
        ArrayView<TRaw> query,
        ArrayView<TRaw> key,
        ArrayView<TRaw> value,
        ArrayView<float> outputGradient,
        ArrayView<TFactorRaw> factor,
        ArrayView<float> bias,
        ArrayView<byte> mask,
        ArrayView<float> slopes,
        ArrayView<byte> kept,
        ArrayView<AttentionItem> items,
        ArrayView<float> references,
        ArrayView<float> result,
        ArrayView<int> flags,
        AttentionShape shape)
        where TTile : struct, IAttentionTile
        where TStrips : struct, IStrips
        where TTarget : struct, IGradientTarget
        where TRaw : unmanaged
        where TStored : struct, IStored<TRaw>
        where TFactorRaw : unmanaged
        where TFactor : struct, IStored<TFactorRaw>
    {
        TileStage stage = TileStage.Allocate<TTile>();
        AttentionPlace place = AttentionPlace.Of(shape, items, TTile.Rows, TTile.Columns * TStrips.Count);
        int row = place.First + (TTile.RowOf(Group.IdxX) * 4), column = TTile.ColumnOf(Group.IdxX) * 4;
        SideRows factors = TTarget.OwnsKeys ? SideRows.OfQueries(shape.Factor, place, shape) : SideRows.OfKeys(shape.Factor, place, shape);
        TileSpan span = TTarget.OwnsKeys ? TileSpan.OfQueries(place, shape, TTile.Rows) : TileSpan.OfKeys(place, shape, TTile.Rows);
        StripSums strips = default;
        int blocks = 0;
        for (int first = TileSpan.Next(span, span.Start, TTile.Columns, kept); first < span.End; first = TileSpan.Next(span, first + TTile.Columns, TTile.Columns, kept))
        {
            blocks++;
            TileRows.MarkDead<TTile>(stage);
            int firstKey = TTarget.OwnsKeys ? row : first + column;
            PairRows rows = PairRows.Of(place, shape, TTarget.OwnsKeys ? first + column : row);
            Fragment<Lane32> tangents = PairScores.Tangents(
                Product<TTile, TTarget, TRaw, TStored, TRaw, TStored>(stage, query, shape.Query, key, shape.Key, shape.Width, place, first, shape), shape);
            Fragment<Lane32> pairs = PairScores.Of(tangents, rows, firstKey, place, bias, mask, slopes, shape);
            TileRows.MarkAlive<TTile>(stage, ByOther<TTarget>(pairs), column);
            pairs = TileRows.Weights(pairs, PairGradients.References(references, rows, place, shape));
            if (TTarget.OfScores)
            {
                Fragment<Lane32> products = Product<TTile, TTarget, float, StoredFloat32, TRaw, TStored>(
                    stage, outputGradient, shape.OutputGradient, value, shape.Value, shape.ValueWidth, place, first, shape);
                products = PairScores.Drop(products, rows, firstKey, place, shape);
                pairs = PairGradients.OfScores(pairs, products, PairGradients.Means(references, rows, place, shape));
                pairs = PairGradients.PassCap(pairs, tangents, shape);
            }
            else
            {
                pairs = PairScores.Drop(pairs, rows, firstKey, place, shape);
            }

            TileRows.Stage<TTile>(stage, ByOther<TTarget>(pairs), column);

            // Every thread's pairs must stand before they are multiplied.
            Group.Barrier();
            strips = StripSums.Add<TTile, TStrips, TFactorRaw, TFactor>(strips, stage, factor, factors, first, place.Column, shape.ResultWidth);
        }

        Lane32 scale = shape.ResultFactor;
        strips = StripSums.Scale<TStrips>(strips, new() { X = scale, Y = scale, Z = scale, W = scale });
        SideRows results = TTarget.OwnsKeys ? SideRows.OfKeys(shape.Result, place, shape) : SideRows.OfQueries(shape.Result, place, shape);

        // Keys beyond an item's length get 0.
        if (TTarget.OwnsKeys) results.Count = place.Problem.KeyRows;
        Lane32 residue = StripSums.Store<TTile, TStrips>(strips, result, results, row, place.Column + column, shape.ResultWidth, 0);
        if (PairScores.IsNonFinite(residue)) flags[0] = 1;
        if (shape.HasMask != 0 && Group.IdxX == 0) Atomic.Add(ref flags[1], blocks);
    }

    /// <summary>Dot products of query rows with keys, queries in the rows, whoever is owned.</summary>
    private static Fragment<Lane32> Product<TTile, TTarget, TQueryRaw, TQuery, TKeyRaw, TKey>(
        TileStage stage, ArrayView<TQueryRaw> query, DeviceStrides queryStrides, ArrayView<TKeyRaw> key, DeviceStrides keyStrides, int width, AttentionPlace place, int first, AttentionShape shape)
        where TTile : struct, IAttentionTile
        where TTarget : struct, IGradientTarget
        where TQueryRaw : unmanaged
        where TQuery : struct, IStored<TQueryRaw>
        where TKeyRaw : unmanaged
        where TKey : struct, IStored<TKeyRaw>
    {
        SideRows queries = SideRows.OfQueries(queryStrides, place, shape), keys = SideRows.OfKeys(keyStrides, place, shape);
        if (TTarget.OwnsKeys)
        {
            TilePanel own = TilePanel.Open<TTile>(keys, place.First, keys.Count), other = TilePanel.Open<TTile>(queries, first, queries.Count);
            return Fragment<Lane32>.Transpose(TileStage.Product<TTile, TKeyRaw, TKey, TQueryRaw, TQuery>(stage, key, own, query, other, width));
        }
        else
        {
            TilePanel own = TilePanel.Open<TTile>(queries, place.First, queries.Count), other = TilePanel.Open<TTile>(keys, first, keys.Count);
            return TileStage.Product<TTile, TQueryRaw, TQuery, TKeyRaw, TKey>(stage, query, own, key, other, width);
        }
    }

    private static Fragment<Lane32> ByOther<TTarget>(Fragment<Lane32> pairs)
        where TTarget : struct, IGradientTarget => TTarget.OwnsKeys ? pairs : Fragment<Lane32>.Transpose(pairs);
}
