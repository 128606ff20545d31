using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Two fitted towers.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ContrastiveModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string TransformName = "ContrastiveModel.Transform";

    private readonly TwoTowers<T> _towers;

    internal ContrastiveModel(TwoTowers<T> towers, ParameterSet<T> parameters, Parameter<T> logScale, TrainingResult training)
    {
        (_towers, Parameters, Training) = (towers, parameters, training);
        Scale = Math.Clamp(Math.Exp(double.CreateChecked(logScale.Read()[0])), 1, 100);
    }

    /// <summary>The networks' parameters: <c>x.0.weight</c> and so on.</summary>
    public ParameterSet<T> Parameters { get; }

    /// <summary>How training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The learned factor of cosines, 1 to 100: 1 over the temperature.</summary>
    public double Scale { get; }

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

    /// <summary>Writes the whole model to a safetensors file, which appears when it is complete; <see cref="ContrastiveAlignment.Load"/> reads it.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => _towers.Save(path, ContrastiveAlignment.Kind, ContrastiveAlignment.Version, Parameters, Training);
}
