using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted graph alignment.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GraphAlignmentModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GraphNetwork<T> _network;
    private readonly ViewInputEncoder _inputs;
    private readonly ModalityGraph<T> _graph;
    private readonly GraphAlignmentOptions _options;
    private readonly bool[] _linked;

    internal GraphAlignmentModel(
        GraphNetwork<T> network, ViewInputEncoder inputs, ModalityGraph<T> graph, IReadOnlyList<string> names, ParameterSet<T> parameters, TrainingResult training, GraphAlignmentOptions options)
    {
        (_network, _inputs, _graph, _options) = (network, inputs, graph, options);
        (Views, Parameters, Training) = ([.. names], parameters, training);
        _linked = new bool[graph.Rows];
        Array.Fill(_linked, true);
    }

    /// <summary>The names of the views; of two matrices, x and y.</summary>
    public IReadOnlyList<string> Views { get; }

    /// <summary>The network's parameters.</summary>
    public ParameterSet<T> Parameters { get; }

    /// <summary>How training went.</summary>
    public TrainingResult Training { get; }

    /// <summary>The nodes of the fit in the common space.</summary>
    /// <param name="view">The view's name.</param>
    /// <returns>rows x components; a row that lacks the view is 0.</returns>
    /// <exception cref="ArgumentException">There is no such view.</exception>
    public Tensor<T> Nodes(string view)
    {
        int m = IndexOf(view), components = _options.Components;
        using Tape<T> tape = new(_options.Device, _options.Threads);
        T[] places = new T[_graph.Rows * components];
        _network.Forward(tape, _graph, _linked)[m].Read().FlattenTo(places);
        for (int row = 0; row < _graph.Rows; row++)
        {
            if (!_graph.IsPresent(row, m)) places.AsSpan(row * components, components).Clear();
        }

        return Tensor.Create(places, [_graph.Rows, components]);
    }

    /// <summary>New rows of both views in the common space.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; as many rows or others.</param>
    /// <returns>rows x components of each; compare them by cosine.</returns>
    /// <exception cref="ArgumentException">The features do not fit, or an element is not finite.</exception>
    public (Tensor<T> X, Tensor<T> Y) Transform(Tensor<T> x, Tensor<T> y) => (TransformX(x), TransformY(y));

    /// <summary>New rows of the first view in the common space.</summary>
    /// <inheritdoc cref="Transform(Tensor{T}, Tensor{T})"/>
    public Tensor<T> TransformX(Tensor<T> x) => Transform(Views[0], x);

    /// <summary>New rows of the second view in the common space.</summary>
    /// <inheritdoc cref="Transform(Tensor{T}, Tensor{T})"/>
    public Tensor<T> TransformY(Tensor<T> y) => Transform(Views[1], y);

    /// <summary>New rows of a view in the common space: nodes that hear their nearest among those of the fit, and have no partners.</summary>
    /// <param name="view">The view's name.</param>
    /// <param name="rows">rows x features; of images, their elements side by side.</param>
    /// <returns>rows x components.</returns>
    /// <exception cref="ArgumentException">There is no such view, the features do not fit, or an element is not finite.</exception>
    public Tensor<T> Transform(string view, Tensor<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int m = IndexOf(view), count = rows.Rank == 2 ? checked((int)rows.Lengths[0]) : throw new ArgumentException($"view '{view}' is {Shape.Of(rows.Lengths)}; rows x features are needed", nameof(rows));
        if (count == 0) return Tensor.Create(Array.Empty<T>(), [0, _options.Components]);
        int[] map = [.. Views.Select((_, at) => at == m ? 0 : -1)];
        ViewInputs<T> encoded = _inputs.Encode<T>(FusionKernels.Views.Of((view, View.Vectors(rows))), map, Views);
        Tensor<T> block = encoded.Flat[.., _inputs.Flat.RangeOf(m)];
        T[] features = new T[block.FlattenedLength];
        block.FlattenTo(features);
        ModalityGraph<T> graph = _graph.With(m, Tensor.Create(features, block.Lengths), _options);
        using Tape<T> tape = new(_options.Device, _options.Threads);
        return _network.Forward(tape, graph, _linked)[m].Gather([.. Enumerable.Range(_graph.Rows, count)]).Read();
    }

    /// <summary>Links between new rows: how well partners find each other by cosine.</summary>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or an element is not finite.</exception>
    public RetrievalResult Evaluate(Tensor<T> x, Tensor<T> y)
    {
        (Tensor<T> u, Tensor<T> v) = Transform(x, y);
        return Retrieval.Evaluate(u, v, SimilarityMetric.Cosine);
    }

    /// <summary>Links by class between new rows.</summary>
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

    private int IndexOf(string view) => Views.ToList().IndexOf(view) is >= 0 and int at ? at : throw new ArgumentException($"there is no view '{view}'; there are {string.Join(", ", Views)}", nameof(view));
}
