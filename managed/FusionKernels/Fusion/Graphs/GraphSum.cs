using System.Numerics;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;
using GraphCalls = FusionKernels.Kernels.Graphs.Graphs;

namespace FusionKernels;

/// <summary>The matrix of label propagation over a weighted sum of graphs: I - alpha S, or the Laplacian of the nodes to be found, the others' rows those of the identity.</summary>
/// <remarks>
/// A node that some graphs have no edges of is scaled by what the others weigh, so that S keeps its norm of at most 1: with c(i) the
/// weights of the graphs that have node i, S = C^-1/2 (sum of weight S of each) C^-1/2.
/// </remarks>
internal sealed class GraphSum : ILinearOperator
{
    private readonly HostEngine _engine;
    private readonly SparsePattern[] _patterns;
    private readonly double[][] _values;
    private readonly double[][] _degrees;
    private readonly bool _isHarmonic;
    private readonly double _alpha;
    private double[] _weights = [];
    private double[] _scales = [];
    private bool[] _isFree = [];

    private GraphSum(HostEngine engine, SparsePattern[] patterns, double[][] values, double[][] degrees, LabelPropagationOptions options, in RunSettings settings)
    {
        (_engine, _patterns, _values, _degrees, Settings) = (engine, patterns, values, degrees, settings);
        (_isHarmonic, _alpha) = (options.Method == LabelPropagationMethod.Harmonic, options.Alpha);
    }

    /// <summary>Graphs.</summary>
    public int Count => _patterns.Length;

    /// <summary>How to run.</summary>
    public RunSettings Settings { get; }

    /// <summary>Products with one graph so far.</summary>
    public int Products { get; private set; }

    private int Nodes => _patterns[0].Rows;

    /// <summary>Takes graphs: normalised for consistency, in units of their mean degree for harmonic functions.</summary>
    public static GraphSum Of<T>(IReadOnlyList<SparseMatrix<T>> graphs, LabelPropagationOptions options, HostEngine engine, in RunSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[][] values = new double[graphs.Count][], degrees = new double[graphs.Count][];
        for (int v = 0; v < graphs.Count; v++)
        {
            SparseMatrix<T> graph = graphs[v];
            double[] weights = Array.ConvertAll(graph.Values.ToArray(), double.CreateChecked), sums = Graph.Degrees(graph);
            double mean = sums.DefaultIfEmpty(0).Average();
            bool isHarmonic = options.Method == LabelPropagationMethod.Harmonic;
            for (int entry = 0; entry < weights.Length; entry++)
            {
                double scale = isHarmonic ? mean : Math.Sqrt(sums[graph.Pattern.Owners[entry]]) * Math.Sqrt(sums[graph.ColumnIndices[entry]]);
                weights[entry] = scale > 0 ? weights[entry] / scale : 0;
            }

            values[v] = weights;
            degrees[v] = Array.ConvertAll(sums, sum => !(sum > 0) ? 0 : isHarmonic ? sum / mean : 1);
        }

        return new(engine, [.. graphs.Select(graph => graph.Pattern)], values, degrees, options, settings);
    }

    /// <summary>Takes weights, and tells which nodes a path leads to from a labelled one.</summary>
    /// <param name="weights">By graph.</param>
    /// <param name="columns">By node: its class's column; negative where unknown.</param>
    public bool[] Weigh(double[] weights, int[] columns)
    {
        _weights = weights;
        bool[] isReached = Reached(columns);
        _isFree = [.. columns.Select((column, node) => !_isHarmonic || (column < 0 && isReached[node]))];
        _scales = new double[Nodes];
        for (int v = 0; v < Count; v++)
        {
            for (int i = 0; i < Nodes; i++) _scales[i] += weights[v] * _degrees[v][i];
        }

        if (!_isHarmonic) _scales = Array.ConvertAll(_scales, weight => weight > 0 ? 1 / Math.Sqrt(weight) : 0);
        return isReached;
    }

    /// <summary>The right-hand side for given labels.</summary>
    /// <param name="given">nodes x classes: 1 in the class of a labelled node.</param>
    /// <param name="classes">Classes.</param>
    public double[] Right(double[] given, int classes)
    {
        if (!_isHarmonic) return Array.ConvertAll(given, value => (1 - _alpha) * value);
        double[] right = (double[])given.Clone(), told = Sum(given, classes);
        for (int i = 0; i < right.Length; i++) right[i] = _isFree[i / classes] ? told[i] : right[i];
        return right;
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> vectors, int width, Span<double> product)
    {
        double[] scaled = new double[vectors.Length];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = _isFree[i / width] ? (_isHarmonic ? 1 : _scales[i / width]) * vectors[i] : 0;
        double[] sums = Sum(scaled, width);
        for (int i = 0; i < scaled.Length; i++)
        {
            double scale = _scales[i / width];
            product[i] = !_isFree[i / width] ? vectors[i] : _isHarmonic ? (scale * vectors[i]) - sums[i] : vectors[i] - (_alpha * scale * sums[i]);
        }
    }

    /// <summary>By graph: tr(Fᵀ L F) over tr(Fᵀ D F), with D of its degrees, or of 1 where its weights are normalised; 1 where its nodes have no scores.</summary>
    public double[] Roughness(double[] scores, int classes)
    {
        double[] roughness = new double[Count];
        for (int v = 0; v < Count; v++)
        {
            double[] image = new double[scores.Length];
            Add(v, 1, scores, classes, image);
            double all = 0, along = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                all += _degrees[v][i / classes] * scores[i] * scores[i];
                along += scores[i] * image[i];
            }

            roughness[v] = all > 0 ? Math.Max(0, all - along) / all : 1;
        }

        return roughness;
    }

    private double[] Sum(ReadOnlySpan<double> vectors, int width)
    {
        double[] sums = new double[vectors.Length];
        for (int v = 0; v < Count; v++)
        {
            if (_weights[v] > 0) Add(v, _weights[v], vectors, width, sums);
        }

        return sums;
    }

    private void Add(int graph, double weight, ReadOnlySpan<double> vectors, int width, double[] sums)
    {
        Products++;
        GraphCalls.Multiply(
            _engine,
            _patterns[graph],
            MatrixRef<double>.Of(_values[graph], _values[graph].Length, 1),
            MatrixRef<double>.Of(vectors, Nodes, width),
            MatrixRef<double>.Of(sums, Nodes, width),
            isMean: false,
            weight,
            1,
            Settings);
    }

    private bool[] Reached(int[] columns)
    {
        bool[] isReached = [.. columns.Select(column => column >= 0)];
        Stack<int> open = new(Enumerable.Range(0, Nodes).Where(node => isReached[node]));
        while (open.TryPop(out int node))
        {
            for (int v = 0; v < Count; v++)
            {
                if (!(_weights[v] > 0)) continue;
                for (int entry = _patterns[v].Starts[node]; entry < _patterns[v].Starts[node + 1]; entry++)
                {
                    int other = _patterns[v].Indices[entry];
                    if (isReached[other] || !(_values[v][entry] > 0)) continue;
                    isReached[other] = true;
                    open.Push(other);
                }
            }
        }

        return isReached;
    }
}
