using System.Numerics;

namespace FusionKernels;

/// <summary>A layer that keeps a node's own features apart from its neighbours': activation(x ownᵀ + aggregate(x) neighboursᵀ + bias) (Hamilton, Ying and Leskovec 2017, algorithm 1).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GraphSage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dense<T> _own;
    private readonly Dense<T> _neighbours;
    private readonly Activation _activation;
    private readonly GraphAggregation _aggregation;

    /// <summary>Declares the layer's parameters: <c>own.weight</c>, <c>own.bias</c> and <c>neighbours.weight</c>.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="inputs">Features that come in.</param>
    /// <param name="outputs">Features that go out.</param>
    /// <param name="activation">What becomes of the sums.</param>
    /// <param name="aggregation">What a node hears from its neighbours.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of features is less than 1.</exception>
    public GraphSage(ParameterSet<T> parameters, int inputs, int outputs, Activation activation = Activation.None, GraphAggregation aggregation = GraphAggregation.Weighted)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (_activation, _aggregation) = (activation, aggregation);
        _own = new(parameters.In("own"), inputs, outputs, initializer: Initializer.Glorot);
        _neighbours = new(parameters.In("neighbours"), inputs, outputs, hasBias: false, initializer: Initializer.Glorot);
    }

    /// <summary>The layer's value.</summary>
    /// <param name="x">nodes x inputs.</param>
    /// <param name="graph">nodes x nodes, without self-loops; normalised by rows for the mean.</param>
    /// <returns>nodes x outputs; a node without edges has only its own part.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Forward(Var<T> x, SparseMatrix<T> graph)
    {
        Var<T> heard = _aggregation == GraphAggregation.Maximum ? x.NeighbourMaximum(graph) : x.Propagate(graph);
        return (_own.Forward(x) + _neighbours.Forward(heard)).Activate(_activation);
    }
}
