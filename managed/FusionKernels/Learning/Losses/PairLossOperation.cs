using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>The mean of a function of two values of one shape, in one pass.</summary>
internal abstract class PairLossOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the mean of function(a, b).</summary>
    public static Var<T> Record<TFunction>(Var<T> a, Var<T> b, TFunction function, Operation<T> operation)
        where TFunction : unmanaged, IElementFunction<T>
    {
        Tape<T> tape = a.Tape;
        Node<T> left = a.Node, right = b.NodeOn(tape), node = tape.New(operation, [], left, right);
        tape.Total(function, node.Flat, left.Flat, right.Flat, 1.0 / left.Elements, adds: false, operation.Name);
        return new(tape, node);
    }

    /// <summary>The gradient of the mean, for every element.</summary>
    protected static Operand<T> Everywhere(Node<T> node, Node<T> a) =>
        new MatrixRef<T>(node.Root.Gradient!, node.Root.GradientOffset, 1, checked((int)a.Elements), 0, 0).InBuffer;
}

/// <summary>The mean of (a - b)².</summary>
internal sealed class SquaredErrorOperation<T> : PairLossOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static SquaredErrorOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "MeanSquaredError";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        Node<T> a = node.A!, b = node.B!;
        double factor = 2.0 / a.Elements;
        if (a.NeedsGradient) tape.Map(new DifferenceSlopeFunction<T>(T.CreateChecked(factor)), tape.FlatGradientOf(a, out bool adds), a.Flat, b.Flat, Everywhere(node, a), adds, Name);
        if (b.NeedsGradient) tape.Map(new DifferenceSlopeFunction<T>(T.CreateChecked(factor)), tape.FlatGradientOf(b, out bool adds), b.Flat, a.Flat, Everywhere(node, a), adds, Name);
    }
}

/// <summary>The mean of ln(1 + exp(a)) - a b.</summary>
internal sealed class LogisticOperation<T> : PairLossOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static LogisticOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "BinaryCrossEntropy";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } a) return;
        tape.Map(new LogisticSlopeFunction<T>(T.CreateChecked(1.0 / a.Elements)), tape.FlatGradientOf(a, out bool adds), a.Flat, node.B!.Flat, Everywhere(node, a), adds, Name);
    }
}
