using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted alignment that brings rows of two views into one space, where what belongs together is alike by cosine.</summary>
/// <remarks>
/// NaN is rejected with its position. The same rows have the same bits from call to call on one device and for any number of threads.
/// A row costs about 2 operations for each parameter that it passes, retrieval 2 rows² components on top. One thread at a time may use
/// a model that does not say otherwise.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class CommonSpaceModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected CommonSpaceModel(ParameterSet<T> parameters, TrainingResult training) => (Parameters, Training) = (parameters, training);

    /// <summary>The networks' parameters.</summary>
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
    /// <param name="x">rows x features.</param>
    /// <returns>rows x components.</returns>
    /// <exception cref="ArgumentException">The features do not fit, or an element is not finite.</exception>
    public abstract Tensor<T> TransformX(Tensor<T> x);

    /// <summary>Rows of the second view in the common space.</summary>
    /// <param name="y">rows x features.</param>
    /// <returns>rows x components.</returns>
    /// <exception cref="ArgumentException">The features do not fit, or an element is not finite.</exception>
    public abstract Tensor<T> TransformY(Tensor<T> y);

    /// <summary>Retrieval between rows that the fit may not have seen: how well partners find each other by cosine.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element is not finite.</exception>
    public RetrievalResult Evaluate(Tensor<T> x, Tensor<T> y) => Retrieval.Evaluate(TransformX(x), TransformY(y), SimilarityMetric.Cosine);

    /// <summary>Retrieval by class between rows that the fit may not have seen.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; as many rows or others.</param>
    /// <param name="labelsX">The class of each row of the first view.</param>
    /// <param name="labelsY">The class of each row of the second view.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element is not finite.</exception>
    public RetrievalResult Evaluate(Tensor<T> x, Tensor<T> y, ReadOnlySpan<int> labelsX, ReadOnlySpan<int> labelsY) =>
        Retrieval.Evaluate(TransformX(x), TransformY(y), SimilarityMetric.Cosine, labelsX, labelsY);

    /// <summary>Writes the whole model to a safetensors file, which appears when it is complete; the method's <c>Load</c> reads it.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public abstract void Save(string path);
}
