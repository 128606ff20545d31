using System.Numerics;

namespace FusionKernels;

/// <summary>A projection of each modality, layers over the graph that add what nodes hear to what they are, and a map to the common space.</summary>
internal sealed class GraphNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dense<T>[] _projections;
    private readonly Func<Var<T>[], ModalityGraph<T>, bool[], Var<T>[]>[] _layers;
    private readonly Dense<T> _output;
    private readonly IReadOnlyList<string> _names;
    private readonly double _dropout;

    /// <summary>Declares the network's parameters.</summary>
    public GraphNetwork(ParameterSet<T> parameters, ViewInputEncoder inputs, IReadOnlyList<string> names, GraphAlignmentOptions options)
    {
        (_names, _dropout) = (names, options.Dropout);
        _projections = [.. names.Select((name, m) => new Dense<T>(parameters.In("project").In(name), inputs.FeaturesOf(m), options.Width, Activation.Tanh))];
        _layers = [.. Enumerable.Range(0, options.Layers).Select(layer => LayerOf(parameters.In($"layer{layer}"), options, isLast: layer == options.Layers - 1))];
        _output = new(parameters.In("output"), options.Width, options.Components);
    }

    /// <summary>Places of all nodes in the common space: by view, rows x components; of absent nodes, anything finite.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="graph">The nodes.</param>
    /// <param name="linked">By row: whether its links are in the graph; rows beyond are not linked.</param>
    public Var<T>[] Forward(Tape<T> tape, ModalityGraph<T> graph, bool[] linked)
    {
        Var<T>[] nodes = [.. _projections.Select((projection, m) => projection.Forward(tape.Constant(graph.Features[m])))];
        foreach (Func<Var<T>[], ModalityGraph<T>, bool[], Var<T>[]> layer in _layers)
        {
            Var<T>[] heard = layer(nodes, graph, linked);
            nodes = [.. nodes.Select((node, m) => node + heard[m].Dropout(_dropout))];
        }

        return [.. nodes.Select(_output.Forward)];
    }

    /// <summary>One layer. The last of a heterogeneous network has no weights for partners: the links that are predicted are out of the graph, so that nothing would train them.</summary>
    private Func<Var<T>[], ModalityGraph<T>, bool[], Var<T>[]> LayerOf(ParameterSet<T> parameters, GraphAlignmentOptions options, bool isLast)
    {
        if (options.Encoder == GraphEncoder.Attention)
        {
            GraphAttention<T> attention = new(parameters, options.Width, options.Width / options.Heads, options.Heads, activation: Activation.Tanh);
            return (nodes, graph, linked) => Split(attention.Forward(Var<T>.Stack(nodes), graph.Joint(linked)), graph);
        }

        if (options.Encoder == GraphEncoder.Convolution)
        {
            GraphConvolution<T> convolution = new(parameters, options.Width, options.Width, Activation.Tanh);
            return (nodes, graph, linked) => Split(convolution.Forward(Var<T>.Stack(nodes), graph.Joint(linked)), graph);
        }

        (GraphRelation Relation, int Target, int Source)[] relations =
        [
            .. from target in Enumerable.Range(0, _names.Count)
               from source in Enumerable.Range(0, _names.Count)
               where source == target || !isLast
               select (new GraphRelation(_names[source], $"{_names[source]}_to_{_names[target]}", _names[target]), target, source),
        ];
        RelationalGraph<T> relational = new(parameters, _names.ToDictionary(name => name, _ => options.Width), [.. relations.Select(one => one.Relation)], options.Width, Activation.Tanh);
        return (nodes, graph, linked) =>
        {
            Dictionary<string, SparseMatrix<T>> edges = relations.ToDictionary(one => one.Relation.Name, one => one.Target == one.Source ? graph.Near(one.Target) : graph.Links(one.Target, one.Source, linked));
            IReadOnlyDictionary<string, Var<T>> heard = relational.Forward(_names.Select((name, m) => (name, nodes[m])).ToDictionary(one => one.name, one => one.Item2), edges);
            return [.. _names.Select(name => heard[name])];
        };
    }

    private static Var<T>[] Split(Var<T> all, ModalityGraph<T> graph) =>
        [.. Enumerable.Range(0, graph.Views).Select(m => all.Gather([.. Enumerable.Range(m * graph.Rows, graph.Rows)]))];
}
