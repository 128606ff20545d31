using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>The way back through a function of one operand, element by element.</summary>
internal abstract class UnaryOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes function(a).</summary>
    public static Var<T> Record<TFunction>(Var<T> a, TFunction function, Operation<T> operation)
        where TFunction : unmanaged, IElementFunction<T>
    {
        Tape<T> tape = a.Tape;
        Node<T> source = a.Node, node = tape.New(operation, source.Lengths, source);
        tape.Map(function, node.Flat, source.Flat, default, default, adds: false, operation.Name);
        return new(tape, node);
    }

    /// <inheritdoc/>
    public sealed override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is { NeedsGradient: true } a) Backward(tape, node, node.FlatGradient, a, tape.FlatGradientOf(a, out bool adds), adds);
    }

    /// <summary>Writes or adds the operand's gradient.</summary>
    protected abstract void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds);
}

/// <summary>factor a + addend.</summary>
internal sealed class LinearOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static LinearOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Scale";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(new Linear1Function<T>(T.CreateChecked(node.Factor), T.Zero), target, gradient, default, default, adds, Name);
}

/// <summary>a².</summary>
internal sealed class SquareOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static SquareOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Square";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(new ProductFunction<T>(T.CreateChecked(2)), target, gradient, a.Flat, default, adds, Name);
}

/// <summary>exp(a).</summary>
internal sealed class ExpOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static ExpOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Exp";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(new ProductFunction<T>(T.One), target, gradient, node.Flat, default, adds, Name);
}

/// <summary>ln(a).</summary>
internal sealed class LogOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static LogOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Log";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(default(QuotientFunction<T>), target, gradient, a.Flat, default, adds, Name);
}

/// <summary>The square root of a.</summary>
internal sealed class SqrtOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static SqrtOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Sqrt";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(default(RootSlopeFunction<T>), target, gradient, node.Flat, default, adds, Name);
}

/// <summary>|a|.</summary>
internal sealed class AbsOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static AbsOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Abs";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(default(SignedFunction<T>), target, gradient, a.Flat, default, adds, Name);
}

/// <summary>a within bounds.</summary>
internal sealed class ClampOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static ClampOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Clamp";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) => tape.Map(
        new ClampSlopeFunction<T>(T.CreateChecked(node.Factor), T.CreateChecked(node.Other)), target, gradient, a.Flat, default, adds, Name);
}

/// <summary>The operand itself, whose gradient is multiplied on its way back.</summary>
internal sealed class ReversalOperation<T> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static ReversalOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "ReverseGradient";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(new Linear1Function<T>(T.CreateChecked(-node.Factor), T.Zero), target, gradient, default, default, adds, Name);
}

/// <summary>An activation whose value tells its derivative.</summary>
internal sealed class ActivationOperation<T, TActivation>(TActivation activation) : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TActivation : unmanaged, IActivation<T>
{
    /// <inheritdoc/>
    public override string Name => "Activation";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(new ActivationSlopeFunction<T, TActivation>(activation), target, gradient, node.Flat, default, adds, Name);
}

/// <summary>An activation whose derivative is a function of its argument.</summary>
internal sealed class ArgumentActivationOperation<T, TSlope> : UnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSlope : unmanaged, IElementFunction<T>
{
    /// <summary>The one instance.</summary>
    public static ArgumentActivationOperation<T, TSlope> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Gelu";

    /// <inheritdoc/>
    protected override void Backward(Tape<T> tape, Node<T> node, in Operand<T> gradient, Node<T> a, in Operand<T> target, bool adds) =>
        tape.Map(default(TSlope), target, gradient, a.Flat, default, adds, Name);
}
