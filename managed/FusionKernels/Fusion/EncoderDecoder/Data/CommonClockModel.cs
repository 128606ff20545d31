using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted <see cref="CommonClock"/>. Immutable and thread-safe.</summary>
public sealed class CommonClockModel : FusionModel
{
    private readonly JointSeries _joint;
    private readonly KernelFusionModel _model;
    private readonly double[] _weights;

    /// <summary>Whether it was fitted with the defaults of its strategy, which a file's reader takes.</summary>
    private readonly bool _isDefault;

    internal CommonClockModel(Views views, JointSeries joint, KernelFusionModel model, CommonClockOptions options)
        : base(CommonClock.NameOf(options.Warp), views, isFloat64: true)
    {
        (_joint, _model, _isDefault) = (joint, model, options is { Length: null, Kernel: SequenceKernel.GlobalAlignment });
        _weights = [.. Enumerable.Repeat(1.0 / views.Count, views.Count)];
    }

    /// <inheritdoc/>
    public override int[] Predict(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return Told(nameof(Predict), rows, options, quiet => _model.Predict(Joint(rows), quiet));
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictProbabilities(Views rows, ExecutionOptions? options = null)
    {
        RequireClasses();
        return Told(nameof(PredictProbabilities), rows, options, quiet => _model.PredictProbabilities(Joint(rows), quiet));
    }

    /// <inheritdoc/>
    public override Tensor<double> PredictValues(Views rows, ExecutionOptions? options = null) =>
        Classes.Count > 0 ? base.PredictValues(rows, options) : Told(nameof(PredictValues), rows, options, quiet => _model.PredictValues(Joint(rows), quiet));

    /// <inheritdoc/>
    public override FusionExplanation Explain(Views rows, ExecutionOptions? options = null) => OfWeights(rows, _weights, options);

    /// <inheritdoc/>
    internal override bool IsKept => _isDefault && _model.IsKept;

    /// <inheritdoc/>
    internal override void Write(ModelStateWriter file) => _model.Write(file);

    /// <summary>The model of a file.</summary>
    internal static CommonClockModel Read(ModelStateReader file, Views views, CommonClockOptions clock)
    {
        JointSeries joint = JointSeries.Fit(views, clock);
        return new(views, joint, KernelFusionModel.Read(file, joint.Of(views, views.Names), CommonClock.KernelOptionsOf(clock)), clock);
    }

    private Views Joint(Views rows)
    {
        _ = Match(rows);
        return _joint.Of(rows, Views);
    }
}
