using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <content>Graphs of nearest neighbours.</content>
public static partial class Graph
{
    private const string NeighboursName = "Graph.Neighbours";

    /// <summary>Joins every row to its nearest by Euclidean distance.</summary>
    /// <remarks>
    /// Neighbours are found by tiles of a Gram matrix that is never stored; distances of the neighbours are then taken from differences.
    /// Of points whose distances differ by less than the rounding of the typical squared distance, either may be the nearer. Cost: the
    /// Gram matrix; memory: rows x count.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features; NaN is rejected in rows that are present.</param>
    /// <param name="count">Neighbours of each row, 1 or more; where fewer other rows are there, all of them.</param>
    /// <param name="options">Symmetry, weights, presence, device; null for the defaults. The weight <see cref="GraphWeights.Similarity"/> is the negative exponential of the distance over the root mean squared distance.</param>
    /// <returns>rows x rows, without self-loops.</returns>
    /// <exception cref="ArgumentException">x is no matrix, an element of a present row is not finite, or the mask is not of its rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">count or the scaling neighbour is below 1.</exception>
    /// <exception cref="NumericalException">A row's norm is beyond the range of the element type.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the rows and the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static SparseMatrix<T> Neighbours<T>(Tensor<T> x, int count, NeighbourGraphOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        int[] present = Present(x, count, options, nameof(x));
        Tensor<T> rows = Rows(x, present);
        using Execution execution = Execution.Begin<T>(options, NeighboursName);
        double scale = RootMeanSquaredDistance(rows);

        // Falls with the distance like its square's inverse: it orders far rows where an exponential has underflowed.
        GramNeighbours<T> nearest = Nearest(rows, Kernel.RationalQuadratic(1, scale), count, options, NonFiniteInput.Reject);
        int features = checked((int)rows.Lengths[1]);
        T[] elements = new T[rows.FlattenedLength];
        rows.FlattenTo(elements);
        double Distance(int i, int j, T similarity) => double.CreateChecked(TensorPrimitives.Distance<T>(elements.AsSpan(i * features, features), elements.AsSpan(j * features, features)));
        SparseMatrix<T> directed = Weighted(nearest, Distance, (i, j, _) => Math.Exp(-Distance(i, j, T.Zero) / scale), options);
        SparseMatrix<T> graph = Placed(Symmetric(directed, options.Symmetry), present, checked((int)x.Lengths[0]));
        Complete(execution, graph, count, rows);
        return graph;
    }

    /// <summary>Joins every row to its most similar by a kernel; distances are those of the kernel's feature space, d² = k(x, x) + k(y, y) - 2 k(x, y).</summary>
    /// <param name="x">rows x features; NaN is rejected in rows that are present.</param>
    /// <param name="kernel">The kernel; for a ready matrix see <see cref="FromGram"/>.</param>
    /// <param name="count">Neighbours of each row, 1 or more; where fewer other rows are there, all of them.</param>
    /// <param name="options">Symmetry, weights, presence, device; null for the defaults.</param>
    /// <inheritdoc cref="Neighbours{T}(Tensor{T}, int, NeighbourGraphOptions?)"/>
    public static SparseMatrix<T> Neighbours<T>(Tensor<T> x, Kernel kernel, int count, NeighbourGraphOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        options ??= new();
        int[] present = Present(x, count, options, nameof(x));
        Tensor<T> rows = Rows(x, present);
        using Execution execution = Execution.Begin<T>(options, NeighboursName);
        return OfKernel(rows, kernel, count, present, checked((int)x.Lengths[0]), options, NonFiniteInput.Reject, execution);
    }

    /// <summary>Joins every row to its most similar by a ready Gram matrix, of whatever objects.</summary>
    /// <param name="gram">rows x rows, symmetric; its upper half is read. Rows and columns of absent rows are not read.</param>
    /// <param name="count">Neighbours of each row, 1 or more; where fewer other rows are there, all of them.</param>
    /// <param name="options">Symmetry, weights, presence, device; null for the defaults.</param>
    /// <exception cref="ArgumentException">The matrix is not square, an element between present rows is not finite, or the mask is not of its rows.</exception>
    /// <inheritdoc cref="Neighbours{T}(Tensor{T}, int, NeighbourGraphOptions?)"/>
    public static SparseMatrix<T> FromGram<T>(Tensor<T> gram, int count, NeighbourGraphOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        int[] present = Present(gram, count, options, nameof(gram));
        if (gram.Lengths[0] != gram.Lengths[1]) throw new ArgumentException($"'{nameof(gram)}' is {Shape.Of(gram.Lengths)}; a Gram matrix of its rows is square", nameof(gram));
        Tensor<T> numbers = Tensor.Create(new T[present.Length], [present.Length, 1]);
        using Execution execution = Execution.Begin<T>(options, "Graph.FromGram");
        return OfKernel(numbers, Kernel.Precomputed(Block(gram, present)), count, present, checked((int)gram.Lengths[0]), options, NonFiniteInput.Reject, execution);
    }

    /// <summary>Some rows of a matrix, in order.</summary>
    internal static Tensor<T> Rows<T>(Tensor<T> x, int[] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.Length == x.Lengths[0]) return x;
        int features = checked((int)x.Lengths[1]);
        T[] elements = new T[checked(rows.Length * features)];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < features; j++) elements[(i * features) + j] = Finite(x, rows[i], j);
        }

        return Tensor.Create(elements, [rows.Length, features]);
    }

    /// <summary>Rows that are there, checked against the mask's length.</summary>
    internal static int[] PresentRows(IReadOnlyList<bool>? presence, int rows)
    {
        if (presence is not null && presence.Count != rows) throw new ArgumentException($"the presence mask is of {presence.Count} rows, there are {rows}");
        return [.. Enumerable.Range(0, rows).Where(row => presence?[row] ?? true)];
    }

    private static SparseMatrix<T> OfKernel<T>(Tensor<T> rows, Kernel kernel, int count, int[] present, int nodes, NeighbourGraphOptions options, NonFiniteInput nonFinite, in Execution execution)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GramNeighbours<T> nearest = Nearest(rows, kernel, count, options, nonFinite);
        double[] diagonal = new double[present.Length];
        if (options.Weights == GraphWeights.LocalScaling && present.Length > 0)
        {
            T[] values = new T[present.Length];
            Gram.Diagonal(rows, kernel, GramColumns<T>.Options(options)).FlattenTo(values);
            for (int i = 0; i < values.Length; i++) diagonal[i] = double.CreateChecked(values[i]);
        }

        double Distance(int i, int j, T similarity) => Math.Sqrt(Math.Max(0, diagonal[i] + diagonal[j] - (2 * double.CreateChecked(similarity))));
        SparseMatrix<T> directed = Weighted(nearest, Distance, static (_, _, similarity) => double.CreateChecked(similarity), options);
        SparseMatrix<T> graph = Placed(Symmetric(directed, options.Symmetry), present, nodes);
        Complete(execution, graph, count, rows);
        return graph;
    }

    private static void Complete<T>(in Execution execution, SparseMatrix<T> graph, int count, Tensor<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => execution.CompleteWhole<T>(
            $"{count} nearest by blocks of kernels that are not stored, {graph.Count} edges", 2.0 * rows.Lengths[0] * rows.FlattenedLength, graph.Count * (sizeof(int) + (long)Element.SizeOf<T>()));

    private static GramNeighbours<T> Nearest<T>(Tensor<T> rows, Kernel kernel, int count, NeighbourGraphOptions options, NonFiniteInput nonFinite)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int others = (int)Math.Max(0, rows.Lengths[0] - 1);
        return Gram.Neighbours(rows, kernel, Math.Min(count, others), includeSelf: false, GramColumns<T>.Options(options) with { NonFinite = nonFinite });
    }

    /// <summary>Each row's neighbours and their weights; places of no neighbour (-1) come last in a row and are left out.</summary>
    private static SparseMatrix<T> Weighted<T>(
        GramNeighbours<T> nearest, Func<int, int, T, double> distance, Func<int, int, T, double> similarity, NeighbourGraphOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = checked((int)nearest.Indices.Lengths[0]), count = checked((int)nearest.Indices.Lengths[1]);
        int[] neighbours = new int[rows * count], starts = new int[rows + 1];
        T[] similarities = new T[rows * count];
        nearest.Indices.FlattenTo(neighbours);
        nearest.Similarities.FlattenTo(similarities);
        double[] scales = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            int here = neighbours.AsSpan(i * count, count).IndexOf(-1), of = here < 0 ? count : here, scaling = (i * count) + Math.Min(options.ScalingNeighbour, of) - 1;
            starts[i + 1] = starts[i] + of;
            if (of > 0 && options.Weights == GraphWeights.LocalScaling) scales[i] = distance(i, neighbours[scaling], similarities[scaling]);
        }

        int[] columns = new int[starts[rows]];
        T[] weights = new T[columns.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int entry = starts[i]; entry < starts[i + 1]; entry++)
            {
                int place = (i * count) + entry - starts[i], j = columns[entry] = neighbours[place];
                double weight = options.Weights switch
                {
                    GraphWeights.One => 1,
                    GraphWeights.Similarity => similarity(i, j, similarities[place]),
                    _ => Scaled(distance(i, j, similarities[place]), scales[i] * scales[j]),
                };
                weights[entry] = T.CreateChecked(weight);
            }

            columns.AsSpan(starts[i]..starts[i + 1]).Sort(weights.AsSpan(starts[i]..starts[i + 1]));
        }

        return SparseMatrix<T>.Of(rows, rows, starts, columns, weights);
    }

    /// <summary>exp(-d² / scale); equal points are as near as can be, also where a scale is 0.</summary>
    private static double Scaled(double distance, double scale) => distance == 0 ? 1 : Math.Exp(-distance * distance / scale);

    /// <summary>Rows of a directed graph and of its reverse, merged by column.</summary>
    private static SparseMatrix<T> Symmetric<T>(SparseMatrix<T> directed, GraphSymmetry symmetry)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (symmetry == GraphSymmetry.Directed) return directed;
        SparseMatrix<T> reverse = directed.Transpose();
        int[] starts = new int[directed.Rows + 1];
        List<int> columns = [];
        List<T> values = [];
        for (int row = 0; row < directed.Rows; row++)
        {
            int a = directed.RowStarts[row], endA = directed.RowStarts[row + 1], b = reverse.RowStarts[row], endB = reverse.RowStarts[row + 1];
            while (a < endA || b < endB)
            {
                int ofA = a < endA ? directed.ColumnIndices[a] : int.MaxValue, ofB = b < endB ? reverse.ColumnIndices[b] : int.MaxValue;
                if (ofA == ofB || symmetry == GraphSymmetry.Union)
                {
                    columns.Add(Math.Min(ofA, ofB));
                    values.Add(ofA <= ofB ? directed.Values[a] : reverse.Values[b]);
                }

                if (ofA <= ofB) a++;
                if (ofB <= ofA) b++;
            }

            starts[row + 1] = columns.Count;
        }

        return SparseMatrix<T>.Of(directed.Rows, directed.Rows, starts, columns.ToArray(), values.ToArray());
    }

    /// <summary>A graph of some nodes as one of all, the others isolated.</summary>
    private static SparseMatrix<T> Placed<T>(SparseMatrix<T> graph, int[] present, int nodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (present.Length == nodes) return graph;
        int[] starts = new int[nodes + 1], columns = new int[graph.Count];
        for (int i = 0; i < present.Length; i++) starts[present[i] + 1] = graph.RowStarts[i + 1] - graph.RowStarts[i];
        for (int node = 0; node < nodes; node++) starts[node + 1] += starts[node];
        for (int entry = 0; entry < columns.Length; entry++) columns[entry] = present[graph.ColumnIndices[entry]];
        return SparseMatrix<T>.Of(nodes, nodes, starts, columns, graph.Values);
    }

    private static Tensor<T> Block<T>(Tensor<T> matrix, int[] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.Length == matrix.Lengths[0]) return matrix;
        T[] elements = new T[checked(rows.Length * rows.Length)];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++) elements[(i * rows.Length) + j] = Finite(matrix, rows[i], rows[j]);
        }

        return Tensor.Create(elements, [rows.Length, rows.Length]);
    }

    /// <summary>An element that is copied to another place, and so must be named where it stands.</summary>
    private static T Finite<T>(Tensor<T> matrix, int row, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T value = matrix[row, column];
        return T.IsFinite(value) ? value : throw new ArgumentException($"the element [{row}, {column}] of a row that is present is {value}: a finite number is needed");
    }

    private static int[] Present<T>(Tensor<T> x, int count, NeighbourGraphOptions options, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x, name);
        if (x.Rank != 2) throw new ArgumentException($"'{name}' is {Shape.Of(x.Lengths)}; a matrix (rows x columns) is needed", name);
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "a row has 1 neighbour or more");
        if (options.ScalingNeighbour < 1) throw new ArgumentOutOfRangeException(nameof(options), options.ScalingNeighbour, $"{nameof(options.ScalingNeighbour)} must be 1 or more");
        return PresentRows(options.Presence, checked((int)x.Lengths[0]));
    }

    /// <summary>The root of the mean squared distance between two rows, twice their variance; 1 where all are equal.</summary>
    internal static double RootMeanSquaredDistance<T>(Tensor<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = checked((int)x.Lengths[0]), features = checked((int)x.Lengths[1]);
        double total = 0;
        for (int j = 0; j < features; j++)
        {
            double mean = 0, squares = 0;
            for (int i = 0; i < rows; i++)
            {
                // Welford's update: no squares of large means are subtracted.
                double difference = double.CreateChecked(x[i, j]) - mean;
                mean += difference / (i + 1);
                squares += difference * (double.CreateChecked(x[i, j]) - mean);
            }

            total += squares;
        }

        double scale = Math.Sqrt(2 * total / Math.Max(1, rows));
        return scale > 0 && double.IsFinite(scale) ? scale : 1;
    }
}
