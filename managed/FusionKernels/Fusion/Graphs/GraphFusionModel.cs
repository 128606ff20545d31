using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted <see cref="GraphFusion"/>. Immutable and thread-safe.</summary>
public sealed partial class GraphFusionModel : FusionModel
{
    private readonly Func<GraphFusionModel, Views, ExecutionOptions?, double[]> _similarities;
    private readonly double[] _scores;
    private readonly int _trained;
    private readonly int _neighbours;
    private readonly double[] _bandwidths;

    private GraphFusionModel(
        Views views, GraphFusionOptions options, Func<GraphFusionModel, Views, ExecutionOptions?, double[]> similarities, double[] scores, IReadOnlyList<double> weights, double[] bandwidths)
        : base(GraphFusion.NameOf(options.Method), views) =>
        (_similarities, _scores, _trained, _neighbours, Weights, _bandwidths) = (similarities, scores, views.Rows, options.Neighbours, weights, bandwidths);

    /// <summary>By view: its weight; they add up to 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Training rows x classes: what labels have spread to; a row adds up to 1.</summary>
    public Tensor<double> TrainingScores => Tensor.Create((double[])_scores.Clone(), [_trained, Classes.Count]);

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        int[] map = Match(rows);
        double[] similarities = _similarities(this, rows, options), probabilities = new double[rows.Rows * Classes.Count], near = new double[_trained];
        int[] order = new int[_trained];
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = probabilities.AsSpan(i * Classes.Count, Classes.Count);
            bool isBare = !Array.Exists(map, at => at >= 0 && rows.IsPresent(i, at));
            if (isBare || !Extend(similarities.AsSpan(i * _trained, _trained), near, order, row)) Prior.ToArray().CopyTo(row);
        }

        return Tensor.Create(probabilities, [rows.Rows, Classes.Count]);
    }

    /// <inheritdoc/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null) => new(Views, Weights, RowWeights(rows, Weights), []);

    /// <summary>Fits kernels, weights, graph and scores.</summary>
    internal static GraphFusionModel Fit<T>(Views views, GraphFusionOptions options, FusedKernelCache? cache)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelFusionOptions kernels = new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation };
        FusedKernel<T> kernel = cache?.Of<T>(views, kernels) ?? KernelFusionFit.Kernels<T>(views, kernels);
        Tensor<T>[] grams = [.. Enumerable.Range(0, views.Count).Select(m => kernel.TrainGram(m, kernels))];
        Tensor<bool> presence = Tensor.Create([.. Enumerable.Range(0, views.Rows * views.Count).Select(at => views.IsPresent(at / views.Count, at % views.Count))], [views.Rows, views.Count]);
        LabelPropagationOptions spreading = new() { Threads = options.Threads, Cancellation = options.Cancellation, Alpha = options.Alpha, Weighting = GraphWeighting.Smoothness };
        int[] labels = [.. views.Labels!], columns = Columns(labels);
        double[] weights = [.. Enumerable.Repeat(1.0 / views.Count, views.Count)];
        SparseMatrix<T> graph;
        if (options.Method == GraphFusionMethod.NetworkFusion)
        {
            graph = Diffused(grams, presence, options);
        }
        else
        {
            SparseMatrix<T>[] singles = [.. grams.Select((gram, m) => Graph.FromGram(gram, options.Neighbours, OfView(views, m, options)))];
            weights = [.. LabelPropagation.Fit(singles, columns, spreading).Weights];
            kernel = KernelFusionFit.WithWeights(kernel, views, weights, kernels);
            graph = Graph.FromGrams(grams, options.Neighbours, new() { Presence = presence, ViewWeights = weights, Threads = options.Threads, Cancellation = options.Cancellation });
        }

        Tensor<double> scores = LabelPropagation.Fit(graph, columns, spreading).Scores;
        return new(views, options, (model, rows, how) => Against(kernel, model, rows, how), Shares(scores.ToArray(), columns.Max() + 1), weights, kernel.Bandwidths);
    }

    private static SparseMatrix<T> Diffused<T>(Tensor<T>[] grams, Tensor<bool> presence, GraphFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] affinities = [.. grams.Select(gram => Tensor.Create(Array.ConvertAll(gram.ToArray(), value => T.Max(T.Zero, value)), gram.Lengths))]; // similarities below 0 are none
        NetworkFusionResult<T> network = SimilarityNetworkFusion.Fuse(
            affinities, new() { Presence = presence, Neighbours = options.Neighbours + 1, Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation });
        return Graph.FromGram(network.Network, options.Neighbours, new() { Weights = GraphWeights.Similarity, Threads = options.Threads, Cancellation = options.Cancellation });
    }

    private static NeighbourGraphOptions OfView(Views views, int view, GraphFusionOptions options) => new()
    {
        Presence = [.. Enumerable.Range(0, views.Rows).Select(row => views.IsPresent(row, view))],
        Threads = options.Threads,
        Cancellation = options.Cancellation,
    };

    private static double[] Against<T>(FusedKernel<T> kernel, GraphFusionModel model, Views rows, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Array.ConvertAll(kernel.Against(rows, model.Match(rows), model.Views, options).ToArray(), double.CreateChecked);

    /// <summary>By row: the number of its class.</summary>
    private static int[] Columns(int[] labels)
    {
        (int[] classes, _) = PriorOf(labels);
        return [.. labels.Select(label => Array.BinarySearch(classes, label))];
    }

    /// <summary>Scores whose rows add up to 1.</summary>
    private static double[] Shares(double[] scores, int classes)
    {
        for (int first = 0; first < scores.Length; first += classes)
        {
            Span<double> row = scores.AsSpan(first, classes);
            double sum = 0;
            foreach (ref double score in row) sum += score = Math.Max(0, score);
            foreach (ref double score in row) score /= sum; // its own label alone leaves a row more than 0
        }

        return scores;
    }

    /// <summary>The mean of the nearest rows' scores by similarity, of equally similar ones the earlier; false where none is similar.</summary>
    private bool Extend(ReadOnlySpan<double> similarities, double[] near, int[] order, Span<double> result)
    {
        similarities.CopyTo(near);
        for (int j = 0; j < _trained; j++) order[j] = j;
        Array.Sort(order, (a, b) => near[a] != near[b] ? near[b].CompareTo(near[a]) : a.CompareTo(b));
        double sum = 0;
        result.Clear();
        for (int k = 0; k < Math.Min(_neighbours, _trained) && near[order[k]] > 0; k++)
        {
            double similarity = near[order[k]];
            sum += similarity;
            for (int c = 0; c < result.Length; c++) result[c] += similarity * _scores[(order[k] * result.Length) + c];
        }

        for (int c = 0; c < result.Length && sum > 0; c++) result[c] /= sum;
        return sum > 0;
    }
}
