using FusionKernels.Bench;
using TorchSharp;
using static TorchSharp.torch;

namespace FusionKernels.Peers;

/// <summary>libtorch's sparse products, in a network of two graph convolutions: loss, gradients, a step of Adam.</summary>
internal sealed class TorchGraphTraining : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch sparse";

    private readonly GraphTrainingCase _ours;
    private readonly Tensor _graph;
    private readonly Tensor _features;
    private readonly Tensor _given;
    private readonly Tensor _asked;
    private readonly TorchSharp.Modules.Parameter[] _parameters;
    private readonly optim.Optimizer _optimizer;
    private Tensor? _logits;

    /// <summary>Copies graph and weights.</summary>
    public TorchGraphTraining(GraphTrainingCase ours, int threads)
    {
        set_num_threads(threads);
        _ours = ours;
        (_graph, _features) = (Of(ours.Data.Graph), Of(ours.Data.Features));
        _given = tensor(Array.ConvertAll(ours.Data.Given, node => (long)node));
        _asked = tensor(Array.ConvertAll(ours.Data.Given, node => (long)ours.Data.Labels[node]));
        _parameters =
        [
            new(tensor(ours.FirstWeight.ToArray(), [ours.Data.Words, GraphData.Hidden])),
            new(zeros(GraphData.Hidden)),
            new(tensor(ours.SecondWeight.ToArray(), [GraphData.Hidden, GraphData.Classes])),
            new(zeros(GraphData.Classes)),
        ];
        _optimizer = optim.Adam(_parameters, lr: 0, weight_decay: 5e-4);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        using DisposeScope scope = NewDisposeScope();
        _logits?.Dispose();
        _optimizer.zero_grad();
        Tensor hidden = (_graph.mm(_features.mm(_parameters[0])) + _parameters[1]).relu();
        Tensor logits = _graph.mm(hidden.mm(_parameters[2])) + _parameters[3];
        Tensor loss = nn.functional.cross_entropy(logits.index_select(0, _given), _asked);
        loss.backward();
        _optimizer.step();
        _logits = logits.detach().clone().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _logits![row * _ours.RowStep, column].item<float>();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _optimizer.Dispose();
        foreach (Tensor parameter in _parameters) parameter.Dispose();
        foreach (Tensor operand in new[] { _graph, _features, _given, _asked }) operand.Dispose();
        _logits?.Dispose();
    }

    private static Tensor Of(SparseMatrix<float> matrix)
    {
        long[] places = new long[2 * matrix.Count];
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int entry = matrix.RowStarts[row]; entry < matrix.RowStarts[row + 1]; entry++) (places[entry], places[matrix.Count + entry]) = (row, matrix.ColumnIndices[entry]);
        }

        using Tensor indices = tensor(places, [2, matrix.Count]), values = tensor(matrix.Values.ToArray()); // in order, each once: coalesced as they are
        return sparse_coo_tensor(indices, values, [matrix.Rows, matrix.Columns]);
    }
}
