using System.Numerics;

namespace FusionKernels;

/// <summary>Attention over neighbours: of each head h, sum over neighbours j of softmax(leaky(t(i) . W x(i) + s(j) . W x(j))) W x(j) (Veličković et al. 2018).</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GraphAttention<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weight;
    private readonly Parameter<T> _targets;
    private readonly Parameter<T> _sources;
    private readonly Parameter<T> _bias;
    private readonly int _heads;
    private readonly int _width;
    private readonly bool _isMean;
    private readonly Activation _activation;
    private readonly double _dropout;

    /// <summary>Declares the layer's parameters: <c>weight</c>, <c>targets</c>, <c>sources</c> and <c>bias</c>.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="inputs">Features that come in.</param>
    /// <param name="width">Features of a head.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="averages">Whether heads are averaged, as in a last layer, not put side by side.</param>
    /// <param name="activation">What becomes of the sums.</param>
    /// <param name="dropout">The probability with which attention is dropped in training, 0 to below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1, or dropout no such probability.</exception>
    public GraphAttention(ParameterSet<T> parameters, int inputs, int width, int heads = 1, bool averages = false, Activation activation = Activation.None, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        if (dropout is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "a probability of 0 to below 1 is needed");
        (_heads, _width, _isMean, _activation, _dropout) = (heads, width, averages, activation, dropout);
        _weight = parameters.Add("weight", Initializer.Glorot, inputs, checked(heads * width));
        _targets = parameters.Add("targets", Initializer.Glorot, heads, width);
        _sources = parameters.Add("sources", Initializer.Glorot, heads, width);
        _bias = parameters.Add("bias", Initializer.Zeros, averages ? width : heads * width);
    }

    /// <summary>Features that go out.</summary>
    public int Outputs => _isMean ? _width : _heads * _width;

    /// <summary>The layer's value.</summary>
    /// <param name="x">nodes x inputs.</param>
    /// <param name="graph">nodes x nodes, best with self-loops; its weights are not read.</param>
    /// <returns>nodes x outputs.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Forward(Var<T> x, SparseMatrix<T> graph) => Forward(x, graph, out _);

    /// <summary>The layer's value, and the attention before dropout.</summary>
    /// <param name="x">nodes x inputs.</param>
    /// <param name="graph">nodes x nodes, best with self-loops; its weights are not read.</param>
    /// <param name="attention">entries x heads, of sum 1 over each row of the graph.</param>
    /// <returns>nodes x outputs.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Forward(Var<T> x, SparseMatrix<T> graph, out Var<T> attention)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Tape<T> tape = x.Tape;
        Var<T> projected = x.MatMul(tape.Of(_weight));
        int nodes = projected.Node.Lengths[0];
        attention = Scores(projected, _targets, nodes).EdgeScores(graph, Scores(projected, _sources, nodes)).EdgeSoftmax(graph);
        Var<T> sums = projected.Propagate(graph, _dropout > 0 ? attention.Dropout(_dropout) : attention);
        if (_isMean) sums = sums.Reshape(graph.Rows, _heads, _width).Mean(1);
        return (sums + tape.Of(_bias)).Activate(_activation);
    }

    /// <summary>nodes x heads: the dot products of each head's block with its vector.</summary>
    private Var<T> Scores(Var<T> projected, Parameter<T> vectors, int nodes) =>
        (projected.Reshape(nodes, _heads, _width) * projected.Tape.Of(vectors)).Sum(-1);
}
