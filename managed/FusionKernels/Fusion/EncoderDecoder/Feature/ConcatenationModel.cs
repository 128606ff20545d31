using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>A fitted <see cref="Concatenation"/>. Immutable and thread-safe.</summary>
public sealed class ConcatenationModel : FusionModel
{
    private readonly GramFeatures _grams;
    private readonly SeriesVectors _series;
    private readonly ViewEncoder _encoder;
    private readonly DenseMatrix _weights;
    private readonly double[] _viewWeights;
    private readonly ViewScaling _scaling;

    /// <summary>By output: the mean of the targets; empty of classes.</summary>
    private readonly double[] _means;

    internal ConcatenationModel(Views views, GramFeatures grams, SeriesVectors series, ViewEncoder encoder, DenseMatrix weights, ViewScaling scaling)
        : base("concat", views, isFloat64: true)
    {
        (_grams, _series, _encoder, _weights, _scaling) = (grams, series, encoder, weights, scaling);
        _means = views.Labels is null ? MeansOf(views) : [];
        _viewWeights = [.. Enumerable.Range(0, views.Count).Select(Length)];
        double sum = _viewWeights.Sum();
        for (int m = 0; m < _viewWeights.Length; m++) _viewWeights[m] = sum > 0 ? _viewWeights[m] / sum : 1.0 / _viewWeights.Length;
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        DenseMatrix scores = Scores(nameof(PredictProbabilities), rows, options);
        SoftmaxSolver.Softmax(scores);
        FillBare(rows, scores.Elements, [.. Prior]);
        return Tensor.Create(scores.Elements, [scores.Rows, scores.Columns]);
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null)
    {
        if (Classes.Count > 0) return base.PredictValues(rows, options);
        DenseMatrix values = Scores(nameof(PredictValues), rows, options);
        FillBare(rows, values.Elements, _means);
        return Tensor.Create(values.Elements, [values.Rows, values.Columns]);
    }

    /// <inheritdoc/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null) => OfWeights(rows, _viewWeights, options);

    /// <inheritdoc/>
    internal override bool IsKept => _scaling == ViewScaling.ZScore;

    /// <inheritdoc/>
    internal override void Write(ModelStateWriter file) => file.Add("coefficients", _weights.Elements, _weights.Rows, _weights.Columns);

    /// <summary>The model of a file.</summary>
    internal static ConcatenationModel Read(ModelStateReader file, Views views)
    {
        GramFeatures grams = GramFeatures.Fit(views);
        SeriesVectors series = SeriesVectors.Fit(views);
        ViewEncoder encoder = ViewEncoder.Fit(series.Of(grams.Of(views)), ViewScaling.ZScore);
        int columns = views.Labels is { } labels ? PriorOf(labels).Classes.Length : views.RequireTargets().Outputs;
        return new(views, grams, series, encoder, new(encoder.Columns, columns, file.Numbers("coefficients", encoder.Columns, columns)), ViewScaling.ZScore);
    }

    /// <summary>Features, an indicator of absence for each view, and 1.</summary>
    internal static DenseMatrix Rows(ViewEncoder encoder, Views views, int[] map, IReadOnlyList<string> names)
    {
        Tensor<double> encoded = encoder.Encode<double>(views, map, names, [.. map.Select(_ => 1.0)], isNew: true);
        DenseMatrix rows = new(views.Rows, encoder.Columns);
        encoded.FlattenTo(rows.Elements);
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = rows.Row(i);
            for (int m = 0; m < map.Length; m++) row[encoder.Features + m] = 1 - row[encoder.Features + m];
            row[^1] = 1;
        }

        return rows;
    }

    private DenseMatrix Scores(string asked, Views rows, ExecutionOptions? options)
    {
        using Execution execution = HostExecution.BeginBeside<double>(options, $"{nameof(ConcatenationModel)}.{asked}", hasKernel: false);
        DenseMatrix x = Rows(_encoder, _series.Of(_grams.Of(rows)), Match(rows), Views);
        DenseMatrix scores = new DenseAlgebra((HostEngine)execution.Engine, execution.Parts).Multiply(x, _weights);
        execution.CompleteWhole<double>($"{Strategy}: a product of {x.Rows} rows of {x.Columns} features", 2.0 * x.Elements.Length * _weights.Columns, 8L * (x.Elements.Length + scores.Elements.Length));
        return scores;
    }

    /// <summary>The length of a view's coefficients.</summary>
    private double Length(int view)
    {
        double squares = 0;
        for (int k = 0; k < _encoder.Widths[view]; k++)
        {
            foreach (double value in _weights.Row(_encoder.Offsets[view] + k)) squares += value * value;
        }

        return Math.Sqrt(squares);
    }
}
