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
        Tape<T> tape = queries.Tape;
        (int items, int rows, int columns) = (queries.Node.Lengths[0], queries.Node.Lengths[1], keys.Node.Lengths[1]);
        Var<T>? mask = null;
        if (!keep.IsEmpty)
        {
            (keys, values) = (Kept(keys, keep), Kept(values, keep));
            mask = tape.Constant(Mask<T>(items, rows, columns, keep, isCausal));
        }
        else if (isCausal)
        {
            mask = tape.Constant(Mask<T>(1, rows, columns, keep, isCausal));
        }

        (int width, int valueWidth) = (queries.Node.Columns / heads, values.Node.Columns / heads);
        Var<T>[] outputs = new Var<T>[heads];
        for (int head = 0; head < heads; head++)
        {
            Var<T> q = queries.Columns(head * width, width) * (1 / Math.Sqrt(width)), k = keys.Columns(head * width, width);
            Var<T> scores = q.MatMul(k, transposeOther: true);
            Var<T> weights = (mask is { } masked ? scores + masked : scores).Softmax();
            outputs[head] = weights.MatMul(values.Columns(head * valueWidth, valueWidth));
        }

        return Var<T>.Concat(outputs);
    }

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
