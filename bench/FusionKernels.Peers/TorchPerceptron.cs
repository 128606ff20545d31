using System.Numerics.Tensors;
using FusionKernels.Bench;
using TorchSharp;
using TorchSharp.Modules;

namespace FusionKernels.Peers;

/// <summary>libtorch's training step of the same perceptron, from the same weights.</summary>
internal sealed class TorchPerceptron : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch MLP step";

    private readonly Linear[] _layers;
    private readonly torch.optim.Optimizer _optimizer;
    private readonly torch.Tensor _x;
    private readonly torch.Tensor _labels;

    /// <summary>Copies rows and weights.</summary>
    public TorchPerceptron(PerceptronCase ours, int threads)
    {
        torch.set_num_threads(threads);
        _x = torch.tensor(ours.X, [ours.Batch, ours.Widths[0]]);
        _labels = torch.tensor(ours.Labels.Select(label => (long)label).ToArray());
        _layers = [.. Enumerable.Range(0, ours.Widths.Length - 1).Select(i => torch.nn.Linear(ours.Widths[i], ours.Widths[i + 1]))];
        using (torch.no_grad())
        {
            for (int i = 0; i < _layers.Length; i++)
            {
                Copy(ours.Parameters[$"{i}.weight"], _layers[i].weight!);
                Copy(ours.Parameters[$"{i}.bias"], _layers[i].bias!);
            }
        }

        _optimizer = torch.optim.Adam(_layers.SelectMany(layer => layer.parameters()), PerceptronCase.LearningRate);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _optimizer.zero_grad();
        torch.Tensor y = _x;
        for (int i = 0; i < _layers.Length; i++)
        {
            y = _layers[i].forward(y);
            if (i + 1 < _layers.Length) y = torch.nn.functional.relu(y);
        }

        torch.nn.functional.cross_entropy(y, _labels).backward();
        _optimizer.step();
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _layers[^1].weight!.grad![row, column].item<float>();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _optimizer.Dispose();
        foreach (Linear layer in _layers) layer.Dispose();
        _x.Dispose();
        _labels.Dispose();
    }

    private static void Copy(Parameter<float> from, torch.Tensor to)
    {
        Tensor<float> values = from.Read();
        float[] flat = new float[values.FlattenedLength];
        values.FlattenTo(flat);
        to.copy_(torch.tensor(flat, to.shape));
    }
}
