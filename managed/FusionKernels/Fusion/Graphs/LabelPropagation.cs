using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Spreads a few labels over one graph of all nodes, or over several whose weights it learns.</summary>
/// <remarks>
/// <para>Several graphs are one of the weighted sum of their normalised weights (of their Laplacians, for the harmonic form); scores and
/// weights are found in turn. A node that a graph has no edges of is not told anything by it, and does not count in its weight.</para>
/// <para>Solved in float64 on the host by conjugate gradients. Cost: 2 entries classes operations an iteration, of which some hundreds
/// make a round. Memory: graphs in float64, 6 nodes classes. The same bits for any number of threads. Thread-safe. (Zhou et al. 2004; Zhu,
/// Ghahramani and Lafferty 2003; Nie, Li and Li 2016; Karasuyama and Mamitsuka 2013.)</para>
/// </remarks>
public static partial class LabelPropagation
{
    private const string Name = "LabelPropagation.Fit";

    /// <summary>Spreads labels over one graph.</summary>
    /// <param name="graph">A symmetric graph of weights of 0 or more.</param>
    /// <param name="labels">By node: its class, 0 or more; negative where it is to be found.</param>
    /// <param name="options">Method, tolerance; null for the defaults.</param>
    /// <inheritdoc cref="Fit{T}(IReadOnlyList{SparseMatrix{T}}, ReadOnlySpan{int}, LabelPropagationOptions?)"/>
    public static LabelPropagationResult Fit<T>(SparseMatrix<T> graph, ReadOnlySpan<int> labels, LabelPropagationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit([graph], labels, options);

    /// <summary>Spreads labels over several graphs of the same nodes.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="graphs">Symmetric graphs of weights of 0 or more.</param>
    /// <param name="labels">By node: its class, 0 or more; negative where it is to be found.</param>
    /// <param name="options">Method, weighting, tolerance; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no graph or no label, graphs are of different nodes, not square, not symmetric, or have a negative weight; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static LabelPropagationResult Fit<T>(IReadOnlyList<SparseMatrix<T>> graphs, ReadOnlySpan<int> labels, LabelPropagationOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(graphs);
        options ??= new();
        Require(options);
        int[] classes = [.. labels.ToArray().Where(label => label >= 0).Distinct().Order()];
        if (graphs.Count == 0) throw new ArgumentException("there is no graph: one at least is needed", nameof(graphs));
        if (classes.Length == 0) throw new ArgumentException($"none of the {labels.Length} nodes has a label of 0 or more: one at least is needed", nameof(labels));
        for (int v = 0; v < graphs.Count; v++) RequireSymmetric(graphs[v], labels.Length, v);
        int[] columns = [.. labels.ToArray().Select(label => label < 0 ? -1 : Array.BinarySearch(classes, label))];
        double[] given = HostArray.Create<double>("LabelPropagation.Fit", columns.Length, classes.Length);
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i] >= 0) given[(i * classes.Length) + columns[i]] = 1;
        }

        SpreadResult found = Spread(graphs, columns, given, classes.Length, options);
        return new(
            classes, Tensor.Create(found.Scores, [columns.Length, classes.Length]), Labels(found.Scores, classes), found.Weights, found.Roughness, found.Rounds, found.Converged);
    }

    /// <summary>Spreads any columns of numbers, given in every node, over graphs that are symmetric.</summary>
    /// <param name="graphs">Symmetric graphs of weights of 0 or more.</param>
    /// <param name="given">nodes x width.</param>
    /// <param name="width">Columns.</param>
    /// <param name="options">Method, weighting, tolerance.</param>
    internal static SpreadResult Spread<T>(IReadOnlyList<SparseMatrix<T>> graphs, double[] given, int width, LabelPropagationOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(options);
        return Spread(graphs, new int[given.Length / width], given, width, options);
    }

    private static SpreadResult Spread<T>(IReadOnlyList<SparseMatrix<T>> graphs, int[] columns, double[] given, int width, LabelPropagationOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Execution execution = HostExecution.Begin<T>(options, Name);
        GraphSum sum = GraphSum.Of(graphs, options, (HostEngine)execution.Engine, execution.Parts with { Progress = null });
        SpreadResult found = new Rounds(sum, columns, given, width, options).Run();
        execution.CompleteWhole<T>(
            $"{found.Rounds} rounds of conjugate gradients over {graphs.Count} graphs of {columns.Length} nodes, {sum.Products} products with one in float64",
            2.0 * width * sum.Products * graphs.Average(graph => (double)graph.Count),
            8L * given.Length);
        return found;
    }

    /// <summary>By node: the class of its largest score; -1 where none is above 0.</summary>
    private static int[] Labels(double[] scores, int[] classes)
    {
        int[] labels = new int[scores.Length / classes.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<double> row = scores.AsSpan(i * classes.Length, classes.Length);
            int best = TensorPrimitives.IndexOfMax(row);
            labels[i] = row[best] > 0 ? classes[best] : -1;
        }

        return labels;
    }

    private static void Require(LabelPropagationOptions options)
    {
        if (!(options.Alpha is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Alpha, $"{nameof(options.Alpha)} must be above 0 and below 1");
        if (!(options.WeightPenalty > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.WeightPenalty, $"{nameof(options.WeightPenalty)} must be above 0");
        if (!(options.Tolerance is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, $"{nameof(options.Tolerance)} must be above 0 and below 1");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumRounds, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumIterations, 1, nameof(options));
    }

    private static void RequireSymmetric<T>(SparseMatrix<T> graph, int nodes, int number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = $"graphs[{number}]";
        Graph.RequireGraph(graph, name);
        if (graph.Rows != nodes) throw new ArgumentException($"'{name}' has {graph.Rows} nodes, there are {nodes} labels: one for each node, negative where unknown", name);
        for (int entry = 0; entry < graph.Count; entry++)
        {
            int row = graph.Pattern.Owners[entry], column = graph.ColumnIndices[entry];
            if (graph[column, row] != graph.Values[entry]) throw new ArgumentException($"'{name}' weighs {graph.Values[entry]} at ({row}, {column}) and {graph[column, row]} at ({column}, {row}): an undirected graph is symmetric", name);
        }
    }

    /// <summary>What numbers have spread to.</summary>
    /// <param name="Scores">nodes x columns.</param>
    /// <param name="Weights">By graph.</param>
    /// <param name="Roughness">By graph.</param>
    /// <param name="Rounds">Rounds of scores and weights.</param>
    /// <param name="Converged">Whether weights had settled and every solve met the tolerance.</param>
    internal sealed record SpreadResult(double[] Scores, double[] Weights, double[] Roughness, int Rounds, bool Converged);

    /// <summary>Scores and weights in turn.</summary>
    /// <param name="sum">The graphs.</param>
    /// <param name="columns">By node: negative where it is to be found.</param>
    /// <param name="given">nodes x width: what spreads.</param>
    /// <param name="width">Columns of it.</param>
    /// <param name="options">How.</param>
    private sealed class Rounds(GraphSum sum, int[] columns, double[] given, int width, LabelPropagationOptions options)
    {
        private readonly int _nodes = columns.Length;
        private bool _solved = true;

        public SpreadResult Run()
        {
            int graphs = sum.Count, round = 0;
            double[] weights = [.. Enumerable.Repeat(1.0 / graphs, graphs)], scores, roughness;
            bool isLearned = graphs > 1 && options.Weighting != GraphWeighting.Uniform, settled = !isLearned;
            do
            {
                options.Cancellation.ThrowIfCancellationRequested();
                scores = Scores(weights);
                roughness = sum.Roughness(scores, width);
                round++;
                if (!isLearned) break;
                double[] next = options.Weighting == GraphWeighting.Sparse ? Sparse(roughness) : Smooth(roughness);
                settled = next.Zip(weights).All(pair => Math.Abs(pair.First - pair.Second) <= options.Tolerance);
                if (!settled) weights = next;
                options.Progress?.Report(Math.Min(1, round / (double)options.MaximumRounds));
            }
            while (!settled && round < options.MaximumRounds);
            options.Progress?.Report(1);
            return new(scores, weights, roughness, round, settled && _solved);
        }

        private double[] Scores(double[] weights)
        {
            bool[] isReached = sum.Weigh(weights, columns);
            double[] right = sum.Right(given, width);
            ConjugateGradientsHost solver = new(sum, null, _nodes, sum.Settings);
            (double[] scores, _, double[] residuals) = solver.Solve(right, width, options.Tolerance, options.MaximumIterations);
            _solved = Array.TrueForAll(residuals, residual => residual <= options.Tolerance);
            for (int i = 0; i < _nodes; i++)
            {
                if (!isReached[i]) scores.AsSpan(i * width, width).Clear();
            }

            return scores;
        }

        /// <summary>The stationary point of the sum of roots of roughness.</summary>
        private static double[] Smooth(double[] roughness)
        {
            // A perfectly smooth graph would weigh without bound; this floor lets it outweigh the others by 10^6.
            double floor = 1e-12 * Math.Max(roughness.Max(), double.Epsilon);
            double[] weights = [.. roughness.Select(one => 0.5 / Math.Sqrt(Math.Max(one, Math.Max(floor, 1e-300))))];
            double total = weights.Sum();
            return [.. weights.Select(weight => weight / total)];
        }

        /// <summary>The least sum of w r + penalty w² on the simplex: w = max(0, (level - r) / (2 penalty)).</summary>
        private double[] Sparse(double[] roughness)
        {
            double penalty = options.WeightPenalty * Math.Max(roughness.Average(), 1e-300);
            double[] ascending = [.. roughness.Order()];
            double level = 0, below = 0;
            for (int k = 0; k < ascending.Length; k++)
            {
                below += ascending[k];
                level = ((2 * penalty) + below) / (k + 1);
                if (k + 1 == ascending.Length || level <= ascending[k + 1]) break;
            }

            return [.. roughness.Select(one => Math.Max(0, level - one) / (2 * penalty))];
        }
    }
}
