using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted <see cref="CommonClock"/>. Immutable and thread-safe.</summary>
public sealed class CommonClockModel : FusionModel
{
    private readonly JointSeries _joint;
    private readonly KernelFusionModel _model;
    private readonly double[] _weights;

    internal CommonClockModel(Views views, JointSeries joint, KernelFusionModel model)
        : base("common-clock", views)
    {
        (_joint, _model) = (joint, model);
        _weights = [.. Enumerable.Repeat(1.0 / views.Count, views.Count)];
    }

    /// <inheritdoc/>
    public override int[] Predict(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return _model.Predict(Joint(rows), options);
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return _model.PredictProbabilities(Joint(rows), options);
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null) =>
        Classes.Count > 0 ? base.PredictValues(rows, options) : _model.PredictValues(Joint(rows), options);

    /// <inheritdoc/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null) => new(Views, _weights, RowWeights(rows, _weights), []);

    private Views Joint(Views rows)
    {
        _ = Match(rows);
        return _joint.Of(rows, Views);
    }
}
