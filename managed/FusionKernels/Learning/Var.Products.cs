using System.Numerics;
using FusionKernels.Kernels.Products;

namespace FusionKernels;

/// <content>Products.</content>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>activation(x weightᵀ + bias) over the last dimension; bias and activation go with the product.</summary>
    /// <param name="weight">outputs x inputs.</param>
    /// <param name="bias">outputs; null for none.</param>
    /// <param name="activation">What becomes of the sums.</param>
    /// <returns>This shape, with outputs for its last length.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Linear(Var<T> weight, Var<T>? bias = null, Activation activation = Activation.None)
    {
        Node<T> x = Node, w = weight.NodeOn(Tape), b = (bias ?? weight).NodeOn(Tape);
        if (w.Rank != 2 || x.Rank == 0 || x.Columns != w.Lengths[1]) throw new ArgumentException($"Linear: x is {Tape<T>.ShapeOf(x)}, the weight is {Tape<T>.ShapeOf(w)}: it must be outputs x {x.Columns}");
        if (bias is not null && b.Elements != w.Lengths[0]) throw new ArgumentException($"Linear: the weight is {Tape<T>.ShapeOf(w)}, the bias is {Tape<T>.ShapeOf(b)}: one for each of {w.Lengths[0]} outputs is needed");
        Tape<T> tape = Tape;
        bool isFused = Activations<T>.IsFused(activation);
        Span<int> lengths = stackalloc int[x.Rank];
        x.Lengths.CopyTo(lengths);
        lengths[^1] = w.Lengths[0];
        Node<T> node = tape.New(LinearLayerOperation<T>.Instance, lengths, x, w, bias is null ? null : b);
        node.Count = isFused ? (int)activation : (int)Activation.None;
        LinearLayerOperation<T>.Forward(tape, node);
        Var<T> result = new(tape, node);
        return isFused ? result : result.Activate(activation);
    }

    /// <summary>The matrix product with another value, of each item where both are batches.</summary>
    /// <param name="other">A matrix, or a batch of as many matrices as this one has.</param>
    /// <param name="transposeThis">Whether this one's matrices are taken transposed.</param>
    /// <param name="transposeOther">Whether the other's are.</param>
    /// <returns>rows x columns, or a batch of such.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> MatMul(Var<T> other, bool transposeThis = false, bool transposeOther = false)
    {
        Node<T> a = Node, b = other.NodeOn(Tape);
        if (a.Rank is not (2 or 3) || b.Rank is not (2 or 3) || (a.Rank == 2 && b.Rank == 3) || (b.Rank == 3 && a.Lengths[0] != b.Lengths[0]))
        {
            throw new ArgumentException($"MatMul: {Tape<T>.ShapeOf(a)} and {Tape<T>.ShapeOf(b)}: matrices, or batches of as many, are needed");
        }

        int rows = a.Lengths[transposeThis ? ^1 : ^2], depth = a.Lengths[transposeThis ? ^2 : ^1];
        int columns = b.Lengths[transposeOther ? ^2 : ^1], depthOfOther = b.Lengths[transposeOther ? ^1 : ^2];
        if (depth != depthOfOther) throw new ArgumentException($"MatMul: {Tape<T>.ShapeOf(a)} and {Tape<T>.ShapeOf(b)}: the depths {depth} and {depthOfOther} differ");
        Tape<T> tape = Tape;
        ReadOnlySpan<int> lengths = a.Rank == 2 ? [rows, columns] : [a.Lengths[0], rows, columns];
        Node<T> node = tape.New(MatMulOperation<T>.Instance, lengths, a, b);
        (node.Start, node.Count) = (transposeThis ? 1 : 0, transposeOther ? 1 : 0);
        MatMulOperation<T>.Forward(tape, node);
        return new(tape, node);
    }
}
