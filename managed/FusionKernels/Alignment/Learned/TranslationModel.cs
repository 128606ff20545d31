using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Two fitted generators, from each of two views to the other.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TranslationModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DenseLayers<T>[] _generators;
    private readonly Standardization<T>[] _scales;
    private readonly Activation _activation;
    private readonly ExecutionOptions _execution;

    internal TranslationModel(
        DenseLayers<T>[] generators, Standardization<T>[] scales, Activation activation, ParameterSet<T> parameters, TrainingResult training, ExecutionOptions execution) =>
        (_generators, _scales, _activation, Parameters, Training, _execution) = (generators, scales, activation, parameters, training, execution);

    /// <summary>The networks' parameters: generators <c>x_to_y.0.weight</c> and so on, discriminators <c>real_x.0.weight</c> and so on.</summary>
    public ParameterSet<T> Parameters { get; }

    /// <summary>How training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The second view of rows of the first, in its own units.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <returns>rows x features of the second view.</returns>
    /// <exception cref="ArgumentException">The features do not fit, or an element is not finite.</exception>
    public Tensor<T> TranslateX(Tensor<T> x) => Translate(x, 0);

    /// <summary>The first view of rows of the second, in its own units.</summary>
    /// <param name="y">rows x features of the second view.</param>
    /// <returns>rows x features of the first view.</returns>
    /// <exception cref="ArgumentException">The features do not fit, or an element is not finite.</exception>
    public Tensor<T> TranslateY(Tensor<T> y) => Translate(y, 1);

    /// <summary>How well each view is made from the other, over rows that the fit may not have seen: the share of its variance that is explained, features taken together.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <returns>R² of the first view made from the second, and of the second from the first; NaN where a view does not vary.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element is not finite.</exception>
    public (double X, double Y) Evaluate(Tensor<T> x, Tensor<T> y)
    {
        (Tensor<T> madeX, Tensor<T> madeY) = (TranslateY(y), TranslateX(x));
        if (x.Lengths[0] != y.Lengths[0]) throw new ArgumentException($"TranslationModel.Evaluate: view 'x' has {x.Lengths[0]} rows, 'y' has {y.Lengths[0]}: row i of one belongs to row i of the other");
        return (ExplainedVariance.Of(x, madeX), ExplainedVariance.Of(y, madeY));
    }

    /// <summary>Writes the whole model to a safetensors file, which appears when it is complete; <see cref="AdversarialTranslation.Load"/> reads it.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => LearnedModelFile.Write(
        path,
        AdversarialTranslation.Kind,
        AdversarialTranslation.Version,
        Parameters,
        Training,
        PairedViews.Names.Select((name, view) => (name, _scales[view])).ToDictionary(),
        new Dictionary<string, string> { ["activation"] = $"{_activation}" });

    private Tensor<T> Translate(Tensor<T> view, int from)
    {
        string operation = from == 0 ? "TranslationModel.TranslateX" : "TranslationModel.TranslateY";
        Standardization<T> scale = _scales[1 - from];
        Tensor<T> rows = PairedRows<T>.New(view, _scales[from], PairedViews.Names[from], operation);
        Tensor<T> made = RowMaps.Run<T>(operation, _execution, (int)rows.Lengths[0], scale.Features, (tape, part) => _generators[from].Forward(tape.Rows(rows, part)));
        T[] values = new T[made.FlattenedLength];
        made.FlattenTo(values);
        scale.Undo(values);
        return Tensor.Create(values, made.Lengths);
    }
}
