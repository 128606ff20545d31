using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A fitted graph alignment.</summary>
/// <remarks>One thread at a time may use it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GraphAlignmentModel<T> : CommonSpaceModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string NodesName = "GraphAlignmentModel.Nodes";

    private readonly GraphNetwork<T> _network;
    private readonly ViewInputEncoder _inputs;
    private readonly ModalityGraph<T> _graph;
    private readonly GraphAlignmentOptions _options;
    private readonly bool[] _linked;

    internal GraphAlignmentModel(
        GraphNetwork<T> network, ViewInputEncoder inputs, ModalityGraph<T> graph, IReadOnlyList<string> names, ParameterSet<T> parameters, TrainingResult training, GraphAlignmentOptions options)
        : base(parameters, training)
    {
        (_network, _inputs, _graph, _options, Views) = (network, inputs, graph, options, [.. names]);
        _linked = new bool[graph.Rows];
        Array.Fill(_linked, true);
    }

    /// <summary>The names of the views; of two matrices, x and y.</summary>
    public IReadOnlyList<string> Views { get; }

    /// <summary>The nodes of the fit in the common space.</summary>
    /// <param name="view">The view's name.</param>
    /// <returns>rows x components; a row that lacks the view is 0.</returns>
    /// <exception cref="ArgumentException">There is no such view.</exception>
    public Tensor<T> Nodes(string view)
    {
        int m = IndexOf(view), components = _options.Components;
        using Tape<T> tape = OpenTape(NodesName);
        T[] places = HostArray.Create<T>(NodesName, _graph.Rows, components);
        _network.Forward(tape, _graph, _linked)[m].Read().FlattenTo(places);
        for (int row = 0; row < _graph.Rows; row++)
        {
            if (!_graph.IsPresent(row, m)) places.AsSpan(row * components, components).Clear();
        }

        return Tensor.Create(places, [_graph.Rows, components]);
    }

    /// <inheritdoc/>
    public override Tensor<T> TransformX(Tensor<T> x) => Transform(Views[0], x);

    /// <inheritdoc/>
    public override Tensor<T> TransformY(Tensor<T> y) => Transform(Views[1], y);

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
        ModalityGraph<T> graph = _graph.With(m, ModalityGraph<T>.Block(encoded.Flat, _inputs.Flat.RangeOf(m)), _options);
        using Tape<T> tape = OpenTape("GraphAlignmentModel.Transform");
        return _network.Forward(tape, graph, _linked)[m].Gather([.. Enumerable.Range(_graph.Rows, count)]).Read();
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A kernel is of a matrix that was given, which places no new rows.</exception>
    public override void Save(string path) => GraphAlignmentFile.Write(path, this, _inputs, _graph, _options);

    private Tape<T> OpenTape(string operation) => new(_options.Device, _options.Threads) { Operation = operation };

    private int IndexOf(string view) => Views.ToList().IndexOf(view) is >= 0 and int at ? at : throw new ArgumentException($"there is no view '{view}'; there are {string.Join(", ", Views)}", nameof(view));
}
