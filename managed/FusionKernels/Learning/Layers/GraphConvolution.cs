using System.Numerics;

namespace FusionKernels;

/// <summary>A graph convolution: activation(A x weightᵀ + bias) with a normalised graph A (Kipf and Welling 2017, equation 2).</summary>
/// <remarks>Cost: 2 nodes inputs outputs + 2 entries outputs operations, and twice that on the way back. A node without edges has its bias; give the graph self-loops, as <see cref="Graph.Normalize{T}"/> does.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GraphConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Activation _activation;

    /// <summary>Declares the layer's parameters: <c>weight</c> and <c>bias</c>.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="inputs">Features that come in.</param>
    /// <param name="outputs">Features that go out.</param>
    /// <param name="activation">What becomes of the sums.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of features is less than 1.</exception>
    public GraphConvolution(ParameterSet<T> parameters, int inputs, int outputs, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _activation = activation;
        Weight = parameters.Add("weight", Initializer.Glorot, inputs, outputs);
        Bias = parameters.Add("bias", Initializer.Zeros, outputs);
    }

    /// <summary>inputs x outputs.</summary>
    public Parameter<T> Weight { get; }

    /// <summary>One for each output.</summary>
    public Parameter<T> Bias { get; }

    /// <summary>The layer's value.</summary>
    /// <param name="x">nodes x inputs.</param>
    /// <param name="graph">nodes x nodes, normalised.</param>
    /// <returns>nodes x outputs.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Var<T> Forward(Var<T> x, SparseMatrix<T> graph) => Finish(x.MatMul(x.Tape.Of(Weight)), graph);

    /// <summary>The layer's value of sparse features, such as words of documents.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">nodes x inputs.</param>
    /// <param name="graph">nodes x nodes, normalised.</param>
    /// <param name="dropout">The probability with which features are dropped in training, 0 to below 1.</param>
    /// <returns>nodes x outputs.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">dropout is no such probability.</exception>
    public Var<T> Forward(Tape<T> tape, SparseMatrix<T> x, SparseMatrix<T> graph, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(x);
        Var<T> weight = tape.Of(Weight);
        return Finish(dropout == 0 ? weight.Propagate(x) : weight.Propagate(x, tape.Values(x).Dropout(dropout)), graph);
    }

    private Var<T> Finish(Var<T> projected, SparseMatrix<T> graph) => (projected.Propagate(graph) + projected.Tape.Of(Bias)).Activate(_activation);
}
