using System.Numerics;

namespace FusionKernels;

/// <content>Graphs: what nodes hear from their neighbours.</content>
public readonly partial struct Var<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A sparse matrix times this value: each row's sum of its neighbours' rows by the matrix's weights; 0 of none.</summary>
    /// <param name="graph">targets x this value's rows; not trained.</param>
    /// <returns>targets x features.</returns>
    /// <exception cref="ArgumentException">The value is no matrix of as many rows as the graph has columns.</exception>
    public Var<T> Propagate(SparseMatrix<T> graph) => SparseProductOperation<T>.Record(this, graph, null);

    /// <summary>The same with weights that are values themselves, such as attention.</summary>
    /// <param name="graph">targets x this value's rows; its own weights are not read.</param>
    /// <param name="weights">One for each entry; or entries x heads, each of which weighs its block of the features.</param>
    /// <exception cref="ArgumentException">The weights are not those of the entries, or features are no whole blocks.</exception>
    /// <inheritdoc cref="Propagate(SparseMatrix{T})"/>
    public Var<T> Propagate(SparseMatrix<T> graph, Var<T> weights) => SparseProductOperation<T>.Record(this, graph, weights);

    /// <summary>A score for every entry of a graph and head: this value's of the entry's row and another's of its column, added, times a slope where negative (Veličković et al. 2018, equation 3).</summary>
    /// <param name="graph">targets x sources.</param>
    /// <param name="sources">sources x heads; this value is targets x heads.</param>
    /// <param name="slope">0 or more.</param>
    /// <returns>entries x heads.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The slope is negative.</exception>
    public Var<T> EdgeScores(SparseMatrix<T> graph, Var<T> sources, double slope = 0.2) => EdgeScoreOperation<T>.Record(this, sources, graph, slope);

    /// <summary>Softmax over the entries of every row of a graph, for each head.</summary>
    /// <param name="graph">Of as many entries as this value has rows.</param>
    /// <returns>entries x heads.</returns>
    /// <exception cref="ArgumentException">The value is not entries x heads.</exception>
    public Var<T> EdgeSoftmax(SparseMatrix<T> graph) => EdgeSoftmaxOperation<T>.Record(this, graph);

    /// <summary>The largest of each row's neighbours, feature by feature; 0 of none. The gradient goes to the first that is largest.</summary>
    /// <param name="graph">targets x this value's rows; its weights are not read.</param>
    /// <returns>targets x features.</returns>
    /// <exception cref="ArgumentException">The value is no matrix of as many rows as the graph has columns.</exception>
    public Var<T> NeighbourMaximum(SparseMatrix<T> graph) => NeighbourMaximumOperation<T>.Record(this, graph);
}
