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
    /// <param name="items">The items.</param>
    /// <param name="references">Reference and mean of every query row, side by side.</param>
    /// <param name="result">Memory of the gradients.</param>
    /// <param name="flags">Element 0 becomes 1 where a result is not finite.</param>
    /// <param name="shape">Sizes, places and rules.</param>
    public static void Run<TTile, TStrips, TTarget>(
        ArrayView<float> query,
        ArrayView<float> key,
        ArrayView<float> value,
        ArrayView<float> outputGradient,
        ArrayView<float> factor,
        ArrayView<float> bias,
        ArrayView<byte> mask,
        ArrayView<float> slopes,
        ArrayView<AttentionItem> items,
        ArrayView<float> references,
        ArrayView<float> result,
        ArrayView<int> flags,
        AttentionShape shape)
        where TTile : struct, IAttentionTile
        where TStrips : struct, IStrips
        where TTarget : struct, IGradientTarget
    {
        TileStage stage = TileStage.Allocate<TTile>();
        AttentionPlace place = AttentionPlace.Of(shape, items, TTile.Rows, TTile.Columns * TStrips.Count);
        int row = place.First + (TTile.RowOf(Group.IdxX) * 4), column = TTile.ColumnOf(Group.IdxX) * 4;
        SideRows factors = TTarget.OwnsKeys ? SideRows.OfQueries(shape.Factor, place, shape) : SideRows.OfKeys(shape.Factor, place, shape);
        TileSpan span = TTarget.OwnsKeys ? TileSpan.OfQueries(place, shape, TTile.Rows) : TileSpan.OfKeys(place, shape, TTile.Rows);
        StripSums strips = default;
        for (int first = span.Start; first < span.End; first = TileSpan.After(span, first + TTile.Columns))
        {
            TileRows.MarkDead<TTile>(stage);
            int firstKey = TTarget.OwnsKeys ? row : first + column;
            PairRows rows = PairRows.Of(place, shape, TTarget.OwnsKeys ? first + column : row);
            Fragment<Lane32> tangents = PairScores.Tangents(
                Product<TTile, TTarget>(stage, query, shape.Query, key, shape.Key, shape.Width, place, first, shape), shape);
            Fragment<Lane32> pairs = PairScores.Of(tangents, rows, firstKey, place, bias, mask, slopes, shape);
            TileRows.MarkAlive<TTile>(stage, ByOther<TTarget>(pairs), column);
            pairs = TileRows.Weights(pairs, PairGradients.References(references, rows, place, shape));
            if (TTarget.OfScores)
            {
                Fragment<Lane32> products = Product<TTile, TTarget>(
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
            strips = StripSums.Add<TTile, TStrips>(strips, stage, factor, factors, first, place.Column, shape.ResultWidth);
        }

        Lane32 scale = shape.ResultFactor;
        strips = StripSums.Scale<TStrips>(strips, new() { X = scale, Y = scale, Z = scale, W = scale });
        SideRows results = TTarget.OwnsKeys ? SideRows.OfKeys(shape.Result, place, shape) : SideRows.OfQueries(shape.Result, place, shape);

        // Keys beyond an item's length get 0.
        if (TTarget.OwnsKeys) results.Count = place.Problem.KeyRows;
        Lane32 residue = StripSums.Store<TTile, TStrips>(strips, result, results, row, place.Column + column, shape.ResultWidth, 0);
        if (PairScores.IsNonFinite(residue)) flags[0] = 1;
    }

    /// <summary>Dot products of query rows with keys, queries in the rows, whoever is owned.</summary>
    private static Fragment<Lane32> Product<TTile, TTarget>(
        TileStage stage, ArrayView<float> query, DeviceStrides queryStrides, ArrayView<float> key, DeviceStrides keyStrides, int width, AttentionPlace place, int first, AttentionShape shape)
        where TTile : struct, IAttentionTile
        where TTarget : struct, IGradientTarget
    {
        SideRows queries = SideRows.OfQueries(queryStrides, place, shape), keys = SideRows.OfKeys(keyStrides, place, shape);
        if (TTarget.OwnsKeys)
        {
            TilePanel own = TilePanel.Open<TTile>(keys, place.First, keys.Count), other = TilePanel.Open<TTile>(queries, first, queries.Count);
            return Fragment<Lane32>.Transpose(TileStage.Product<TTile>(stage, key, own, query, other, width));
        }
        else
        {
            TilePanel own = TilePanel.Open<TTile>(queries, place.First, queries.Count), other = TilePanel.Open<TTile>(keys, first, keys.Count);
            return TileStage.Product<TTile>(stage, query, own, key, other, width);
        }
    }

    private static Fragment<Lane32> ByOther<TTarget>(Fragment<Lane32> pairs)
        where TTarget : struct, IGradientTarget => TTarget.OwnsKeys ? pairs : Fragment<Lane32>.Transpose(pairs);
}
