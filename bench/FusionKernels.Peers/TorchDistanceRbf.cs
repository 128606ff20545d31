using FusionKernels.Bench;
using TorchSharp;

namespace FusionKernels.Peers;

/// <summary>The RBF Gram matrix as a line of PyTorch: <c>exp(-gamma * cdist(x, x)**2)</c>.</summary>
internal sealed class TorchDistanceRbf : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch exp(-gamma cdist^2)";

    private readonly float _gamma;
    private readonly torch.Tensor _x;
    private torch.Tensor? _result;

    /// <summary>Copies the operand.</summary>
    public TorchDistanceRbf(GramCase ours, int threads)
    {
        torch.set_num_threads(threads);
        _gamma = 1f / ours.Features;
        _x = torch.tensor(ours.Values, [ours.Rows, ours.Features]);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        _result?.Dispose();
        using torch.Tensor distances = torch.cdist(_x, _x);
        using torch.Tensor squares = distances.pow(2);
        using torch.Tensor exponents = squares.mul(-_gamma);
        _result = exponents.exp();
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _result![row, column].item<float>();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _x.Dispose();
        _result?.Dispose();
    }
}
