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

    /// <summary>What rows get that are like no other: the prior, or the mean of the targets.</summary>
    private readonly double[] _bare;

    private GraphFusionModel(
        Views views, GraphFusionOptions options, Func<GraphFusionModel, Views, ExecutionOptions?, double[]> similarities, double[] scores, IReadOnlyList<double> weights, double[] bandwidths)
        : base(GraphFusion.NameOf(options.Method), views)
    {
        (_similarities, _scores, _trained, _neighbours, Weights, _bandwidths) = (similarities, scores, views.Rows, options.Neighbours, weights, bandwidths);
        _bare = views.Labels is null ? MeansOf(views) : [.. Prior];
    }

    /// <summary>By view: its weight; they add up to 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Training rows x classes: what labels have spread to; a row adds up to 1. Of targets, training rows x outputs: means of what has spread to the row.</summary>
    public Tensor<double> TrainingScores => Tensor.Create((double[])_scores.Clone(), [_trained, Columns]);

    private int Columns => _bare.Length;

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return Told(nameof(PredictProbabilities), rows, options, quiet => OfNearest(rows, quiet));
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null) => Classes.Count > 0 ? base.PredictValues(rows, options) : Told(nameof(PredictValues), rows, options, quiet => OfNearest(rows, quiet));

    private Tensor<double> OfNearest(Views rows, ExecutionOptions? options)
    {
        int[] map = Match(rows);
        double[] similarities = _similarities(this, rows, options), result = new double[rows.Rows * Columns], near = new double[_trained];
        int[] order = new int[_trained];
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = result.AsSpan(i * Columns, Columns);
            bool isBare = !Array.Exists(map, at => at >= 0 && rows.IsPresent(i, at));
            if (isBare || !Extend(similarities.AsSpan(i * _trained, _trained), near, order, row)) _bare.CopyTo(row);
        }

        return Tensor.Create(result, [rows.Rows, Columns]);
    }

    /// <inheritdoc/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null) => OfWeights(rows, Weights, options);

    /// <summary>Fits kernels, weights, graph and scores.</summary>
    internal static GraphFusionModel Fit<T>(Views views, GraphFusionOptions options, FusedKernelCache? cache)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelFusionOptions kernels = new() { Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation, Report = options.Report };
        FusedKernel<T> kernel = cache?.Of<T>(views, kernels) ?? KernelFusionFit.Kernels<T>(views, kernels);
        Tensor<T>[] grams = [.. Enumerable.Range(0, views.Count).Select(m => kernel.TrainGram(m, kernels))];
        Tensor<bool> presence = Tensor.Create([.. Enumerable.Range(0, views.Rows * views.Count).Select(at => views.IsPresent(at / views.Count, at % views.Count))], [views.Rows, views.Count]);
        LabelPropagationOptions spreading = new() { Threads = options.Threads, Cancellation = options.Cancellation, Report = options.Report, Alpha = options.Alpha, Weighting = GraphWeighting.Smoothness };
        int[]? columns = views.Labels is { } labels ? ColumnsOf([.. labels]) : null;
        (double[] deviations, double[] means, double[] scales) = columns is null ? StandardTargets.Of(views.RequireTargets().Values, views.RequireTargets().Outputs) : ([], [], []);
        double[] weights = [.. Enumerable.Repeat(1.0 / views.Count, views.Count)];
        SparseMatrix<T> graph;
        if (options.Method == GraphFusionMethod.NetworkFusion)
        {
            graph = Diffused(grams, presence, options);
        }
        else
        {
            SparseMatrix<T>[] singles = [.. grams.Select((gram, m) => Graph.FromGram(gram, options.Neighbours, OfView(views, m, options)))];
            weights = columns is null ? LabelPropagation.Spread(singles, deviations, means.Length, spreading).Weights : [.. LabelPropagation.Fit(singles, columns, spreading).Weights];
            kernel = KernelFusionFit.WithWeights(kernel, views, weights, kernels);
            graph = Graph.FromGrams(grams, options.Neighbours, new() { Presence = presence, ViewWeights = weights, Threads = options.Threads, Cancellation = options.Cancellation, Report = options.Report });
        }

        double[] scores = columns is null ? MeansAlong(graph, deviations, means, scales, spreading) : Shares(LabelPropagation.Fit(graph, columns, spreading).Scores.ToArray(), columns.Max() + 1);
        return new(views, options, (model, rows, how) => Against(kernel, model, rows, how), scores, weights, kernel.Bandwidths);
    }

    /// <summary>By row: the mean of the targets by how much of each has spread to it.</summary>
    private static double[] MeansAlong<T>(SparseMatrix<T> graph, double[] deviations, double[] means, double[] scales, LabelPropagationOptions spreading)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int outputs = means.Length, rows = deviations.Length / outputs;
        double[] given = new double[rows * (outputs + 1)], result = new double[deviations.Length];
        for (int i = 0; i < rows; i++)
        {
            deviations.AsSpan(i * outputs, outputs).CopyTo(given.AsSpan(i * (outputs + 1)));
            given[(i * (outputs + 1)) + outputs] = 1;
        }

        double[] spread = LabelPropagation.Spread([graph], given, outputs + 1, spreading).Scores;
        for (int at = 0; at < result.Length; at++)
        {
            int row = at / outputs * (outputs + 1), c = at % outputs;
            result[at] = means[c] + (scales[c] * spread[row + c] / spread[row + outputs]); // its own target alone leaves a row more than 0
        }

        return result;
    }

    private static SparseMatrix<T> Diffused<T>(Tensor<T>[] grams, Tensor<bool> presence, GraphFusionOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<T>[] affinities = [.. grams.Select(gram => Tensor.Create(Array.ConvertAll(gram.ToArray(), value => T.Max(T.Zero, value)), gram.Lengths))]; // similarities below 0 are none
        NetworkFusionResult<T> network = SimilarityNetworkFusion.Fuse(
            affinities, new() { Presence = presence, Neighbours = options.Neighbours + 1, Device = options.Device, Threads = options.Threads, Cancellation = options.Cancellation, Report = options.Report });
        return Graph.FromGram(network.Network, options.Neighbours, new() { Weights = GraphWeights.Similarity, Threads = options.Threads, Cancellation = options.Cancellation, Report = options.Report });
    }

    private static NeighbourGraphOptions OfView(Views views, int view, GraphFusionOptions options) => new()
    {
        Presence = [.. Enumerable.Range(0, views.Rows).Select(row => views.IsPresent(row, view))],
        Threads = options.Threads,
        Cancellation = options.Cancellation,
        Report = options.Report,
    };

    private static double[] Against<T>(FusedKernel<T> kernel, GraphFusionModel model, Views rows, ExecutionOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Array.ConvertAll(kernel.Against(rows, model.Match(rows), model.Views, options).ToArray(), double.CreateChecked);

    /// <summary>By row: the number of its class.</summary>
    private static int[] ColumnsOf(int[] labels)
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
