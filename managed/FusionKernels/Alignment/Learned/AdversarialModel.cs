using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Two fitted networks into a common space, and the discriminator that they were trained against.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdversarialModel<T> : CommonSpaceModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TwoTowers<T> _towers;
    private readonly DenseLayers<T> _discriminator;

    internal AdversarialModel(TwoTowers<T> towers, DenseLayers<T> discriminator, ParameterSet<T> parameters, TrainingResult training)
        : base(parameters, training) => (_towers, _discriminator) = (towers, discriminator);

    /// <inheritdoc/>
    public override Tensor<T> TransformX(Tensor<T> x) => _towers.Map(x, 0, "AdversarialModel.TransformX");

    /// <inheritdoc/>
    public override Tensor<T> TransformY(Tensor<T> y) => _towers.Map(y, 1, "AdversarialModel.TransformY");

    /// <summary>How often the discriminator names the modality of a row right, the mean of both views: 0.5 where it cannot tell them apart.</summary>
    /// <param name="x">rows x features of the first view; at least one row.</param>
    /// <param name="y">rows x features of the second view; at least one row.</param>
    /// <exception cref="ArgumentException">The features do not fit, there are no rows, or an element is not finite.</exception>
    public double DiscriminatorAccuracy(Tensor<T> x, Tensor<T> y)
    {
        (Tensor<T> u, Tensor<T> v) = Transform(x, y);
        if (u.Lengths[0] == 0 || v.Lengths[0] == 0) throw new ArgumentException("AdversarialModel.DiscriminatorAccuracy: there are no rows; one at least of each view is needed");
        double ofX = Answers(u).Count(answer => answer < T.Zero) / (double)u.Lengths[0], ofY = Answers(v).Count(answer => answer >= T.Zero) / (double)v.Lengths[0];
        return (ofX + ofY) / 2;
    }

    /// <inheritdoc/>
    public override void Save(string path) => _towers.Save(path, AdversarialAlignment.Kind, AdversarialAlignment.Version, Parameters, Training);

    private Tensor<T> Answers(Tensor<T> codes) =>
        RowMaps.Run<T>("AdversarialModel.DiscriminatorAccuracy", _towers.Execution, (int)codes.Lengths[0], 1, (tape, rows) => _discriminator.Forward(tape.Rows(codes, rows).Unit()));
}
