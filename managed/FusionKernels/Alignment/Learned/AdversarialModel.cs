using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Two fitted networks into a common space, and the discriminator that they were trained against.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdversarialModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string TransformName = "AdversarialModel.Transform";

    private readonly TwoTowers<T> _towers;
    private readonly DenseLayers<T> _discriminator;

    internal AdversarialModel(TwoTowers<T> towers, DenseLayers<T> discriminator, ParameterSet<T> parameters, TrainingResult training) =>
        (_towers, _discriminator, Parameters, Training) = (towers, discriminator, parameters, training);

    /// <summary>The networks' parameters: <c>x.0.weight</c> and so on.</summary>
    public ParameterSet<T> Parameters { get; }

    /// <summary>How training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>Rows of both views in the common space.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; as many rows or others.</param>
    /// <returns>rows x components of each; compare them by cosine.</returns>
    /// <exception cref="ArgumentException">The features do not fit, or an element is not finite.</exception>
    public (Tensor<T> X, Tensor<T> Y) Transform(Tensor<T> x, Tensor<T> y) => (TransformX(x), TransformY(y));

    /// <summary>Rows of the first view in the common space.</summary>
    /// <inheritdoc cref="Transform"/>
    public Tensor<T> TransformX(Tensor<T> x) => _towers.Map(x, 0, TransformName);

    /// <summary>Rows of the second view in the common space.</summary>
    /// <inheritdoc cref="Transform"/>
    public Tensor<T> TransformY(Tensor<T> y) => _towers.Map(y, 1, TransformName);

    /// <summary>Retrieval between rows that the fit may not have seen: how well partners find each other by cosine.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element is not finite.</exception>
    public RetrievalResult Evaluate(Tensor<T> x, Tensor<T> y)
    {
        (Tensor<T> u, Tensor<T> v) = Transform(x, y);
        return Retrieval.Evaluate(u, v, SimilarityMetric.Cosine);
    }

    /// <summary>Retrieval by class between rows that the fit may not have seen.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view.</param>
    /// <param name="labelsX">The class of each row of the first view.</param>
    /// <param name="labelsY">The class of each row of the second view.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element is not finite.</exception>
    public RetrievalResult Evaluate(Tensor<T> x, Tensor<T> y, ReadOnlySpan<int> labelsX, ReadOnlySpan<int> labelsY)
    {
        (Tensor<T> u, Tensor<T> v) = Transform(x, y);
        return Retrieval.Evaluate(u, v, SimilarityMetric.Cosine, labelsX, labelsY);
    }

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

    /// <summary>Writes the whole model to a safetensors file, which appears when it is complete; <see cref="AdversarialAlignment.Load"/> reads it.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => _towers.Save(path, AdversarialAlignment.Kind, AdversarialAlignment.Version, Parameters, Training);

    private Tensor<T> Answers(Tensor<T> codes) =>
        RowMaps.Run<T>(_towers.Execution, (int)codes.Lengths[0], 1, (tape, rows) => _discriminator.Forward(tape.Rows(codes, rows).Unit()));
}
