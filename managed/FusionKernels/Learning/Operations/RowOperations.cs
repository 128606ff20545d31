using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Operations on rows of the last dimension.</summary>
internal abstract class RowOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes rule(a).</summary>
    public static Var<T> Record<TRule>(Var<T> a, TRule rule, RowOperation<T> operation, bool keepsStatistics)
        where TRule : unmanaged, IRowRule<T>
    {
        Tape<T> tape = a.Tape;
        Node<T> source = a.Node;
        if (source.Rank == 0) throw new ArgumentException($"{operation.Name}: a number has no rows");
        Node<T> node = tape.New(operation, source.Lengths, source);
        if (keepsStatistics) node.Saved = tape.Take(node.Rows, operation.Name);
        Operand<T> statistics = keepsStatistics ? new MatrixRef<T>(node.Saved!, 0, node.Rows, 1, 1).InBuffer : default;
        tape.ByRow(rule, node.Value, source.Value, default, default, statistics, adds: false, operation.Name);
        return new(tape, node);
    }

    /// <summary>Brings rule(value, gradient, statistics) to the operand.</summary>
    protected void Bring<TRule>(Tape<T> tape, Node<T> node, TRule rule)
        where TRule : unmanaged, IRowRule<T>
    {
        if (node.A is not { NeedsGradient: true } a) return;
        Operand<T> statistics = node.Saved is null ? default : new MatrixRef<T>(node.Saved, 0, node.Rows, node.Columns, 1, 0).InBuffer;
        tape.ByRow(rule, tape.GradientOf(a, node.Rows, node.Columns, out bool adds), node.Value, node.GradientValue, statistics, default, adds, Name);
    }
}

/// <summary>Softmax.</summary>
internal sealed class SoftmaxOperation<T> : RowOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static SoftmaxOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Softmax";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node) => Bring(tape, node, default(SoftmaxSlopeRule<T>));
}

/// <summary>The logarithm of softmax.</summary>
internal sealed class LogSoftmaxOperation<T> : RowOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static LogSoftmaxOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "LogSoftmax";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node) => Bring(tape, node, default(LogSoftmaxSlopeRule<T>));
}

/// <summary>Rows of mean 0 and variance 1.</summary>
internal sealed class StandardizeOperation<T> : RowOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static StandardizeOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Standardize";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node) => Bring(tape, node, new StandardizeSlopeRule<T>(T.CreateChecked(1.0 / node.Columns)));
}

/// <summary>Rows of unit length.</summary>
internal sealed class UnitOperation<T> : RowOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static UnitOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Unit";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node) => Bring(tape, node, default(UnitSlopeRule<T>));
}

/// <summary>a gain + offset, feature by feature.</summary>
internal sealed class AffineOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static AffineOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Affine";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> a, Var<T> gain, Var<T> offset)
    {
        Tape<T> tape = a.Tape;
        Node<T> x = a.Node, g = gain.NodeOn(tape), o = offset.NodeOn(tape);
        if (g.Elements != x.Columns || o.Elements != x.Columns)
        {
            throw new ArgumentException($"LayerNorm: x is {Tape<T>.ShapeOf(x)}, gain and offset are {Tape<T>.ShapeOf(g)} and {Tape<T>.ShapeOf(o)}: {x.Columns} of each are needed");
        }

        Node<T> node = tape.New(Instance, x.Lengths, x, g, o);
        tape.Map(default(AffineFunction<T>), node.Value, x.Value, g.Strided(x.Rows, x.Columns, 0, 1), o.Strided(x.Rows, x.Columns, 0, 1), adds: false, Instance.Name);
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        Node<T> x = node.A!, gain = node.B!, offset = node.C!;
        Operand<T> gradient = node.GradientValue;
        ProductFunction<T> product = new(T.One);
        if (gain.NeedsGradient) tape.Sum(product, tape.FlatGradientOf(gain, out bool adds), gradient, x.Value, ofColumns: true, 1, adds, Name);
        if (offset.NeedsGradient) tape.Sum(new Linear1Function<T>(T.One, T.Zero), tape.FlatGradientOf(offset, out bool adds), gradient, default, ofColumns: true, 1, adds, Name);
        if (x.NeedsGradient) tape.Map(product, tape.GradientOf(x, out bool adds), gradient, gain.Strided(x.Rows, x.Columns, 0, 1), default, adds, Name);
    }
}

/// <summary>factor times the sum of all elements.</summary>
internal sealed class TotalOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static TotalOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Sum";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> a, double factor)
    {
        Tape<T> tape = a.Tape;
        Node<T> source = a.Node, node = tape.New(Instance, [], source);
        node.Factor = factor;
        tape.Total(new Linear1Function<T>(T.One, T.Zero), node.Flat, source.Flat, default, factor, adds: false, Instance.Name);
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } a) return;
        Operand<T> everywhere = new MatrixRef<T>(node.Root.Gradient!, node.Root.GradientOffset, 1, checked((int)a.Elements), 0, 0).InBuffer;
        tape.Map(new Linear1Function<T>(T.CreateChecked(node.Factor), T.Zero), tape.FlatGradientOf(a, out bool adds), everywhere, default, default, adds, Name);
    }
}

/// <summary>factor times the sum along one dimension.</summary>
internal sealed class AxisOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static AxisOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Sum";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> a, int axis, bool isMean)
    {
        Tape<T> tape = a.Tape;
        Node<T> source = a.Node;
        int place = axis < 0 ? axis + source.Rank : axis;
        if ((uint)place >= (uint)source.Rank) throw new ArgumentOutOfRangeException(nameof(axis), axis, $"{Tape<T>.ShapeOf(source)} has no such dimension");
        int[] lengths = [.. source.Lengths[..place], .. source.Lengths[(place + 1)..]];
        Node<T> node = tape.New(Instance, lengths, source);
        (node.Start, node.Factor) = (place, isMean ? 1.0 / Math.Max(1, source.Lengths[place]) : 1);
        Parts(source, place, out int outer, out int length, out int inner);
        Linear1Function<T> same = new(T.One, T.Zero);
        if (inner == 1) tape.Sum(same, node.Matrix(outer, 1), source.Matrix(outer, length), default, ofColumns: false, node.Factor, adds: false, Instance.Name);
        for (int item = 0; inner > 1 && item < outer; item++)
        {
            tape.Sum(
                same,
                node.Strided(1, inner, inner, 1, (long)item * inner),
                source.Strided(length, inner, inner, 1, (long)item * length * inner),
                default,
                ofColumns: true,
                node.Factor,
                adds: false,
                Instance.Name);
        }

        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } a) return;
        Parts(a, node.Start, out int outer, out int length, out int inner);
        Linear1Function<T> scaled = new(T.CreateChecked(node.Factor), T.Zero);
        Operand<T> target = tape.GradientOf(a, outer * length, inner, out bool adds), gradient = node.GradientMatrix(outer, inner);
        if (inner == 1)
        {
            Operand<T> rows = new MatrixRef<T>(gradient.Buffer!, gradient.Offset, outer, length, 1, 0).InBuffer;
            tape.Map(scaled, new MatrixRef<T>(target.Buffer!, target.Offset, outer, length, length).InBuffer, rows, default, default, adds, Name);
            return;
        }

        for (int item = 0; item < outer; item++)
        {
            Operand<T> row = new MatrixRef<T>(gradient.Buffer!, gradient.Offset + ((long)item * inner), length, inner, 0).InBuffer;
            tape.Map(scaled, target.RowRange(item * length, length), row, default, default, adds, Name);
        }
    }

    private static void Parts(Node<T> node, int axis, out int outer, out int length, out int inner)
    {
        (outer, length, inner) = (1, node.Lengths[axis], 1);
        for (int i = 0; i < axis; i++) outer *= node.Lengths[i];
        for (int i = axis + 1; i < node.Rank; i++) inner *= node.Lengths[i];
    }
}
