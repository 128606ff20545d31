using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Attention;

/// <summary>Joins attention over parts of the keys: outputs weighted by exp(log-sum-exp), parts in their order.</summary>
internal static class AttentionMerge
{
    /// <summary>Adds a part to what stands merged so far: weights in float64, so that parts of any number lose nothing.</summary>
    /// <param name="width">Features of an output row.</param>
    /// <param name="partOutput">Rows x width.</param>
    /// <param name="partSum">Log-sum-exps of the rows; -infinity for nothing.</param>
    /// <param name="output">Rows x width, merged so far and then with the part.</param>
    /// <param name="sum">Log-sum-exps, likewise.</param>
    /// <param name="packedHeads">Heads, where rows of the outputs are queries x heads and log-sum-exps heads x queries; 1 where both have one order.</param>
    public static void Add<T>(int width, ReadOnlySpan<T> partOutput, ReadOnlySpan<T> partSum, Span<T> output, Span<T> sum, int packedHeads = 1)
        where T : unmanaged
    {
        int queries = sum.Length / Math.Max(1, packedHeads);
        for (int row = 0; row < sum.Length; row++)
        {
            int place = packedHeads == 1 ? row : (row % queries * packedHeads) + (row / queries);
            double before = Element.ToDouble(sum[row]), part = Element.ToDouble(partSum[row]);
            if (double.IsNegativeInfinity(part)) continue;
            double largest = Math.Max(before, part);
            double keep = Math.Exp(before - largest), take = Math.Exp(part - largest), total = keep + take;
            sum[row] = Element.Of<T>(largest + Math.Log(total));
            Span<T> to = output.Slice(place * width, width);
            ReadOnlySpan<T> from = partOutput.Slice(place * width, width);
            for (int d = 0; d < width; d++) to[d] = Element.Of<T>(((Element.ToDouble(to[d]) * keep) + (Element.ToDouble(from[d]) * take)) / total);
        }
    }
}
