using FusionKernels.Bench;
using TorchSharp;

namespace FusionKernels.Peers;

/// <summary>libtorch's product into memory that is there already.</summary>
internal sealed class TorchProduct : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch addmm";

    private readonly torch.Tensor _left;
    private readonly torch.Tensor _right;
    private readonly torch.Tensor _result;

    /// <summary>Copies the operands.</summary>
    public TorchProduct(ProductCase<float> ours, int threads)
    {
        torch.set_num_threads(threads);
        _left = torch.tensor(ours.Left, [ours.Edge, ours.Edge]);
        _right = torch.tensor(ours.Right, [ours.Edge, ours.Edge]);
        _result = torch.zeros(ours.Edge, ours.Edge);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run() => _result.addmm_(_left, _right, 0f, 1f);

    /// <inheritdoc/>
    public override double At(int row, int column) => _result[row, column].item<float>();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _result.Dispose();
    }
}
