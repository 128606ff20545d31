using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Attention made of products and softmax, for engines without fused passes.</summary>
internal static class ComposedAttention
{
    /// <summary>Computes the value, head by head.</summary>
    public static Var<T> Record<T>(Var<T> queries, Var<T> keys, Var<T> values, int heads, ReadOnlySpan<bool> keep, bool isCausal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!keep.IsEmpty) (keys, values) = (Kept(keys, keep), Kept(values, keep));
        Var<T>? mask = MaskOf(queries, keys, keep, isCausal);
        int valueWidth = values.Node.Columns / heads;
        Var<T>[] outputs = new Var<T>[heads];
        for (int head = 0; head < heads; head++) outputs[head] = Weights(queries, keys, heads, head, mask).MatMul(values.Columns(head * valueWidth, valueWidth));
        return Var<T>.Concat(outputs);
    }

    /// <summary>How queries look at keys, the mean over heads: items x queries x keys.</summary>
    public static Var<T> MeanWeights<T>(Var<T> queries, Var<T> keys, int heads, ReadOnlySpan<bool> keep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!keep.IsEmpty) keys = Kept(keys, keep);
        Var<T>? mask = MaskOf(queries, keys, keep, isCausal: false);
        Var<T> sum = Weights(queries, keys, heads, 0, mask);
        for (int head = 1; head < heads; head++) sum += Weights(queries, keys, heads, head, mask);
        return sum / heads;
    }

    private static Var<T> Weights<T>(Var<T> queries, Var<T> keys, int heads, int head, Var<T>? mask)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = queries.Node.Columns / heads;
        Var<T> scores = (queries.Columns(head * width, width) * (1 / Math.Sqrt(width))).MatMul(keys.Columns(head * width, width), transposeOther: true);
        return (mask is { } masked ? scores + masked : scores).Softmax();
    }

    private static Var<T>? MaskOf<T>(Var<T> queries, Var<T> keys, ReadOnlySpan<bool> keep, bool isCausal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        keep.IsEmpty && !isCausal ? null : queries.Tape.Constant(Mask<T>(keep.IsEmpty ? 1 : queries.Node.Lengths[0], queries.Node.Lengths[1], keys.Node.Lengths[1], keep, isCausal));

    /// <summary>The rows that are there, and zeros in the places of the others, which may hold anything.</summary>
    private static Var<T> Kept<T>(Var<T> value, ReadOnlySpan<bool> keep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = value.Node.Columns;
        int[] rows = new int[keep.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = keep[i] ? i : keep.Length;
        Var<T> zeros = value.Tape.Constant(Tensor.Create(new T[columns], [1, columns]));
        int[] lengths = value.Node.Lengths.ToArray();
        return Var<T>.Stack(value.Reshape(keep.Length, columns), zeros).Gather(rows).Reshape(lengths);
    }

    private static Tensor<T> Mask<T>(int items, int rows, int columns, ReadOnlySpan<bool> keep, bool isCausal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] mask = new T[items * rows * columns];
        for (int i = 0; i < mask.Length; i++)
        {
            int column = i % columns, row = i / columns % rows, item = i / (rows * columns);
            bool sees = (keep.IsEmpty || keep[(item * columns) + column]) && (!isCausal || column <= row);
            mask[i] = sees ? T.Zero : T.NegativeInfinity;
        }

        return Tensor.Create(mask, [items, rows, columns]);
    }
}
