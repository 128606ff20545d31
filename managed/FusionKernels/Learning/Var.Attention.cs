using System.Numerics;

namespace FusionKernels;

/// <content>Attention.</content>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Scaled dot-product attention in heads that lie side by side in the features: softmax(q kᵀ / sqrt(width)) v for each head (Vaswani et al. 2017).</summary>
    /// <param name="keys">items x keys x (heads width).</param>
    /// <param name="values">items x keys x (heads width of values).</param>
    /// <param name="heads">Heads, a divisor of the features.</param>
    /// <param name="keep">Which keys are there, items x keys, row-major; empty for all. What is not there cannot change the value, not even as NaN; a query without keys gets 0.</param>
    /// <param name="isCausal">Whether a query sees keys up to its own place alone, counted from the first.</param>
    /// <returns>items x queries x (heads width of values), from this value's items x queries x (heads width).</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    /// <remarks>The pass is fused and keeps one number for each query and head; in float64 on accelerators it is made of products and softmax, and keeps the weights.</remarks>
    public Var<T> Attention(Var<T> keys, Var<T> values, int heads, ReadOnlySpan<bool> keep = default, bool isCausal = false)
    {
        Node<T> q = Node, k = keys.NodeOn(Tape), v = values.NodeOn(Tape);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        bool fits = q.Rank == 3 && k.Rank == 3 && v.Rank == 3 && q.Lengths[0] == k.Lengths[0] && q.Lengths[0] == v.Lengths[0]
            && k.Lengths[1] == v.Lengths[1] && q.Columns == k.Columns && q.Columns % heads == 0 && v.Columns % heads == 0 && q.Columns > 0;
        if (!fits)
        {
            throw new ArgumentException(
                $"Attention: queries {Tape<T>.ShapeOf(q)}, keys {Tape<T>.ShapeOf(k)} and values {Tape<T>.ShapeOf(v)} in {heads} heads: items x length x features are needed, keys as long as values and as wide as queries, heads dividing the features");
        }

        if (!keep.IsEmpty && keep.Length != k.Rows) throw new ArgumentException($"Attention: a mask of {keep.Length} for {k.Lengths[0]} x {k.Lengths[1]} keys", nameof(keep));
        return AttentionOperation<T>.IsFused(Tape)
            ? AttentionOperation<T>.Record(this, keys, values, heads, keep, isCausal)
            : ComposedAttention.Record(this, keys, values, heads, keep, isCausal);
    }
}
