using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>One epoch of a graph network of two convolutions, 16 wide, on sparse features: loss, gradients, a step of Adam.</summary>
/// <remarks>The rate is 0, and nothing is dropped: every epoch computes the same, so that its logits can be compared.</remarks>
internal sealed class GraphTrainingCase : BenchCase
{
    private readonly Tape<float> _tape;
    private readonly GraphConvolution<float> _first;
    private readonly GraphConvolution<float> _second;
    private readonly Optimizer<float> _optimizer;
    private readonly int[] _asked;
    private readonly Lazy<double[,]> _reference;
    private float[] _logits = [];
    private int _steps;

    /// <summary>Makes the network.</summary>
    public GraphTrainingCase(DeviceSession session, int threads)
    {
        Data = new(session.IsTiny);
        ParameterSet<float> parameters = new(1);
        _first = new(parameters.In("first"), Data.Words, GraphData.Hidden, Activation.Relu);
        _second = new(parameters.In("second"), GraphData.Hidden, GraphData.Classes);
        _optimizer = new(parameters, new Adam { LearningRate = 0, WeightDecay = 5e-4 });
        _tape = new(session.Device, threads) { IsTraining = true };
        _asked = [.. Data.Given.Select(node => Data.Labels[node])];
        _reference = new(Compute);
        double flops = 2.0 * ((2.0 * Data.Features.Count * GraphData.Hidden) + (2.0 * Data.Graph.Count * (GraphData.Hidden + GraphData.Classes)) + (3.0 * Data.Nodes * GraphData.Hidden * GraphData.Classes));
        double bytes = 8.0 * (Data.Features.Count + Data.Graph.Count) + (4.0 * Data.Words * GraphData.Hidden);
        Work = new(flops, (double)Data.Given.Length * GraphData.Classes, bytes, bytes, Rows: Data.Nodes);
    }

    /// <summary>The graph.</summary>
    public GraphData Data { get; }

    /// <summary>Weights of the first layer: words x hidden.</summary>
    public Tensor<float> FirstWeight => _first.Weight.Read();

    /// <summary>Weights of the second layer: hidden x classes.</summary>
    public Tensor<float> SecondWeight => _second.Weight.Read();

    /// <summary>How far apart the nodes lie whose logits are compared: as many as there are classes.</summary>
    public int RowStep => Data.Nodes / GraphData.Classes;

    /// <inheritdoc/>
    public override string Shape => $"{Data.Nodes} nodes, {Data.Graph.Count} entries, {Data.Words} words";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor => false;

    /// <inheritdoc/>
    public override void Run()
    {
        _tape.Clear();
        _tape.Step = ++_steps;
        Var<float> logits = _second.Forward(_first.Forward(_tape, Data.Features, Data.Graph), Data.Graph);
        _tape.Backward(Loss.CrossEntropy(logits.Gather(Data.Given), _asked));
        _optimizer.Step(_tape);
        _logits = logits.Read().ToArray();
    }

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(GraphData.Classes, GraphData.Classes, (i, j) => _logits[(i * RowStep * GraphData.Classes) + j], Reference);

    /// <inheritdoc/>
    public override void Dispose() => _tape.Dispose();

    /// <summary>One logit in float64.</summary>
    public double Reference(int row, int column) => _reference.Value[row * RowStep, column];

    private double[,] Compute()
    {
        double[,] hidden = Times(Data.Graph, Times(Data.Features, Of(FirstWeight)));
        double[,] projected = new double[Data.Nodes, GraphData.Classes], second = Of(SecondWeight);
        for (int i = 0; i < Data.Nodes; i++)
        {
            for (int c = 0; c < GraphData.Classes; c++)
            {
                for (int h = 0; h < GraphData.Hidden; h++) projected[i, c] += Math.Max(0, hidden[i, h]) * second[h, c];
            }
        }

        return Times(Data.Graph, projected);
    }

    private static double[,] Of(Tensor<float> tensor)
    {
        double[,] values = new double[(int)tensor.Lengths[0], (int)tensor.Lengths[1]];
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++) values[i, j] = tensor[i, j];
        }

        return values;
    }

    private static double[,] Times(SparseMatrix<float> sparse, double[,] dense)
    {
        double[,] result = new double[sparse.Rows, dense.GetLength(1)];
        for (int row = 0; row < sparse.Rows; row++)
        {
            for (int entry = sparse.RowStarts[row]; entry < sparse.RowStarts[row + 1]; entry++)
            {
                for (int j = 0; j < dense.GetLength(1); j++) result[row, j] += sparse.Values[entry] * dense[sparse.ColumnIndices[entry], j];
            }
        }

        return result;
    }
}
