using System.Numerics.Tensors;
using FusionKernels.Bench;
using TorchSharp;
using TorchSharp.Modules;

namespace FusionKernels.Peers;

/// <summary>libtorch's training step of the same transformer block, from the same weights: normalisation, fused attention, GELU by tanh.</summary>
internal sealed class TorchTransformer : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch transformer step";

    private readonly TransformerCase _ours;
    private readonly Dictionary<string, Parameter> _parameters = [];
    private readonly torch.optim.Optimizer _optimizer;
    private readonly torch.Tensor _x;
    private readonly torch.Tensor _target;

    /// <summary>Copies sequences and weights.</summary>
    public TorchTransformer(TransformerCase ours, int threads)
    {
        torch.set_num_threads(threads);
        _ours = ours;
        long[] shape = [ours.Items, ours.Length, ours.Features];
        (_x, _target) = (torch.tensor(ours.X, shape), torch.tensor(ours.Target, shape));
        foreach (Parameter<float> parameter in ours.Parameters.All) _parameters[parameter.Name] = new Parameter(Copy(parameter.Read()));
        _optimizer = torch.optim.Adam(_parameters.Values, PerceptronCase.LearningRate);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _optimizer.zero_grad();
        torch.Tensor normal = Normalise(_x, "norm0");
        torch.Tensor seen = torch.nn.functional.scaled_dot_product_attention(
            Heads(Dense(normal, "attention.query")), Heads(Dense(normal, "attention.key")), Heads(Dense(normal, "attention.value")));
        torch.Tensor between = _x + Dense(seen.transpose(1, 2).reshape(_x.shape), "attention.output");
        torch.Tensor y = between + Dense(torch.nn.functional.gelu(Dense(Normalise(between, "norm1"), "dense0"), GELU.Approximate.tanh), "dense1");
        torch.nn.functional.mse_loss(y, _target).backward();
        _optimizer.step();
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _parameters["attention.query.weight"].grad![row, column].item<float>();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _optimizer.Dispose();
        foreach (Parameter parameter in _parameters.Values) parameter.Dispose();
        _x.Dispose();
        _target.Dispose();
    }

    private torch.Tensor Dense(torch.Tensor x, string name) => torch.nn.functional.linear(x, _parameters[$"{name}.weight"], _parameters[$"{name}.bias"]);

    private torch.Tensor Normalise(torch.Tensor x, string name) =>
        torch.nn.functional.layer_norm(x, [_ours.Features], _parameters[$"{name}.gain"], _parameters[$"{name}.offset"]);

    private torch.Tensor Heads(torch.Tensor x) => x.reshape(_ours.Items, _ours.Length, _ours.Heads, _ours.Features / _ours.Heads).transpose(1, 2);

    private static torch.Tensor Copy(Tensor<float> from) => torch.tensor(Samples.Elements(from), [.. from.Lengths.ToArray().Select(length => (long)length)]);
}
