using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <content>Nodes and their memory, and the calls of kernels that operations share.</content>
public sealed partial class Tape<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How an operation runs.</summary>
    internal RunSettings Settings(string operation) => new(Named(operation), Threads, null, null, Cancellation);

    /// <summary>By what name errors of the device tell of an operation.</summary>
    private string Named(string operation) => Operation ?? operation;

    /// <summary>A node with memory of its own.</summary>
    internal Node<T> New(ReadOnlySpan<int> lengths)
    {
        Node<T> node = Open(lengths, null);
        (node.Buffer, node.Offset, node.NeedsGradient) = (_memory.Take(node.Elements, Named("Tape")), 0, false);
        return node;
    }

    /// <summary>The result of an operation.</summary>
    internal Node<T> New(Operation<T> operation, ReadOnlySpan<int> lengths, Node<T> a, Node<T>? b = null, Node<T>? c = null)
    {
        Node<T> node = New(lengths);
        (node.Operation, node.A, node.B, node.C) = (operation, a, b, c);
        node.NeedsGradient = a.NeedsGradient || b is { NeedsGradient: true } || c is { NeedsGradient: true };
        return node;
    }

    /// <summary>Other lengths of the same elements.</summary>
    internal Node<T> View(Node<T> source, ReadOnlySpan<int> lengths)
    {
        Node<T> node = Open(lengths, source);
        (node.Buffer, node.Offset, node.NeedsGradient) = (source.Buffer, source.Offset, source.NeedsGradient);
        return node;
    }

    /// <summary>Memory for the way back, or for the length of an operation.</summary>
    internal DeviceBuffer<T> Take(long elements, string operation) => _memory.Take(elements, Named(operation));

    /// <summary>Takes memory back before the step ends.</summary>
    internal void Return(DeviceBuffer<T> buffer) => _memory.Return(buffer);

    /// <summary>Indices on the device.</summary>
    internal IndexPlan Indices(ReadOnlySpan<int> rows, string operation) => IndexPlan.Of(Engine, _indices.Take(IndexPlan.Room(rows.Length), Named(operation)), rows);

    /// <summary>Where an operand's gradient belongs, as a dense matrix of the operand's rows and columns; the caller writes it, or adds.</summary>
    /// <param name="node">The operand.</param>
    /// <param name="adds">Whether something stands there to which to add.</param>
    internal Operand<T> GradientOf(Node<T> node, out bool adds) => GradientOf(node, node.Rows, node.Columns, out adds);

    /// <summary>As <see cref="GradientOf(Node{T}, out bool)"/>, as one dense row.</summary>
    internal Operand<T> FlatGradientOf(Node<T> node, out bool adds) => GradientOf(node, 1, checked((int)node.Elements), out adds);

    /// <summary>As <see cref="GradientOf(Node{T}, out bool)"/>, as a dense matrix of another shape.</summary>
    internal Operand<T> GradientOf(Node<T> node, int rows, int columns, out bool adds)
    {
        Node<T> root = node.Root;
        adds = root.HasGradient;
        root.HasGradient = true;
        if (root.Gradient is null) (root.Gradient, root.GradientOffset) = (_memory.Take(root.Elements, Named("Tape.Backward")), 0);
        return new MatrixRef<T>(root.Gradient, root.GradientOffset, rows, columns, columns).InBuffer;
    }

    /// <summary>Computes element by element.</summary>
    internal void Map<TFunction>(
        TFunction function, in Operand<T> result, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool adds, string operation)
        where TFunction : unmanaged, IElementFunction<T>
    {
        MapCall<T, TFunction> call = new() { Function = function, Result = result, A = a, B = b, C = c, Adds = adds, Settings = Settings(operation) };
        Engine.Execute(ref call);
    }

    /// <summary>Copies, or adds, element by element, whatever the strides.</summary>
    internal void Copy(in Operand<T> source, in Operand<T> result, bool adds, string operation) =>
        Map(new Linear1Function<T>(T.One, T.Zero), result, source, default, default, adds, operation);

    /// <summary>Computes by rows.</summary>
    internal void ByRow<TRule>(
        TRule rule, in Operand<T> result, in Operand<T> a, in Operand<T> b, in Operand<T> d, in Operand<T> statistics, bool adds, string operation)
        where TRule : unmanaged, IRowRule<T>
    {
        RowCall<T, TRule> call = new()
        {
            Rule = rule,
            Result = result,
            A = a,
            B = b,
            C = b,
            D = d,
            Statistics = statistics,
            Adds = adds,
            Settings = Settings(operation),
        };
        Engine.Execute(ref call);
    }

    /// <summary>Sums up rows, or columns.</summary>
    internal void Sum<TFunction>(
        TFunction function, in Operand<T> result, in Operand<T> a, in Operand<T> b, bool ofColumns, double factor, bool adds, string operation, int lastColumns = 0)
        where TFunction : unmanaged, IElementFunction<T>
    {
        SumCall<T, TFunction> call = new()
        {
            Function = function,
            Result = result,
            A = a,
            B = b,
            OfColumns = ofColumns,
            LastColumns = lastColumns,
            Factor = factor,
            Adds = adds,
            Settings = Settings(operation),
        };
        Engine.Execute(ref call);
    }

    /// <summary>Sums up everything in parts of one length, then the parts.</summary>
    internal void Total<TFunction>(
        TFunction function, in Operand<T> result, in Operand<T> a, in Operand<T> b, double factor, bool adds, string operation)
        where TFunction : unmanaged, IElementFunction<T>
    {
        const int Part = 4096; // one piece of a thread, and few enough parts for one more
        int elements = a.Columns, rows = (elements + Part - 1) / Part;
        if (rows <= 1)
        {
            Sum(function, result, a, b, ofColumns: false, factor, adds, operation);
            return;
        }

        DeviceBuffer<T> parts = Take(rows, operation);
        Operand<T> sums = new MatrixRef<T>(parts, 0, rows, 1, 1).InBuffer;
        Sum(function, sums, Parts(a, rows), b.IsAbsent ? b : Parts(b, rows), ofColumns: false, 1, adds: false, operation, elements - ((rows - 1) * Part));
        Sum(new Linear1Function<T>(T.One, T.Zero), result, new MatrixRef<T>(parts, 0, 1, rows, rows).InBuffer, default, ofColumns: false, factor, adds, operation);
        Return(parts);

        static Operand<T> Parts(in Operand<T> row, int rows) =>
            new MatrixRef<T>(row.Buffer!, row.Offset, rows, Part, row.ColumnStride == 0 ? 0 : Part, row.ColumnStride).InBuffer;
    }

    /// <summary>The next mask of dropout in this step.</summary>
    internal uint NextDropout() => _dropouts++;

    /// <summary>The first value of this step that is not finite, in words; null where all are.</summary>
    internal string? FindNonFinite()
    {
        for (int i = 0; i < _count; i++)
        {
            Node<T> node = _nodes[i];
            if (node.Root != node || node.Elements == 0) continue;
            T[] values = new T[node.Elements];
            Engine.Download(node.Buffer, node.Offset, values);
            int wrong = Array.FindIndex(values, value => !T.IsFinite(value));
            if (wrong < 0) continue;
            string name = node.Operation?.Name ?? (node.NeedsGradient ? "a parameter" : "an input");
            return $"{name}, element {wrong} of {ShapeOf(node)}: {values[wrong]}";
        }

        return null;
    }

    /// <summary>A shape in words.</summary>
    internal static string ShapeOf(Node<T> node) => node.Rank == 0 ? "scalar" : string.Join(" x ", node.Lengths.ToArray());

    private Node<T> Open(ReadOnlySpan<int> lengths, Node<T>? viewOf)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_count == _nodes.Count) _nodes.Add(new());
        Node<T> node = _nodes[_count++];
        node.Open(lengths, viewOf);
        return node;
    }
}
