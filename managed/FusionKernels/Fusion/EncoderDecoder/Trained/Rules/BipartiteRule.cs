using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>A graph of rows and views, whose edges are the present cells and carry their codes; rows and views hear each other over them, and what a row and a view have become rebuilds the cell (You et al. 2020, equations 1 to 4).</summary>
/// <remarks>In training views hear the rows of the batch; afterwards they stay as all training rows left them, so that a new row's answer does not depend on the rows beside it.</remarks>
internal sealed class BipartiteRule<T> : CombinationRule<T>, IRebuildingRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _views, _width;
    private readonly Parameter<T> _row;
    private readonly Embedding<T> _view;
    private readonly Layer[] _layers;
    private readonly DenseLayers<T>[] _decoders;
    private Tensor<T>[]? _settled;

    /// <summary>Declares the nodes' first states, the layers (one more than asked for: the first one only tells cells) and a decoder for each view.</summary>
    public BipartiteRule(ParameterSet<T> parameters, ViewInputEncoder inputs, int views, TrainedFusionOptions options)
    {
        (_views, _width) = (views, options.Width);
        _row = parameters.Add("row", Initializer.Normal(0.02), 1, _width);
        _view = new(parameters.In("view"), views, _width);
        _layers = [.. Enumerable.Range(0, options.Layers + 1).Select(layer => new Layer(parameters.In($"layer{layer}"), _width, isLast: layer == options.Layers))];
        _decoders = [.. Enumerable.Range(0, views).Select(m =>
            new DenseLayers<T>(parameters.In($"decoder{m}"), [2 * _width, options.Hidden, checked(inputs.PlacesOf(m) * inputs.FeaturesOf(m))], Activation.Relu, options.Dropout))];
    }

    /// <inheritdoc/>
    public override int Outputs => _width;

    /// <inheritdoc/>
    public override Combination<T> Combine(ModalityTokens<T> batch) => new(StatesOf(batch).Rows);

    /// <inheritdoc/>
    public Var<T> Rebuild(ModalityTokens<T> batch, int view)
    {
        States states = StatesOf(batch);
        int[] repeated = new int[batch.Rows];
        Array.Fill(repeated, view);
        return _decoders[view].Forward(Var<T>.Concat(states.Rows, states.Views[^1].Gather(repeated)));
    }

    /// <inheritdoc/>
    public Var<T> RebuildingLoss(ModalityTokens<T> batch, RebuildingTargets<T> targets) =>
        Enumerable.Range(0, _views).Select(m => targets.Error(Rebuild(batch, m), m, _ => true)).Aggregate((a, b) => a + b) * (1.0 / _views);

    /// <inheritdoc/>
    public void Settle(ModalityTokens<T> training) => _settled = [.. StatesOf(training).Views.Select(state => state.Read())];

    /// <inheritdoc/>
    public void Write(ModelStateWriter file)
    {
        for (int at = 0; at < _settled!.Length; at++) file.Add($"settled.{at}", _settled[at]);
    }

    /// <inheritdoc/>
    public void Read(ModelStateReader file) => _settled = [.. Enumerable.Range(0, _layers.Length + 1).Select(at => file.Elements<T>($"settled.{at}", _views, _width))];

    private States StatesOf(ModalityTokens<T> batch) => (States)(batch.Made ??= Run(batch));

    private States Run(ModalityTokens<T> batch)
    {
        Tape<T> tape = batch.Tape;
        (int Row, int View)[] cells = [.. from row in Enumerable.Range(0, batch.Rows) from m in Enumerable.Range(0, _views) where batch.IsPresent(row, m) select (row, m)];
        int[] ofRow = [.. cells.Select(cell => cell.Row)], ofView = [.. cells.Select(cell => cell.View)];
        Var<T> rows = tape.Of(_row).Gather(new int[batch.Rows]), edges = Var<T>.Stack(batch.Codes()).Gather([.. cells.Select(cell => (cell.View * batch.Rows) + cell.Row)]);
        List<Var<T>> views = [tape.Of(_view.Table)];
        if (cells.Length == 0) return new(rows, [.. _settled?.Select(state => tape.Constant(state)) ?? views]);
        SparseMatrix<T> toRows = Mean(batch.Rows, ofRow), toViews = Mean(_views, ofView);
        for (int at = 0; at < _layers.Length; at++)
        {
            Layer layer = _layers[at];
            Var<T> heardByRows = layer.ToRow.Forward(Var<T>.Concat(views[^1].Gather(ofView), edges)).Propagate(toRows);
            Var<T> nextRows = layer.Row.Forward(Var<T>.Concat(rows, heardByRows));
            views.Add(_settled is { } settled && !tape.IsTraining
                ? tape.Constant(settled[at + 1])
                : layer.View.Forward(Var<T>.Concat(views[^1], layer.ToView.Forward(Var<T>.Concat(rows.Gather(ofRow), edges)).Propagate(toViews))));
            rows = nextRows;
            if (layer.Edge is { } edge) edges = edge.Forward(Var<T>.Concat(edges, rows.Gather(ofRow), views[^1].Gather(ofView)));
        }

        return new(rows, [.. views]);
    }

    /// <summary>The mean over the cells of each node: nodes x cells.</summary>
    private static SparseMatrix<T> Mean(int nodes, int[] owners)
    {
        int[] degrees = new int[nodes];
        foreach (int owner in owners) degrees[owner]++;
        return SparseMatrix<T>.FromEntries(nodes, owners.Length, owners.Select((owner, cell) => (owner, cell, T.One / T.CreateChecked(degrees[owner]))));
    }

    /// <summary>What rows have become, and views before the first layer and behind each.</summary>
    private sealed record States(Var<T> Rows, Var<T>[] Views);

    /// <summary>What cells tell rows and views, what those make of it, and what cells then carry.</summary>
    private sealed class Layer(ParameterSet<T> parameters, int width, bool isLast)
    {
        public Dense<T> ToRow { get; } = new(parameters.In("to_row"), 2 * width, width, Activation.Relu);

        public Dense<T> ToView { get; } = new(parameters.In("to_view"), 2 * width, width, Activation.Relu);

        public Dense<T> Row { get; } = new(parameters.In("row"), 2 * width, width, isLast ? Activation.None : Activation.Relu);

        public Dense<T> View { get; } = new(parameters.In("view"), 2 * width, width, Activation.Relu);

        public Dense<T>? Edge { get; } = isLast ? null : new(parameters.In("edge"), 3 * width, width, Activation.Relu);
    }
}
