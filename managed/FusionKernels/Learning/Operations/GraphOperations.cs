using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;
using GraphCalls = FusionKernels.Kernels.Graphs.Graphs;

namespace FusionKernels;

/// <summary>What operations on graphs share.</summary>
internal abstract class GraphOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Fills a gradient by kernels that only write, beside what stands there.</summary>
    protected void Bring(Tape<T> tape, Node<T> operand, Action<MatrixRefOf> fill)
    {
        Operand<T> target = tape.GradientOf(operand, out bool adds);
        if (!adds)
        {
            fill(new(target));
            return;
        }

        DeviceBuffer<T> memory = tape.Take(operand.Elements, Name);
        Operand<T> written = new MatrixRef<T>(memory, 0, operand.Rows, operand.Columns, operand.Columns).InBuffer;
        fill(new(written));
        tape.Copy(written, target, adds: true, Name);
        tape.Return(memory);
    }

    /// <summary>The graph of a node.</summary>
    protected static ResidentGraph<T> GraphOf(Node<T> node) => (ResidentGraph<T>)node.Extra!;

    /// <summary>A value as a matrix of rows.</summary>
    protected static void RequireRows(Node<T> node, int rows, string name, string what)
    {
        if (node.Rank != 2 || node.Lengths[0] != rows) throw new ArgumentException($"{name}: the value is {Tape<T>.ShapeOf(node)}; the graph has {rows} {what}: a matrix of as many rows is needed");
    }

    /// <summary>An operand that a delegate may take.</summary>
    protected readonly struct MatrixRefOf(Operand<T> operand)
    {
        /// <summary>The matrix.</summary>
        public MatrixRef<T> Ref => operand.Ref;
    }
}

/// <summary>A sparse matrix times a value, with given weights or trained ones.</summary>
internal sealed class SparseProductOperation<T> : GraphOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static SparseProductOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Propagate";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> x, SparseMatrix<T> graph, Var<T>? weights)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Tape<T> tape = x.Tape;
        Node<T> source = x.Node;
        Node<T>? w = weights?.NodeOn(tape);
        RequireRows(source, graph.Columns, Instance.Name, "columns");
        if (w is not null && (w.Rank is not (1 or 2) || w.Lengths[0] != graph.Count || (w.Rank == 2 && (w.Columns == 0 || source.Columns % w.Columns != 0))))
        {
            throw new ArgumentException($"Propagate: the weights are {Tape<T>.ShapeOf(w)}; the graph has {graph.Count} entries, the value {source.Columns} features: a whole block of them for each head");
        }

        Node<T> node = tape.New(Instance, [graph.Rows, source.Columns], source, w);
        ResidentGraph<T> resident = tape.Resident(graph, Instance.Name);
        node.Extra = resident;
        GraphCalls.Multiply(tape.Engine, resident.Pattern, Weights(node), source.Value.Ref, node.Value.Ref, isMean: false, 1, 0, tape.Settings(Instance.Name));
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        ISparsePattern pattern = GraphOf(node).Pattern;
        if (node.A is { NeedsGradient: true } x)
        {
            Operand<T> target = tape.GradientOf(x, out bool adds);
            GraphCalls.MultiplyTransposed(tape.Engine, pattern, Weights(node), node.GradientValue.Ref, target.Ref, 1, adds ? 1 : 0, tape.Settings(Name));
        }

        if (node.B is not { NeedsGradient: true } weights) return;
        Bring(tape, weights, target => GraphCalls.Dots(tape.Engine, pattern, node.GradientValue.Ref, node.A!.Value.Ref, Entries(target, weights), tape.Settings(Name)));
    }

    private static MatrixRef<T> Weights(Node<T> node) => node.B is { } given ? given.Matrix(Count(given), Heads(given)).Ref : GraphOf(node).Values;

    private static MatrixRef<T> Entries(MatrixRefOf target, Node<T> weights) => weights.Rank == 1 ? target.Ref.Transposed : target.Ref;

    private static int Count(Node<T> weights) => weights.Lengths[0];

    private static int Heads(Node<T> weights) => weights.Rank == 1 ? 1 : weights.Columns;
}

/// <summary>Scores of entries.</summary>
internal sealed class EdgeScoreOperation<T> : GraphOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static EdgeScoreOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "EdgeScores";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> targets, Var<T> sources, SparseMatrix<T> graph, double slope)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegative(slope);
        Tape<T> tape = targets.Tape;
        Node<T> left = targets.Node, right = sources.NodeOn(tape);
        RequireRows(left, graph.Rows, Instance.Name, "rows");
        RequireRows(right, graph.Columns, Instance.Name, "columns");
        if (left.Columns != right.Columns) throw new ArgumentException($"EdgeScores: {Tape<T>.ShapeOf(left)} and {Tape<T>.ShapeOf(right)}: as many heads are needed");
        Node<T> node = tape.New(Instance, [graph.Count, left.Columns], left, right);
        ResidentGraph<T> resident = tape.Resident(graph, Instance.Name);
        (node.Extra, node.Factor) = (resident, slope);
        GraphCalls.Scores(tape.Engine, resident.Pattern, left.Value.Ref, right.Value.Ref, node.Value.Ref, slope, tape.Settings(Instance.Name));
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        ISparsePattern pattern = GraphOf(node).Pattern;
        DeviceBuffer<T> memory = tape.Take(node.Elements, Name);
        Operand<T> sums = new MatrixRef<T>(memory, 0, node.Rows, node.Columns, node.Columns).InBuffer;
        GraphCalls.ScoreGradients(tape.Engine, pattern, node.Value.Ref, node.GradientValue.Ref, sums.Ref, node.Factor, tape.Settings(Name));
        if (node.A is { NeedsGradient: true } left) Bring(tape, left, target => GraphCalls.SumRows(tape.Engine, pattern, sums.Ref, target.Ref, tape.Settings(Name)));
        if (node.B is { NeedsGradient: true } right) Bring(tape, right, target => GraphCalls.SumColumns(tape.Engine, pattern, sums.Ref, target.Ref, tape.Settings(Name)));
        tape.Return(memory);
    }
}

/// <summary>Softmax over the entries of rows.</summary>
internal sealed class EdgeSoftmaxOperation<T> : GraphOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static EdgeSoftmaxOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "EdgeSoftmax";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> scores, SparseMatrix<T> graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Tape<T> tape = scores.Tape;
        Node<T> source = scores.Node;
        RequireRows(source, graph.Count, Instance.Name, "entries");
        Node<T> node = tape.New(Instance, source.Lengths, source);
        ResidentGraph<T> resident = tape.Resident(graph, Instance.Name);
        node.Extra = resident;
        GraphCalls.Softmax(tape.Engine, resident.Pattern, source.Value.Ref, node.Value.Ref, tape.Settings(Instance.Name));
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } scores) return;
        Bring(tape, scores, target => GraphCalls.SoftmaxGradient(tape.Engine, GraphOf(node).Pattern, node.Value.Ref, node.GradientValue.Ref, target.Ref, tape.Settings(Name)));
    }
}

/// <summary>The largest of each row's neighbours.</summary>
internal sealed class NeighbourMaximumOperation<T> : GraphOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static NeighbourMaximumOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "NeighbourMaximum";

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> x, SparseMatrix<T> graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Tape<T> tape = x.Tape;
        Node<T> source = x.Node;
        RequireRows(source, graph.Columns, Instance.Name, "columns");
        Node<T> node = tape.New(Instance, [graph.Rows, source.Columns], source);
        Taken taken = new(tape.Resident(graph, Instance.Name), tape.TakeIndices(Math.Max(1, node.Elements), Instance.Name));
        node.Extra = taken;
        GraphCalls.Maximum(tape.Engine, taken.Graph.Pattern, source.Value.Ref, node.Value.Ref, taken.Entries(node), tape.Settings(Instance.Name));
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        if (node.A is not { NeedsGradient: true } x) return;
        Taken taken = (Taken)node.Extra!;
        Bring(tape, x, target => GraphCalls.MaximumGradient(tape.Engine, taken.Graph.Pattern, node.GradientValue.Ref, taken.Entries(node), target.Ref, tape.Settings(Name)));
    }

    private sealed record Taken(ResidentGraph<T> Graph, DeviceBuffer<int> Memory)
    {
        public MatrixRef<int> Entries(Node<T> node) => new(Memory, 0, node.Rows, node.Columns, node.Columns);
    }
}
