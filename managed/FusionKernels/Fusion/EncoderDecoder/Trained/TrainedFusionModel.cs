using System.Numerics.Tensors;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>A fitted <see cref="TrainedFusion"/>. Thread-safe; it computes on the device it was fitted on, one call at a time.</summary>
public sealed partial class TrainedFusionModel : FusionModel
{
    private readonly GramFeatures _grams;
    private readonly ITrainedNetwork _network;
    private readonly double[] _weights;

    internal TrainedFusionModel(Views views, FusionRule rule, GramFeatures grams, ITrainedNetwork network, double[]? weights = null)
        : base(TrainedFusion.NameOf(rule), views)
    {
        (_grams, _network, Rule) = (grams, network, rule);
        _weights = weights ?? Mean(Run("TrainedFusion.Fit", views, null, explains: true, keepsMaps: false));
    }

    /// <summary>How views are combined.</summary>
    public FusionRule Rule { get; }

    /// <summary>How training went.</summary>
    public TrainingResult Training => _network.Training;

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        double[] scores = Told(nameof(PredictProbabilities), rows, options, quiet => Run("TrainedFusionModel.PredictProbabilities", rows, quiet).Scores);
        for (int at = 0; at < scores.Length; at += Classes.Count) SoftmaxSolver.Softmax(scores.AsSpan(at, Classes.Count));
        FillBare(rows, scores, [.. Prior]);
        return Tensor.Create(scores, [rows.Rows, Classes.Count]);
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null)
    {
        if (Classes.Count > 0) return base.PredictValues(rows, options);
        double[] values = Told(nameof(PredictValues), rows, options, quiet => Run("TrainedFusionModel.PredictValues", rows, quiet).Scores);
        FillBare(rows, values, _network.Means);
        return Tensor.Create(values, [rows.Rows, _network.Means.Length]);
    }

    /// <summary>What the model leans on in these rows: the rule's own weights, or, where it has none, how much the answer changes without each view.</summary>
    /// <inheritdoc cref="FusionModel.Explain"/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null)
    {
        TrainedOutput output = Told(nameof(Explain), rows, options, quiet => Run("TrainedFusionModel.Explain", rows, quiet, explains: true));
        return new(Views, _weights, Tensor.Create(output.Weights, [rows.Rows, Views.Count]), [])
        {
            Gates = output.Gates,
            Attention = output.Attention,
            Queries = Named(output.Queries),
            Keys = Named(output.Keys),
        };

        string[] Named(int[] tokens) => [.. tokens.Select(view => view >= 0 ? Views[view] : Rule == FusionRule.Attention ? "(answer)" : "(latent)")];
    }

    /// <summary>The rows with what they lack filled by what the network makes of the views that they have.</summary>
    /// <param name="rows">Rows of the model's views, or of some of them.</param>
    /// <param name="options">Device, threads, cancellation; null for the defaults.</param>
    /// <returns>All views of the model, images as vectors and Gram matrices as similarities to landmarks; what was present is as it was, and rows without any view stay absent. A filled series has the median length of those trained on.</returns>
    /// <exception cref="ArgumentException">As for <see cref="FusionModel.Predict"/>.</exception>
    /// <exception cref="InvalidOperationException">The rule is neither <see cref="FusionRule.Graph"/> nor <see cref="FusionRule.Translation"/>.</exception>
    public Views Impute(Views rows, ExecutionOptions? options = null) =>
        Told(nameof(Impute), rows, options, quiet => _network.Impute("TrainedFusionModel.Impute", _grams.Of(rows), Match(rows), Views, quiet))
        ?? throw new InvalidOperationException($"{Strategy} rebuilds no views; {TrainedFusion.NameOf(FusionRule.Graph)} and {TrainedFusion.NameOf(FusionRule.Translation)} do");

    private TrainedOutput Run(string operation, Views rows, ExecutionOptions? options, bool explains = false, bool keepsMaps = true) =>
        _network.Run(operation, _grams.Of(rows), Match(rows), Views, options, explains, keepsMaps);

    private double[] Mean(TrainedOutput output)
    {
        double[] weights = new double[Views.Count];
        for (int at = 0; at < output.Weights.Length; at++) weights[at % weights.Length] += output.Weights[at];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
