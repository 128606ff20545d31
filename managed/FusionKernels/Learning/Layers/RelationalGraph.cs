using System.Numerics;

namespace FusionKernels;

/// <summary>A layer over several kinds of nodes and edges: activation(x own(kind)ᵀ + sum over relations into the kind of A(relation) x(source) W(relation)ᵀ) (Schlichtkrull et al. 2018, equation 2).</summary>
/// <remarks>A kind of node that is absent, and a relation that is absent, add nothing and get nothing: heterogeneous batches need not hold every kind.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RelationalGraph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<string, Dense<T>> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dense<T>> _heard = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<GraphRelation> _relations;
    private readonly Activation _activation;

    /// <summary>Declares the layer's parameters.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="inputs">By kind of node: features that come in.</param>
    /// <param name="relations">The kinds of edges.</param>
    /// <param name="outputs">Features that go out, of every kind.</param>
    /// <param name="activation">What becomes of the sums.</param>
    /// <exception cref="ArgumentException">A relation names a kind that is not there, or a name that is taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of features is less than 1.</exception>
    public RelationalGraph(ParameterSet<T> parameters, IReadOnlyDictionary<string, int> inputs, IReadOnlyList<GraphRelation> relations, int outputs, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(relations);
        (_relations, _activation) = (relations, activation);
        foreach ((string kind, int features) in inputs.OrderBy(one => one.Key, StringComparer.Ordinal)) _own.Add(kind, new(parameters.In("own").In(kind), features, outputs, initializer: Initializer.Glorot));
        foreach (GraphRelation relation in relations)
        {
            if (!inputs.TryGetValue(relation.Source, out int features) || !inputs.ContainsKey(relation.Target))
            {
                throw new ArgumentException($"relation '{relation.Name}' leads from '{relation.Source}' to '{relation.Target}'; there are {string.Join(", ", inputs.Keys)}", nameof(relations));
            }

            if (!_heard.TryAdd(relation.Name, new(parameters.In("heard").In(relation.Name), features, outputs, hasBias: false, initializer: Initializer.Glorot)))
            {
                throw new ArgumentException($"there are two relations '{relation.Name}'", nameof(relations));
            }
        }
    }

    /// <summary>The layer's value.</summary>
    /// <param name="nodes">By kind: nodes x inputs; kinds may be absent.</param>
    /// <param name="edges">By relation: targets x sources, normalised by rows for the mean; relations may be absent.</param>
    /// <returns>By kind that is there: nodes x outputs.</returns>
    /// <exception cref="ArgumentException">A kind or a relation is unknown, or shapes do not fit.</exception>
    public IReadOnlyDictionary<string, Var<T>> Forward(IReadOnlyDictionary<string, Var<T>> nodes, IReadOnlyDictionary<string, SparseMatrix<T>> edges)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(edges);
        Dictionary<string, Var<T>> sums = new(StringComparer.Ordinal);
        foreach ((string kind, Var<T> x) in nodes)
        {
            sums.Add(kind, _own.TryGetValue(kind, out Dense<T>? layer) ? layer.Forward(x) : throw new ArgumentException($"there is no kind of node '{kind}'; there are {string.Join(", ", _own.Keys)}", nameof(nodes)));
        }

        foreach (string name in edges.Keys)
        {
            if (!_heard.ContainsKey(name)) throw new ArgumentException($"there is no relation '{name}'; there are {string.Join(", ", _heard.Keys)}", nameof(edges));
        }

        foreach (GraphRelation relation in _relations)
        {
            if (!edges.TryGetValue(relation.Name, out SparseMatrix<T>? graph) || !nodes.TryGetValue(relation.Source, out Var<T> source) || !sums.TryGetValue(relation.Target, out Var<T> sum)) continue;
            sums[relation.Target] = sum + _heard[relation.Name].Forward(source).Propagate(graph);
        }

        return sums.ToDictionary(one => one.Key, one => one.Value.Activate(_activation), StringComparer.Ordinal);
    }
}
