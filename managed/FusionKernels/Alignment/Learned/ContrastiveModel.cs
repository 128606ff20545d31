using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Two fitted towers.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ContrastiveModel<T> : CommonSpaceModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TwoTowers<T> _towers;

    internal ContrastiveModel(TwoTowers<T> towers, ParameterSet<T> parameters, Parameter<T> logScale, TrainingResult training)
        : base(parameters, training)
    {
        _towers = towers;
        Scale = Math.Clamp(Math.Exp(double.CreateChecked(logScale.Read()[0])), 1, 100);
    }

    /// <summary>The learned factor of cosines, 1 to 100: 1 over the temperature.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public override Tensor<T> TransformX(Tensor<T> x) => _towers.Map(x, 0, "ContrastiveModel.TransformX");

    /// <inheritdoc/>
    public override Tensor<T> TransformY(Tensor<T> y) => _towers.Map(y, 1, "ContrastiveModel.TransformY");

    /// <inheritdoc/>
    public override void Save(string path) => _towers.Save(path, ContrastiveAlignment.Kind, ContrastiveAlignment.Version, Parameters, Training);
}
