using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Rows and columns exchanged.</summary>
internal sealed class TransposeOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static TransposeOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Transpose";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } a) return;
        tape.Copy(node.GradientValue.Transposed, tape.GradientOf(a, out bool adds), adds, Name);
    }
}

/// <summary>A range of columns.</summary>
internal sealed class ColumnsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static ColumnsOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Columns";

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } a || node.Elements == 0) return;
        Operand<T> target = tape.GradientOf(a, out bool adds);

        // Columns beside the range get nothing, which must stand there.
        if (!adds) tape.Map(new ClampFunction<T>(T.Zero, T.Zero), target, a.Value, default, default, adds: false, Name);
        tape.Copy(node.GradientValue, target.ColumnRange(node.Start, node.Columns), adds: true, Name);
    }
}

/// <summary>Values side by side, or one below the other.</summary>
internal sealed class ConcatOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static ConcatOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Concat";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(ReadOnlySpan<Var<T>> parts, bool alongRows)
    {
        if (parts.IsEmpty) throw new ArgumentException("there is nothing to put together; at least one value is needed", nameof(parts));
        Tape<T> tape = parts[0].Tape;
        Node<T>[] nodes = new Node<T>[parts.Length];
        for (int i = 0; i < nodes.Length; i++) nodes[i] = parts[i].NodeOn(tape);
        int[] lengths = nodes[0].Lengths.ToArray();
        int axis = lengths.Length - (alongRows ? 2 : 1);
        if (axis < 0) throw new ArgumentException($"{Tape<T>.ShapeOf(nodes[0])} has too few dimensions to be put together", nameof(parts));
        lengths[axis] = 0;
        foreach (Node<T> part in nodes)
        {
            bool fits = part.Rank == lengths.Length;
            for (int i = 0; fits && i < lengths.Length; i++) fits = i == axis || part.Lengths[i] == nodes[0].Lengths[i];
            if (!fits) throw new ArgumentException($"{Tape<T>.ShapeOf(nodes[0])} and {Tape<T>.ShapeOf(part)} differ beside the dimension along which they are put together", nameof(parts));
            lengths[axis] += part.Lengths[axis];
        }

        Node<T> node = tape.New(Instance, lengths, nodes[0]);
        node.NeedsGradient = nodes.Any(part => part.NeedsGradient);
        (node.Extra, node.Count) = (nodes, axis);
        int at = 0;
        foreach (Node<T> part in nodes)
        {
            Operand<T> target = Part(node, node.Value, part, axis, at);
            if (part.Elements > 0) tape.Copy(Own(part, part.Value, axis), target, adds: false, Instance.Name);
            at += part.Lengths[axis];
        }

        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        int at = 0, axis = node.Count;
        foreach (Node<T> part in (Node<T>[])node.Extra!)
        {
            if (part.NeedsGradient && part.Elements > 0)
            {
                Operand<T> target = Own(part, tape.GradientOf(part, out bool adds), axis);
                tape.Copy(Part(node, node.GradientValue, part, axis, at), target, adds, Name);
            }

            at += part.Lengths[axis];
        }
    }

    /// <summary>A part's place in the whole: rows of what comes before the dimension, columns of it and what comes after.</summary>
    private static Operand<T> Part(Node<T> node, in Operand<T> whole, Node<T> part, int axis, int at)
    {
        int inner = Inner(node, axis), width = node.Lengths[axis] * inner;
        return new MatrixRef<T>(whole.Buffer!, whole.Offset + ((long)at * inner), Outer(node, axis), part.Lengths[axis] * inner, width).InBuffer;
    }

    private static Operand<T> Own(Node<T> part, in Operand<T> all, int axis)
    {
        int width = part.Lengths[axis] * Inner(part, axis);
        return new MatrixRef<T>(all.Buffer!, all.Offset, Outer(part, axis), width, width).InBuffer;
    }

    private static int Inner(Node<T> node, int axis) => axis == node.Rank - 1 ? 1 : node.Columns;

    private static int Outer(Node<T> node, int axis)
    {
        int product = 1;
        for (int i = 0; i < axis; i++) product *= node.Lengths[i];
        return product;
    }
}

/// <summary>Rows by index.</summary>
internal sealed class GatherOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static GatherOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Gather";

    /// <summary>Computes the value from a table of so many rows and columns.</summary>
    public static Var<T> Record(Var<T> table, ReadOnlySpan<int> rows, int tableRows, int columns, ReadOnlySpan<int> lengths)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)tableRows) throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"index {i} is outside a table of {tableRows} rows");
        }

        Tape<T> tape = table.Tape;
        Node<T> source = table.Node, node = tape.New(Instance, lengths, source);
        node.Count = columns;
        IndexPlan plan = node.Indices = tape.Indices(rows, Instance.Name);
        IndexedCall<T> call = new()
        {
            Result = node.Matrix(rows.Length, columns),
            Source = source.Matrix(tableRows, columns),
            Sources = plan.Rows,
            Count = rows.Length,
            Settings = tape.Settings(Instance.Name),
        };
        tape.Engine.Execute(ref call);
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } a) return;
        int columns = node.Count, rows = checked((int)(a.Elements / columns));
        IndexPlan plan = node.Indices!;
        Operand<T> target = tape.GradientOf(a, rows, columns, out bool adds);

        // Rows that nobody took get nothing, which must stand there.
        if (!adds) tape.Map(new ClampFunction<T>(T.Zero, T.Zero), target, a.Matrix(rows, columns), default, default, adds: false, Name);
        IndexedCall<T> call = new()
        {
            Result = target,
            Source = node.GradientMatrix(plan.Count, columns),
            Sources = plan.Order,
            Targets = plan.Targets,
            Starts = plan.Starts,
            Count = plan.TargetCount,
            Adds = true,
            Settings = tape.Settings(Name),
        };
        tape.Engine.Execute(ref call);
    }
}

/// <summary>Dropout, whose mask is drawn again on the way back.</summary>
internal sealed class DropoutOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static DropoutOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Dropout";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> a, double probability)
    {
        Tape<T> tape = a.Tape;
        Node<T> source = a.Node, node = tape.New(Instance, source.Lengths, source);
        (node.Factor, node.Count) = (probability, (int)tape.NextDropout());
        Run(tape, node, node.Flat, source.Flat, adds: false);
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is { NeedsGradient: true } a) Run(tape, node, tape.FlatGradientOf(a, out bool adds), node.FlatGradient, adds);
    }

    private static void Run(Tape<T> tape, Node<T> node, in Operand<T> result, in Operand<T> a, bool adds)
    {
        DropoutCall<T> call = new()
        {
            Result = result,
            A = a,
            Mask = DropoutMask.Of(node.Factor, tape.Seed, (uint)node.Count, (uint)tape.Step),
            Scale = 1 / (1 - node.Factor),
            Adds = adds,
            Settings = tape.Settings("Dropout"),
        };
        tape.Engine.Execute(ref call);
    }
}
