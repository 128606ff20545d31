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
        _layers = Layers(ours.Parameters, "", ours.Widths);
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

    /// <summary>Linear layers with the weights of ours.</summary>
    /// <param name="parameters">Ours.</param>
    /// <param name="prefix">What stands before the layers' numbers in their names.</param>
    /// <param name="widths">Features from layer to layer.</param>
    public static Linear[] Layers(ParameterSet<float> parameters, string prefix, int[] widths)
    {
        Linear[] layers = [.. Enumerable.Range(0, widths.Length - 1).Select(i => torch.nn.Linear(widths[i], widths[i + 1]))];
        using (torch.no_grad())
        {
            for (int i = 0; i < layers.Length; i++)
            {
                Copy(parameters[$"{prefix}{i}.weight"], layers[i].weight!);
                Copy(parameters[$"{prefix}{i}.bias"], layers[i].bias!);
            }
        }

        return layers;
    }

    private static void Copy(Parameter<float> from, torch.Tensor to) => to.copy_(torch.tensor(Samples.Elements(from.Read()), to.shape));
}
