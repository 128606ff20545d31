using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;

namespace FusionKernels;

/// <summary>activation(x wᵀ + bias): one product on the way there, two on the way back, each where its operands lie.</summary>
internal sealed class LinearLayerOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static LinearLayerOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Linear";

    /// <summary>Computes the value.</summary>
    public static void Forward(Tape<T> tape, Node<T> node)
    {
        Node<T> x = node.A!, w = node.B!;
        Activation activation = (Activation)node.Count;
        if (node.C is { } bias && w.Columns <= LinearCall<T, IdentityActivation<T>>.MaxDepth)
        {
            Activations<T>.Linear(tape, activation, x.Value, w.Value, bias.Flat, node.Value);
            return;
        }

        Products.Multiply(tape.Engine, x.Value.Ref, w.Value.Ref.Transposed, node.Value.Ref, T.One, T.Zero, tape.Settings("Linear"));
        if (node.C is { } added)
        {
            tape.Map(new Linear2Function<T>(T.One, T.One), node.Value, node.Value, added.Strided(node.Rows, node.Columns, 0, 1), default, adds: false, "Linear");
        }

        Activate(tape, node, activation);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        Node<T> x = node.A!, w = node.B!;
        Activations<T>.Slope(tape, (Activation)node.Count, node.FlatGradient, node.Flat);
        Operand<T> gradient = node.GradientValue;
        if (node.C is { NeedsGradient: true } bias)
        {
            Operand<T> target = tape.FlatGradientOf(bias, out bool addsBias);
            tape.Sum(new Linear1Function<T>(T.One, T.Zero), target, gradient, default, ofColumns: true, 1, addsBias, Name);
        }

        if (w.NeedsGradient)
        {
            Operand<T> target = tape.GradientOf(w, out bool adds);
            Products.Multiply(tape.Engine, gradient.Ref.Transposed, x.Value.Ref, target.Ref, T.One, adds ? T.One : T.Zero, tape.Settings(Name));
        }

        if (x.NeedsGradient)
        {
            Operand<T> target = tape.GradientOf(x, out bool adds);
            Products.Multiply(tape.Engine, gradient.Ref, w.Value.Ref, target.Ref, T.One, adds ? T.One : T.Zero, tape.Settings(Name));
        }
    }

    private static void Activate(Tape<T> tape, Node<T> node, Activation activation)
    {
        switch (activation)
        {
            case Activation.Relu: Map(default(ReluActivation<T>)); break;
            case Activation.LeakyRelu: Map(new LeakyReluActivation<T>(T.CreateChecked(0.01))); break;
            case Activation.Tanh: Map(default(TanhActivation<T>)); break;
            case Activation.Sigmoid: Map(default(SigmoidActivation<T>)); break;
            default: break;
        }

        void Map<TActivation>(TActivation function)
            where TActivation : unmanaged, IActivation<T> =>
            tape.Map(new ActivationFunction<T, TActivation>(function), node.Flat, node.Flat, default, default, adds: false, "Linear");
    }
}

/// <summary>A matrix product, or one for each item of a batch.</summary>
internal sealed class MatMulOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static MatMulOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "MatMul";

    /// <summary>Computes the value.</summary>
    public static void Forward(Tape<T> tape, Node<T> node)
    {
        bool transposeA = node.Start != 0, transposeB = node.Count != 0;
        Multiply(tape, Item(node.A!, node.A!.Value, transposeA), Item(node.B!, node.B!.Value, transposeB), Item(node, node.Value, false), adds: false);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        bool transposeA = node.Start != 0, transposeB = node.Count != 0;
        Batch gradient = Item(node, node.GradientValue, false);
        if (node.A is { NeedsGradient: true } a)
        {
            Batch target = Item(a, tape.GradientOf(a, out bool adds), false), other = Item(node.B!, node.B!.Value, !transposeB);
            if (transposeA) Multiply(tape, other.Transposed, gradient.Transposed, target, adds);
            else Multiply(tape, gradient, other, target, adds);
        }

        if (node.B is not { NeedsGradient: true } b) return;
        Batch result = Item(b, tape.GradientOf(b, out bool addsB), false), left = Item(node.A!, node.A!.Value, transposeA);
        if (b.Rank == 2 && node.Rank == 3) MultiplyFolded(tape, node, left, gradient, result, transposeA, transposeB, addsB);
        else if (transposeB) Multiply(tape, gradient.Transposed, left, result, addsB);
        else Multiply(tape, left.Transposed, gradient, result, addsB);
    }

    /// <summary>The gradient of one matrix that all items share: a sum over items, which is one product where they lie one below the other.</summary>
    private static void MultiplyFolded(Tape<T> tape, Node<T> node, in Batch left, in Batch gradient, in Batch result, bool transposeA, bool transposeB, bool adds)
    {
        if (!transposeA)
        {
            MatrixRef<T> rows = node.A!.Value.Ref, gradients = node.GradientValue.Ref;
            if (transposeB) Multiply(tape, gradients.Transposed, rows, result.First.Ref, adds);
            else Multiply(tape, rows.Transposed, gradients, result.First.Ref, adds);
            return;
        }

        for (int item = 0; item < gradient.Count; item++)
        {
            MatrixRef<T> a = left.First.Moved(item * left.Stride).Ref, g = gradient.First.Moved(item * gradient.Stride).Ref;
            if (transposeB) Multiply(tape, g.Transposed, a, result.First.Ref, adds || item > 0);
            else Multiply(tape, a.Transposed, g, result.First.Ref, adds || item > 0);
        }
    }

    private static void Multiply(Tape<T> tape, MatrixRef<T> a, MatrixRef<T> b, MatrixRef<T> result, bool adds) =>
        Products.Multiply(tape.Engine, a, b, result, T.One, adds ? T.One : T.Zero, tape.Settings("MatMul"));

    private static void Multiply(Tape<T> tape, in Batch a, in Batch b, in Batch result, bool adds)
    {
        if (result.Count == 1) Multiply(tape, a.First.Ref, b.First.Ref, result.First.Ref, adds);
        else Products.MultiplyBatched(tape.Engine, a.First.Ref, b.First.Ref, result.First.Ref, result.Count, new(a.Stride, b.Stride, result.Stride), T.One, adds ? T.One : T.Zero, tape.Settings("MatMul"));
    }

    /// <summary>The matrices of a value or of its gradient.</summary>
    private static Batch Item(Node<T> node, in Operand<T> all, bool transpose)
    {
        int count = node.Rank == 3 ? node.Lengths[0] : 1, rows = node.Lengths[^2];
        Operand<T> first = all.WithRows(rows);
        return new(transpose ? first.Transposed : first, count, node.Rank == 3 ? (long)rows * node.Columns : 0);
    }

    private readonly struct Batch(Operand<T> first, int count, long stride)
    {
        public readonly Operand<T> First = first;
        public readonly int Count = count;
        public readonly long Stride = stride;

        public Batch Transposed => new(First.Transposed, Count, Stride);
    }
}
