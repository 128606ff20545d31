using System.Globalization;
using System.Numerics;

namespace FusionKernels;

/// <summary>Makes graphs: of given edges, of nearest neighbours by any kernel or distance, and normalised ones. A graph is a square <see cref="SparseMatrix{T}"/> of weights.</summary>
/// <remarks>Deterministic: the same bits for any number of threads. Isolated nodes and graphs without nodes are legal everywhere. Thread-safe.</remarks>
public static partial class Graph
{
    /// <summary>An undirected graph of given edges of weight 1; repeated edges and both directions of one count once.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="nodes">Nodes, 0 or more.</param>
    /// <param name="edges">The nodes that each edge joins.</param>
    /// <exception cref="ArgumentException">An edge has a node that is none of 0 to nodes - 1; it is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of nodes is negative.</exception>
    public static SparseMatrix<T> FromEdges<T>(int nodes, IEnumerable<(int A, int B)> edges)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(edges);
        HashSet<(int Row, int Column)> places = [];
        int number = 0;
        foreach ((int a, int b) in edges)
        {
            RequireNode(number, a, nodes);
            RequireNode(number++, b, nodes);
            places.Add((a, b));
            places.Add((b, a));
        }

        return SparseMatrix<T>.FromEntries(nodes, nodes, places.Select(place => (place.Row, place.Column, T.One)));
    }

    /// <summary>A graph of given edges and weights, each stored in both directions unless the graph is directed; weights of one edge given again are added.</summary>
    /// <param name="nodes">Nodes, 0 or more.</param>
    /// <param name="edges">From, to and weight of each edge; where directed, it stands in the row of the node that it leads to.</param>
    /// <param name="directed">Whether an edge leads one way.</param>
    /// <inheritdoc cref="FromEdges{T}(int, IEnumerable{ValueTuple{int, int}})"/>
    public static SparseMatrix<T> FromEdges<T>(int nodes, IEnumerable<(int A, int B, T Weight)> edges, bool directed = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(edges);
        List<(int Row, int Column, T Value)> entries = [];
        int number = 0;
        foreach ((int a, int b, T weight) in edges)
        {
            RequireNode(number, a, nodes);
            RequireNode(number++, b, nodes);
            entries.Add((b, a, weight));
            if (!directed && a != b) entries.Add((a, b, weight));
        }

        return SparseMatrix<T>.FromEntries(nodes, nodes, entries);
    }

    /// <summary>Reads a list of edges: two columns of node numbers from 0, and perhaps a third of weights.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">Delimited text, with or without a header.</param>
    /// <param name="nodes">Nodes; null for the largest number and one more, which may be 65 536 and 64 for each edge: one number must not cost gigabytes.</param>
    /// <param name="directed">Whether an edge leads from its first node to its second.</param>
    /// <exception cref="DataFormatException">The file is not such a list, or a node is no whole number from 0 to nodes - 1; file and line are named.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SparseMatrix<T> ReadEdges<T>(string path, int? nodes = null, bool directed = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CsvTable table = Csv.Read(path);
        if (table.RowCount > 0 && table.ColumnCount is not (2 or 3))
        {
            throw new DataFormatException(path, "line 1", "two columns of nodes, and perhaps one of weights", $"{table.ColumnCount} columns");
        }

        int limit = nodes ?? (int)Math.Min(int.MaxValue - 1, 65_536 + (64L * table.RowCount));
        List<(int A, int B, T Weight)> edges = new(table.RowCount);
        for (int row = 0; row < table.RowCount; row++)
        {
            T weight = table.ColumnCount == 3 ? Weight(row) : T.One;
            edges.Add((Node(row, 0), Node(row, 1), weight));
        }

        int count = nodes ?? (edges.Count == 0 ? 0 : edges.Max(edge => Math.Max(edge.A, edge.B)) + 1);
        return table.ColumnCount == 3 || directed
            ? FromEdges(count, edges, directed)
            : FromEdges<T>(count, edges.Select(edge => (edge.A, edge.B)));

        int Node(int row, int column) =>
            int.TryParse(table[row, column], NumberStyles.None, CultureInfo.InvariantCulture, out int node) && node < limit
                ? node
                : throw new DataFormatException(path, $"row {row}", $"a node from 0 to {limit - 1}{(nodes is null ? ", as their number is not given" : "")}", table[row, column]);

        T Weight(int row) => T.TryParse(table[row, 2], NumberStyles.Float, CultureInfo.InvariantCulture, out T weight) && T.IsFinite(weight)
            ? weight
            : throw new DataFormatException(path, $"row {row}", "a finite weight", table[row, 2]);
    }

    /// <summary>Divides the weights of a graph by its nodes' degrees, the sums of their rows; nodes of degree 0 keep their zeros.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="graph">A square matrix of weights of 0 or more.</param>
    /// <param name="normalization">By what.</param>
    /// <exception cref="ArgumentException">The matrix is not square, or a weight is negative (its place is named).</exception>
    public static SparseMatrix<T> Normalize<T>(SparseMatrix<T> graph, GraphNormalization normalization = GraphNormalization.SymmetricWithSelfLoops)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireGraph(graph, nameof(graph));
        SparseMatrix<T> of = normalization == GraphNormalization.SymmetricWithSelfLoops ? WithSelfLoops(graph) : graph;
        double[] degrees = Degrees(of);
        T[] values = new T[of.Count];
        for (int row = 0; row < of.Rows; row++)
        {
            for (int entry = of.RowStarts[row]; entry < of.RowStarts[row + 1]; entry++)
            {
                double scale = normalization == GraphNormalization.Row ? degrees[row] : Math.Sqrt(degrees[row]) * Math.Sqrt(degrees[of.ColumnIndices[entry]]);
                values[entry] = scale > 0 ? T.CreateChecked(double.CreateChecked(of.Values[entry]) / scale) : T.Zero;
            }
        }

        return of.WithValues(values);
    }

    /// <summary>Requires a square matrix of weights of 0 or more.</summary>
    internal static void RequireGraph<T>(SparseMatrix<T> graph, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(graph, name);
        if (graph.Rows != graph.Columns) throw new ArgumentException($"'{name}' is {graph.Rows} x {graph.Columns}; a graph is square", name);
        for (int entry = 0; entry < graph.Count; entry++)
        {
            if (!T.IsNegative(graph.Values[entry]) || T.IsZero(graph.Values[entry])) continue;
            throw new ArgumentException($"'{name}' has the weight {graph.Values[entry]} at ({graph.Pattern.Owners[entry]}, {graph.ColumnIndices[entry]}): weights are 0 or more", name);
        }
    }

    /// <summary>By row: the sum of its weights, in float64.</summary>
    internal static double[] Degrees<T>(SparseMatrix<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] degrees = new double[graph.Rows];
        for (int entry = 0; entry < graph.Count; entry++) degrees[graph.Pattern.Owners[entry]] += double.CreateChecked(graph.Values[entry]);
        return degrees;
    }

    private static SparseMatrix<T> WithSelfLoops<T>(SparseMatrix<T> graph)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IEnumerable<(int Row, int Column, T Value)> edges = Enumerable.Range(0, graph.Count)
            .Select(entry => (graph.Pattern.Owners[entry], graph.ColumnIndices[entry], graph.Values[entry]));
        return SparseMatrix<T>.FromEntries(graph.Rows, graph.Columns, edges.Concat(Enumerable.Range(0, graph.Rows).Select(node => (node, node, T.One))));
    }

    private static void RequireNode(int edge, int node, int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        if ((uint)node >= (uint)nodes) throw new ArgumentException($"edge {edge} has node {node}; there are {nodes} nodes, from 0");
    }
}
