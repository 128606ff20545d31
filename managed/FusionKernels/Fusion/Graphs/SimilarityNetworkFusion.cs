using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;
using FusionKernels.Kernels.Simd;

namespace FusionKernels;

/// <summary>Similarity network fusion: one network of rows from several views of them, without training.</summary>
/// <remarks>
/// <para>Every network is normalised, P(i, j) = W(i, j) / (2 sum over k != i of W(i, k)) and 1/2 on the diagonal; its neighbours are
/// S(i, j) = W(i, j) / sum over i's neighbours of W, the node itself among them. Then, so many times, all at once,
/// P(v) = S(v) (mean of the others' P) S(v)ᵀ, normalised as at first; the result is their mean, made symmetric. (Wang et al. 2014,
/// equations 2 to 6.) A row that a view lacks is in none of that view's pairs: means are over the views that have both rows of a pair,
/// and a pair that no other view has keeps its own value. A row of no view is a node without edges.</para>
/// <para>Cost: 4 nodes² neighbours operations for each view and iteration, on the host. Memory: the views' networks and 4 more. NaN and
/// infinities are rejected. The same bits for any number of threads. Thread-safe.</para>
/// </remarks>
public static class SimilarityNetworkFusion
{
    private const string Name = "SimilarityNetworkFusion.Fuse";
    private const string ViewsName = "SimilarityNetworkFusion.FuseViews";
    private const string AffinityName = "SimilarityNetworkFusion.Affinity";

    /// <summary>Fuses affinities: Gram matrices or networks of whatever objects.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="affinities">By view: rows x rows, symmetric, 0 or more; rows and columns of absent rows are not read.</param>
    /// <param name="options">Neighbours, iterations, presence; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no view, shapes do not fit, an element is negative or not finite (its place is named), or the mask is not rows x views.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="DeviceOutOfMemoryException">The device cannot hold the rows and the smallest tile.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static NetworkFusionResult<T> Fuse<T>(IReadOnlyList<Tensor<T>> affinities, NetworkFusionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(affinities);
        options ??= new();
        HostExecution.RequireElement<T>(Name);
        int nodes = RequireViews(affinities, options, isSquare: true);
        int[][] present = Present(options, nodes, affinities.Count);
        T[][] networks = [.. affinities.Select((affinity, v) => Checked(affinity, present[v], v))];
        using Execution execution = HostExecution.BeginBeside<T>(options, Name, hasKernel: false);
        return Fuse(networks, present, nodes, options, execution);
    }

    /// <summary>Fuses views by the affinities of their distances; see <see cref="Affinity"/>.</summary>
    /// <param name="views">By view: rows x features.</param>
    /// <param name="options">Neighbours, iterations, width, presence; null for the defaults.</param>
    /// <inheritdoc cref="Fuse{T}(IReadOnlyList{Tensor{T}}, NetworkFusionOptions?)"/>
    public static NetworkFusionResult<T> FuseViews<T>(IReadOnlyList<Tensor<T>> views, NetworkFusionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(views);
        options ??= new();
        HostExecution.RequireElement<T>(ViewsName);
        int nodes = RequireViews(views, options, isSquare: false);
        int[][] present = Present(options, nodes, views.Count);
        using Execution execution = HostExecution.BeginBeside<T>(options, ViewsName, hasKernel: true);
        T[][] networks = [.. views.Select((view, v) => Placed(Affinity(Graph.Rows(view, present[v]), options with { Progress = null, Report = null }), present[v], nodes))];
        return Fuse(networks, present, nodes, options, execution);
    }

    /// <summary>Affinities of rows: exp(-d² / (2 (width e)²)) of the distance d, e being the mean of d and of both rows' mean distances to their neighbours (Wang et al. 2014, equation 1, in the scale-free form of its authors' code).</summary>
    /// <param name="x">rows x features.</param>
    /// <param name="options">Neighbours and width; null for the defaults.</param>
    /// <returns>rows x rows, 1 on the diagonal.</returns>
    /// <exception cref="ArgumentException">x is no matrix, or an element is not finite.</exception>
    /// <inheritdoc cref="Fuse{T}(IReadOnlyList{Tensor{T}}, NetworkFusionOptions?)" path="/exception[position()>1]"/>
    public static Tensor<T> Affinity<T>(Tensor<T> x, NetworkFusionOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank != 2) throw new ArgumentException($"'{nameof(x)}' is {Shape.Of(x.Lengths)}; a matrix (rows x features) is needed", nameof(x));
        options ??= new();
        Require(options);
        int rows = checked((int)x.Lengths[0]), count = Math.Min(options.Neighbours, Math.Max(0, rows - 1));
        using Execution execution = HostExecution.BeginBeside<T>(options, AffinityName, hasKernel: true);
        double scale = Graph.RootMeanSquaredDistance(x);
        T[] values = HostArray.Create<T>(AffinityName, rows, rows);
        Gram.Compute(x, Kernel.RationalQuadratic(1, scale), GramColumns<T>.Options(options)).FlattenTo(values);
        double[] near = new double[rows], distances = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++) distances[j] = Distance(values[(i * rows) + j], scale);
            distances[i] = 0;
            Array.Sort(distances);
            near[i] = count > 0 ? distances.AsSpan(1, count).ToArray().Average() : 0;
        }

        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance = Distance(values[(i * rows) + j], scale), typical = options.Width * (near[i] + near[j] + distance) / 3;
                T affinity = T.CreateChecked(typical > 0 ? Math.Exp(-distance * distance / (2 * typical * typical)) : 1);
                values[(i * rows) + j] = values[(j * rows) + i] = affinity;
            }

            values[(i * rows) + i] = T.One;
        }

        execution.CompleteWhole<T>($"a Gram matrix of {rows} rows, scaled by {count} nearest", 2.0 * rows * x.FlattenedLength, 2L * values.Length * Element.SizeOf<T>());
        return Tensor.Create(values, [rows, rows]);
    }

    private static NetworkFusionResult<T> Fuse<T>(T[][] networks, int[][] present, int nodes, NetworkFusionOptions options, in Execution execution)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NeighbourGraphOptions graphs = new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation, Symmetry = GraphSymmetry.Directed, Weights = GraphWeights.Similarity };
        SparseMatrix<T>[] neighbours = new SparseMatrix<T>[networks.Length];
        bool[][] masks = [.. present.Select(rows => Mask(rows, nodes))];
        for (int v = 0; v < networks.Length; v++)
        {
            Tensor<T> affinity = Tensor.Create(networks[v], [nodes, nodes]);
            neighbours[v] = Graph.Normalize(WithSelf(Graph.FromGram(affinity, options.Neighbours - 1, graphs with { Presence = masks[v] }), networks[v], present[v]), GraphNormalization.Row);
            foreach (int row in present[v]) NetworkFusionHost<T>.Normalize(networks[v].AsSpan(row * nodes, nodes), row);
        }

        NetworkFusionHost<T> fusion = new(
            HostExecution.EngineBeside(options), networks, [.. neighbours.Select(one => one.Pattern)], [.. neighbours.Select(one => one.Values.ToArray())], masks, execution.Parts);
        double[] changes = fusion.Run(options.Iterations);
        T[] mean = fusion.Mean();
        execution.CompleteWhole<T>(
            $"{options.Iterations} iterations of {networks.Length} networks of {nodes} nodes, a sparse product on either side", 4.0 * options.Iterations * nodes * neighbours.Sum(one => (long)one.Count), (networks.Length + 3L) * mean.Length * Element.SizeOf<T>());
        return new(Tensor.Create(mean, [nodes, nodes]), changes);
    }

    /// <summary>The neighbours of every row and the row itself.</summary>
    private static SparseMatrix<T> WithSelf<T>(SparseMatrix<T> graph, T[] affinity, int[] present)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IEnumerable<(int Row, int Column, T Value)> edges = Enumerable.Range(0, graph.Count).Select(entry => (graph.Pattern.Owners[entry], graph.ColumnIndices[entry], graph.Values[entry]));
        return SparseMatrix<T>.FromEntries(graph.Rows, graph.Rows, edges.Concat(present.Select(row => (row, row, affinity[(row * graph.Rows) + row]))));
    }

    /// <summary>d of the kernel 1 / (1 + d² / (2 scale²)).</summary>
    private static double Distance<T>(T similarity, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => scale * Math.Sqrt(2 * Math.Max(0, (1 / double.CreateChecked(similarity)) - 1));

    private static int RequireViews<T>(IReadOnlyList<Tensor<T>> views, NetworkFusionOptions options, bool isSquare)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(options);
        if (views.Count == 0) throw new ArgumentException("there is no view: one at least is needed", nameof(views));
        for (int v = 0; v < views.Count; v++)
        {
            Tensor<T> view = views[v];
            ArgumentNullException.ThrowIfNull(view, nameof(views));
            if (view.Rank != 2) throw new ArgumentException($"view {v} is {Shape.Of(view.Lengths)}; a matrix is needed", nameof(views));
            if (view.Lengths[0] != views[0].Lengths[0]) throw new ArgumentException($"view {v} has {view.Lengths[0]} rows, view 0 has {views[0].Lengths[0]}: rows must be aligned; pass a presence mask if some are absent", nameof(views));
            if (isSquare && view.Lengths[0] != view.Lengths[1]) throw new ArgumentException($"view {v} is {Shape.Of(view.Lengths)}; affinities of its rows are square", nameof(views));
        }

        return checked((int)views[0].Lengths[0]);
    }

    private static void Require(NetworkFusionOptions options)
    {
        if (options.Neighbours < 2) throw new ArgumentOutOfRangeException(nameof(options), options.Neighbours, $"{nameof(options.Neighbours)} must be 2 or more: the node itself is one");
        ArgumentOutOfRangeException.ThrowIfNegative(options.Iterations, nameof(options));
        if (!(options.Width > 0 && double.IsFinite(options.Width))) throw new ArgumentOutOfRangeException(nameof(options), options.Width, $"{nameof(options.Width)} must be a finite number above 0");
    }

    private static int[][] Present(NetworkFusionOptions options, int nodes, int views)
    {
        if (options.Presence is { } mask && (mask.Rank != 2 || mask.Lengths[0] != nodes || mask.Lengths[1] != views))
        {
            throw new ArgumentException($"the presence mask is {Shape.Of(mask.Lengths)}; for {nodes} rows of {views} views it must be {nodes} x {views}", nameof(options));
        }

        return [.. Enumerable.Range(0, views).Select(view => Enumerable.Range(0, nodes).Where(row => options.Presence?[row, view] ?? true).ToArray())];
    }

    private static bool[] Mask(int[] present, int nodes)
    {
        bool[] mask = new bool[nodes];
        foreach (int row in present) mask[row] = true;
        return mask;
    }

    private static T[] Checked<T>(Tensor<T> affinity, int[] present, int view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int nodes = checked((int)affinity.Lengths[0]);
        T[] values = HostArray.Create<T>(Name, nodes, nodes);
        foreach (int i in present)
        {
            foreach (int j in present)
            {
                T value = affinity[i, j];
                if (!(value >= T.Zero && T.IsFinite(value))) throw new ArgumentException($"view {view} has {value} at ({i}, {j}): affinities are finite, 0 or more", nameof(affinity));
                if (j < i && values[(j * nodes) + i] != value) throw new ArgumentException($"view {view} has {value} at ({i}, {j}) and {values[(j * nodes) + i]} at ({j}, {i}): affinities are symmetric", nameof(affinity));
                values[(i * nodes) + j] = value;
            }
        }

        return values;
    }

    private static T[] Placed<T>(Tensor<T> block, int[] present, int nodes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = HostArray.Create<T>(Name, nodes, nodes);
        for (int i = 0; i < present.Length; i++)
        {
            for (int j = 0; j < present.Length; j++) values[(present[i] * nodes) + present[j]] = block[i, j];
        }

        return values;
    }
}
