using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Fusion;

namespace FusionKernels;

/// <summary>A fitted cross-modal alignment. Thread-safe; it computes on the device it was fitted on, one call at a time.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CrossModalModel<T> : CommonSpaceModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainedNetwork<T> _network;

    internal CrossModalModel(IReadOnlyList<string> views, IReadOnlyList<int> classes, TrainedNetwork<T> network, ParameterSet<T> parameters)
        : base(parameters, network.Training) => (Views, Classes, _network) = (views, classes, network);

    /// <summary>The names of the views; of two sets of rows, x and y.</summary>
    public IReadOnlyList<string> Views { get; }

    /// <summary>The labels that occurred, in ascending order; empty where there were none.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Series of both views in the common space, each by itself.</summary>
    /// <param name="x">By row of the first view: time, or time x channels.</param>
    /// <param name="y">By row of the second view; as many rows or others.</param>
    /// <returns>rows x width of each; compare them by cosine.</returns>
    /// <exception cref="ArgumentException">The channels do not fit, or an element is not finite.</exception>
    public (Tensor<T> X, Tensor<T> Y) Transform(IReadOnlyList<Tensor<T>> x, IReadOnlyList<Tensor<T>> y) => (TransformX(x), TransformY(y));

    /// <inheritdoc/>
    public override Tensor<T> TransformX(Tensor<T> x) => Transform(Views[0], View.Vectors(x));

    /// <inheritdoc/>
    public override Tensor<T> TransformY(Tensor<T> y) => Transform(Views[1], View.Vectors(y));

    /// <summary>Series of the first view in the common space.</summary>
    /// <inheritdoc cref="Transform(IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}})"/>
    public Tensor<T> TransformX(IReadOnlyList<Tensor<T>> x) => Transform(Views[0], View.Sequences(x));

    /// <summary>Series of the second view in the common space.</summary>
    /// <inheritdoc cref="Transform(IReadOnlyList{Tensor{T}}, IReadOnlyList{Tensor{T}})"/>
    public Tensor<T> TransformY(IReadOnlyList<Tensor<T>> y) => Transform(Views[1], View.Sequences(y));

    /// <summary>Rows of a view in the common space.</summary>
    /// <param name="name">The view's name.</param>
    /// <param name="rows">Its rows.</param>
    /// <returns>rows x width.</returns>
    /// <exception cref="ArgumentException">There is no such view, its kind or features do not fit, or an element is not finite.</exception>
    public Tensor<T> Transform(string name, View rows)
    {
        int m = Views.ToList().IndexOf(name);
        if (m < 0) throw new ArgumentException($"there is no view '{name}'; there are {string.Join(", ", Views)}", nameof(name));
        return _network.CodesOf("CrossModalModel.Transform", FusionKernels.Views.Of((name, rows)), [.. Views.Select((_, at) => at == m ? 0 : -1)], Views, m);
    }

    /// <summary>How the tokens of each view look at those of the others, or latent queries at all of them.</summary>
    /// <param name="rows">Rows of the model's views.</param>
    /// <returns>rows x tokens of all views (or queries) x tokens of all views, the views in their order: of sum 1 over the tokens of one view that are there, 0 within a view and where one is absent; of queries, of sum 1 over all tokens that are there.</returns>
    /// <exception cref="ArgumentException">None of the model's views is there, one is of another kind or width, or a present value is not finite.</exception>
    public Tensor<double> Attention(Views rows) => _network.Run("CrossModalModel.Attention", rows, Match(rows), Views, null, explains: true).Attention!;

    /// <summary>How well rows of the first two views find each other by cosine: by class where the rows have labels, else each its partner.</summary>
    /// <param name="rows">Rows of the model's views, both of the first two present in each.</param>
    /// <exception cref="ArgumentException">A view is not there, one is of another kind or width, or a present value is not finite.</exception>
    public RetrievalResult Evaluate(Views rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Tensor<T> x = Transform(Views[0], rows[Views[0]]), y = Transform(Views[1], rows[Views[1]]);
        return rows.Labels is { } labels ? Retrieval.Evaluate(x, y, SimilarityMetric.Cosine, [.. labels], [.. labels]) : Retrieval.Evaluate(x, y, SimilarityMetric.Cosine);
    }

    /// <summary>By row: the probability of each class or, of a model without labels, that its views belong together.</summary>
    /// <param name="rows">Rows of the model's views, or of some of them.</param>
    /// <returns>rows x classes, or rows x 1.</returns>
    /// <exception cref="ArgumentException">None of the model's views is there, one is of another kind or width, or a present value is not finite.</exception>
    public Tensor<double> PredictProbabilities(Views rows)
    {
        double[] scores = _network.Run("CrossModalModel.PredictProbabilities", rows, Match(rows), Views, null, explains: false).Scores;
        int columns = Math.Max(1, Classes.Count);
        if (Classes.Count == 0) scores = Array.ConvertAll(scores, logit => 1 / (1 + Math.Exp(-logit)));
        for (int at = 0; Classes.Count > 0 && at < scores.Length; at += columns) SoftmaxSolver.Softmax(scores.AsSpan(at, columns));
        return Tensor.Create(scores, [rows.Rows, columns]);
    }

    /// <summary>The class of every row.</summary>
    /// <param name="rows">Rows of the model's views, or of some of them.</param>
    /// <exception cref="InvalidOperationException">The model was fitted without labels.</exception>
    /// <inheritdoc cref="PredictProbabilities"/>
    public int[] Predict(Views rows)
    {
        if (Classes.Count == 0) throw new InvalidOperationException("the model was fitted without labels: it names no classes");
        Tensor<double> probabilities = PredictProbabilities(rows);
        double[] flat = probabilities.ToArray();
        return [.. Enumerable.Range(0, rows.Rows).Select(row => Classes[TensorPrimitives.IndexOfMax<double>(flat.AsSpan(row * Classes.Count, Classes.Count))])];
    }

    /// <inheritdoc/>
    public override void Save(string path) => CrossModalFile.Write(path, this, _network);

    private int[] Match(Views rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int[] map = [.. Views.Select(name => rows.Names.ToList().IndexOf(name))];
        return Array.Exists(map, at => at >= 0) ? map : throw new ArgumentException($"the rows have the views {string.Join(", ", rows.Names)}; the model was fitted to {string.Join(", ", Views)}", nameof(rows));
    }
}
