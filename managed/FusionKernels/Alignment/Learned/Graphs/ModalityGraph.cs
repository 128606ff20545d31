using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Nodes of several modalities, one for each view of each row, and their edges; node (view, row) is number view rows + row.</summary>
internal sealed partial class ModalityGraph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SparseMatrix<T>[] _near;
    private readonly bool[] _present;
    private readonly Kernel[] _kernels;
    private readonly int _neighbours;

    private ModalityGraph(Tensor<T>[] features, SparseMatrix<T>[] near, bool[] present, Kernel[] kernels, int neighbours) =>
        (Features, _near, _present, _kernels, _neighbours) = (features, near, present, kernels, neighbours);

    /// <summary>By view: rows x features, standardized; 0 where it is absent.</summary>
    public Tensor<T>[] Features { get; }

    /// <summary>Rows.</summary>
    public int Rows => (int)Features[0].Lengths[0];

    /// <summary>Views.</summary>
    public int Views => Features.Length;

    /// <summary>By view: the edges within it, rows x rows, each row of sum 1 or empty.</summary>
    public SparseMatrix<T> Near(int view) => _near[view];

    /// <summary>Whether a row has a view.</summary>
    public bool IsPresent(int row, int view) => _present[(row * Views) + view];

    /// <summary>The graph of a fit.</summary>
    public static ModalityGraph<T> Of(ViewInputEncoder inputs, ViewInputs<T> encoded, IReadOnlyList<string> names, IReadOnlyList<SparseMatrix<T>?>? given, GraphAlignmentOptions options)
    {
        int views = names.Count, rows = (int)encoded.Flat.Lengths[0];
        Tensor<T>[] features = [.. Enumerable.Range(0, views).Select(m => Block(encoded.Flat, inputs.Flat.RangeOf(m)))];
        Kernel[] kernels = [.. features.Select((one, m) => options.Kernels?[m] ?? Kernel.RationalQuadratic(1, Math.Sqrt(2.0 * one.Lengths[1])))];
        SparseMatrix<T>[] near = new SparseMatrix<T>[views];
        for (int m = 0; m < views; m++)
        {
            if (given?[m] is { } graph)
            {
                if (graph.Rows != rows || graph.Columns != rows) throw new ArgumentException($"the graph of view '{names[m]}' is {graph.Rows} x {graph.Columns}, its nodes are {rows}");
                near[m] = WithoutAbsent(Graph.Normalize(graph, GraphNormalization.Row), row => encoded.Present[(row * views) + m]);
                continue;
            }

            bool[] present = [.. Enumerable.Range(0, rows).Select(row => encoded.Present[(row * views) + m])];
            near[m] = options.Neighbours == 0
                ? SparseMatrix<T>.FromEntries(rows, rows, [])
                : Graph.Normalize(
                    Graph.Neighbours(features[m], kernels[m], options.Neighbours, new() { Weights = GraphWeights.One, Presence = present, Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation }),
                    GraphNormalization.Row);
        }

        return new(features, near, encoded.Present, kernels, options.Neighbours);
    }

    /// <summary>The graph with new nodes of one view, which hear those of the fit that they are nearest to and are heard by none.</summary>
    public ModalityGraph<T> With(int view, Tensor<T> added, TrainingOptions options)
    {
        int rows = Rows, more = (int)added.Lengths[0];
        int[] there = [.. Enumerable.Range(0, rows).Where(row => IsPresent(row, view))];
        int count = Math.Min(_neighbours, there.Length);
        GramNeighbours<T> nearest = Gram.Neighbours(added, Graph.Rows(Features[view], there), _kernels[view], count, new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation });
        SparseMatrix<T>[] near = new SparseMatrix<T>[Views];
        for (int m = 0; m < Views; m++)
        {
            List<int> starts = [.. _near[m].RowStarts], indices = [.. _near[m].ColumnIndices];
            List<T> values = [.. _near[m].Values];
            for (int row = 0; row < more; row++)
            {
                if (m == view)
                {
                    indices.AddRange(Enumerable.Range(0, count).Select(at => there[nearest.Indices[row, at]]).Order());
                    values.AddRange(Enumerable.Repeat(T.One / T.CreateChecked(Math.Max(1, count)), count));
                }

                starts.Add(indices.Count);
            }

            near[m] = SparseMatrix<T>.Of(rows + more, rows + more, [.. starts], [.. indices], [.. values]);
        }

        bool[] present = [.. _present, .. Enumerable.Range(0, more * Views).Select(at => at % Views == view)];
        return new([.. Features.Select((one, m) => Below(one, m == view ? added : null, more))], near, present, _kernels, _neighbours);
    }

    /// <summary>All nodes: the mean of a node itself, of its neighbours together, and of each linked partner.</summary>
    /// <param name="linked">By row: whether its links are in the graph.</param>
    public SparseMatrix<T> Joint(ReadOnlySpan<bool> linked)
    {
        int rows = Rows, nodes = rows * Views;
        int[] starts = new int[nodes + 1];
        List<int> indices = new((nodes * Views) + _near.Sum(one => one.Count));
        List<T> values = new(indices.Capacity);
        for (int node = 0; node < nodes; node++)
        {
            (int m, int row) = (node / rows, node % rows);
            for (int other = 0; other < Views; other++)
            {
                if (other == m) AddOwn(m, row);
                else if (IsLinked(row, m, other, linked)) Add((other * rows) + row, T.One);
            }

            T sum = T.Zero;
            for (int at = starts[node]; at < values.Count; at++) sum += values[at];
            for (int at = starts[node]; at < values.Count; at++) values[at] /= sum;
            starts[node + 1] = values.Count;
        }

        return SparseMatrix<T>.Of(nodes, nodes, starts, indices.ToArray(), values.ToArray());

        void AddOwn(int m, int row)
        {
            bool isSelfIn = false;
            SparseMatrix<T> near = _near[m];
            for (int entry = near.RowStarts[row]; entry < near.RowStarts[row + 1]; entry++)
            {
                int column = near.ColumnIndices[entry];
                if (!isSelfIn && column >= row)
                {
                    Add((m * rows) + row, column == row ? T.One + near.Values[entry] : T.One);
                    isSelfIn = true;
                    if (column == row) continue;
                }

                Add((m * rows) + column, near.Values[entry]);
            }

            if (!isSelfIn) Add((m * rows) + row, T.One);
        }

        void Add(int column, T value)
        {
            indices.Add(column);
            values.Add(value);
        }
    }

    /// <summary>The links from one view to another: rows x rows, a diagonal with gaps.</summary>
    public SparseMatrix<T> Links(int target, int source, ReadOnlySpan<bool> linked)
    {
        int[] starts = new int[Rows + 1];
        List<int> indices = [];
        for (int row = 0; row < Rows; row++)
        {
            if (IsLinked(row, target, source, linked)) indices.Add(row);
            starts[row + 1] = indices.Count;
        }

        T[] ones = new T[indices.Count];
        Array.Fill(ones, T.One);
        return SparseMatrix<T>.Of(Rows, Rows, starts, indices.ToArray(), ones);
    }

    private bool IsLinked(int row, int a, int b, ReadOnlySpan<bool> linked) => row < linked.Length && linked[row] && IsPresent(row, a) && IsPresent(row, b);

    private static SparseMatrix<T> WithoutAbsent(SparseMatrix<T> graph, Func<int, bool> isPresent) => Graph.Normalize(
        SparseMatrix<T>.FromEntries(graph.Rows, graph.Columns, Enumerable.Range(0, graph.Count)
            .Select(entry => (Row: graph.Pattern.Owners[entry], Column: graph.ColumnIndices[entry], Value: graph.Values[entry]))
            .Where(edge => isPresent(edge.Row) && isPresent(edge.Column))),
        GraphNormalization.Row);

    /// <summary>Some columns of a matrix.</summary>
    public static Tensor<T> Block(Tensor<T> rows, Range columns)
    {
        Tensor<T> part = rows[.., columns];
        T[] values = new T[part.FlattenedLength];
        part.FlattenTo(values);
        return Tensor.Create(values, part.Lengths);
    }

    private static Tensor<T> Below(Tensor<T> rows, Tensor<T>? more, int count)
    {
        T[] values = new T[rows.FlattenedLength + (count * (int)rows.Lengths[1])];
        rows.FlattenTo(values.AsSpan(0, (int)rows.FlattenedLength));
        more?.FlattenTo(values.AsSpan((int)rows.FlattenedLength));
        return Tensor.Create(values, [rows.Lengths[0] + count, rows.Lengths[1]]);
    }
}
