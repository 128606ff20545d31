using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Functions of two operands, the smaller of which repeats.</summary>
internal static class Combined
{
    /// <summary>a + factor b.</summary>
    public static Var<T> Sum<T>(Var<T> a, Var<T> b, double factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Var<T> result = Record(a, b, new Linear2Function<T>(T.One, T.CreateChecked(factor)), SumOperation<T>.Instance);
        result.Node.Factor = factor;
        return result;
    }

    /// <summary>a b.</summary>
    public static Var<T> Product<T>(Var<T> a, Var<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Record(a, b, new ProductFunction<T>(T.One), ProductOperation<T>.Instance);

    /// <summary>a / b.</summary>
    public static Var<T> Quotient<T>(Var<T> a, Var<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Record(a, b, default(QuotientFunction<T>), QuotientOperation<T>.Instance);

    private static Var<T> Record<T, TFunction>(Var<T> a, Var<T> b, TFunction function, Operation<T> operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : unmanaged, IElementFunction<T>
    {
        Tape<T> tape = a.Tape;
        Node<T> left = a.Node, right = b.NodeOn(tape);
        Repetition repetition = Repetition.Of(left, right, operation.Name);
        Node<T> node = tape.New(operation, repetition.SmallerIsB ? left.Lengths : right.Lengths, left, right);
        node.Extra = repetition;
        tape.Map(function, node.Matrix(repetition.Rows, repetition.Columns), repetition.A(left), repetition.B(right), default, adds: false, operation.Name);
        return new(tape, node);
    }
}

/// <summary>How the smaller of two operands repeats: as a matrix of rows and columns, with strides of 0.</summary>
internal sealed record Repetition(int Rows, int Columns, int RowStride, int ColumnStride, bool SmallerIsB)
{
    /// <summary>Whether the smaller one repeats at all.</summary>
    public bool IsNone => RowStride == Columns && ColumnStride == 1;

    /// <summary>How two shapes combine.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static Repetition Of<T>(Node<T> a, Node<T> b, string operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool smallerIsB = b.Elements < a.Elements || (b.Elements == a.Elements && b.Rank <= a.Rank);
        Node<T> large = smallerIsB ? a : b, small = smallerIsB ? b : a;
        int elements = checked((int)large.Elements);
        if (small.Elements == 1) return new(1, elements, large.Elements == 1 ? elements : 0, large.Elements == 1 ? 1 : 0, smallerIsB);
        ReadOnlySpan<int> wide = large.Lengths, narrow = small.Lengths;
        while (narrow.Length > 0 && narrow[0] == 1) narrow = narrow[1..];
        if (wide.EndsWith(narrow))
        {
            int columns = (int)small.Elements;
            return elements == columns ? new(1, elements, elements, 1, smallerIsB) : new(columns == 0 ? 0 : elements / columns, columns, 0, 1, smallerIsB);
        }

        if (narrow.Length == wide.Length && narrow[^1] == 1 && narrow[..^1].SequenceEqual(wide[..^1])) return new(elements / wide[^1], wide[^1], 1, 0, smallerIsB);
        throw new ArgumentException($"{operation}: {Tape<T>.ShapeOf(a)} and {Tape<T>.ShapeOf(b)} do not combine: equal shapes are needed, or one that repeats (the last dimensions, or 1 for the last)");
    }

    /// <summary>The first operand as the result's rows and columns.</summary>
    public Operand<T> A<T>(Node<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SmallerIsB ? a.Matrix(Rows, Columns) : a.Strided(Rows, Columns, RowStride, ColumnStride);

    /// <summary>The second operand as the result's rows and columns.</summary>
    public Operand<T> B<T>(Node<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => SmallerIsB ? b.Strided(Rows, Columns, RowStride, ColumnStride) : b.Matrix(Rows, Columns);
}

/// <summary>The way back through a function of two operands: what repeats collects the sum over its repetitions.</summary>
internal abstract class CombinedOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Brings function(gradient, other) to an operand, summed over what repeats.</summary>
    protected void Bring<TFunction>(Tape<T> tape, Node<T> node, Node<T> operand, bool isB, TFunction function, in Operand<T> other)
        where TFunction : unmanaged, IElementFunction<T>
    {
        Repetition shape = (Repetition)node.Extra!;
        Operand<T> gradient = node.GradientMatrix(shape.Rows, shape.Columns);
        if (isB != shape.SmallerIsB || shape.IsNone)
        {
            tape.Map(function, tape.GradientOf(operand, shape.Rows, shape.Columns, out bool adds), gradient, other, default, adds, Name);
        }
        else if (shape is { RowStride: 0, ColumnStride: 0 })
        {
            tape.Total(function, tape.GradientOf(operand, 1, 1, out bool adds), gradient, other, 1, adds, Name);
        }
        else
        {
            bool ofColumns = shape.RowStride == 0;
            Operand<T> target = ofColumns ? tape.GradientOf(operand, 1, shape.Columns, out bool adds) : tape.GradientOf(operand, shape.Rows, 1, out adds);
            tape.Sum(function, target, gradient, other, ofColumns, 1, adds, Name);
        }
    }
}

/// <summary>a + factor b.</summary>
internal sealed class SumOperation<T> : CombinedOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static SumOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Add";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is { NeedsGradient: true } a) Bring(tape, node, a, isB: false, new Linear1Function<T>(T.One, T.Zero), default);
        if (node.B is { NeedsGradient: true } b) Bring(tape, node, b, isB: true, new Linear1Function<T>(T.CreateChecked(node.Factor), T.Zero), default);
    }
}

/// <summary>a b.</summary>
internal sealed class ProductOperation<T> : CombinedOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static ProductOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Multiply";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        Repetition shape = (Repetition)node.Extra!;
        if (node.A is { NeedsGradient: true } a) Bring(tape, node, a, isB: false, new ProductFunction<T>(T.One), shape.B(node.B!));
        if (node.B is { NeedsGradient: true } b) Bring(tape, node, b, isB: true, new ProductFunction<T>(T.One), shape.A(node.A!));
    }
}

/// <summary>a / b.</summary>
internal sealed class QuotientOperation<T> : CombinedOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static QuotientOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Divide";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        Repetition shape = (Repetition)node.Extra!;
        if (node.A is { NeedsGradient: true } a) Bring(tape, node, a, isB: false, default(QuotientFunction<T>), shape.B(node.B!));
        if (node.B is not { NeedsGradient: true } b) return;

        // The gradient for each repetition first: three numbers make it, and sums read two.
        DeviceMemory<T> each = DeviceMemory<T>.Take(tape, node.Elements, Name);
        Operand<T> target = each.Matrix(shape.Rows, shape.Columns);
        tape.Map(default(QuotientSlopeFunction<T>), target, node.GradientMatrix(shape.Rows, shape.Columns), node.Matrix(shape.Rows, shape.Columns), shape.B(b), adds: false, Name);
        BringMade(tape, shape, b, target);
        each.Return(tape);
    }

    private void BringMade(Tape<T> tape, Repetition shape, Node<T> b, in Operand<T> each)
    {
        Linear1Function<T> same = new(T.One, T.Zero);
        if (!shape.SmallerIsB || shape.IsNone) tape.Map(same, tape.GradientOf(b, shape.Rows, shape.Columns, out bool adds), each, default, default, adds, Name);
        else if (shape is { RowStride: 0, ColumnStride: 0 }) tape.Total(same, tape.GradientOf(b, 1, 1, out bool adds), each, default, 1, adds, Name);
        else if (shape.RowStride == 0) tape.Sum(same, tape.GradientOf(b, 1, shape.Columns, out bool adds), each, default, ofColumns: true, 1, adds, Name);
        else tape.Sum(same, tape.GradientOf(b, shape.Rows, 1, out bool adds), each, default, ofColumns: false, 1, adds, Name);
    }
}

/// <summary>Memory for the length of an operation.</summary>
internal readonly struct DeviceMemory<T>(DeviceBuffer<T> buffer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Memory of a tape.</summary>
    public static DeviceMemory<T> Take(Tape<T> tape, long elements, string operation) => new(tape.Take(elements, operation));

    /// <summary>Its elements as a dense matrix.</summary>
    public Operand<T> Matrix(int rows, int columns, long from = 0) => new MatrixRef<T>(buffer, from, rows, columns, columns).InBuffer;

    /// <summary>Gives it back.</summary>
    public void Return(Tape<T> tape) => tape.Return(buffer);
}
