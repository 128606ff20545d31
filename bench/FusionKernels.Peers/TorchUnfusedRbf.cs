using FusionKernels.Bench;
using TorchSharp;

namespace FusionKernels.Peers;

/// <summary>
/// The RBF Gram matrix as scikit-learn's rbf_kernel computes it, in libtorch: one product, then a pass over the result for
/// each of -2, row norms, column norms, the clamp at 0, -gamma and exp, all in place.
/// </summary>
internal sealed class TorchUnfusedRbf : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch GEMM and passes";

    private readonly float _gamma;
    private readonly torch.Tensor _x;
    private readonly torch.Tensor _transposed;
    private readonly torch.Tensor _result;

    /// <summary>Copies the operand.</summary>
    public TorchUnfusedRbf(GramCase ours, int threads)
    {
        torch.set_num_threads(threads);
        _gamma = 1f / ours.Features;
        _x = torch.tensor(ours.Values, [ours.Rows, ours.Features]);
        _transposed = _x.t();
        _result = torch.zeros(ours.Rows, ours.Rows);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        using torch.Tensor squares = _x * _x;
        using torch.Tensor rowNorms = squares.sum(1, keepdim: true);
        using torch.Tensor columnNorms = rowNorms.t();
        _result.addmm_(_x, _transposed, 0f, 1f);
        _result.mul_(-2f);
        _result.add_(rowNorms);
        _result.add_(columnNorms);
        _result.clamp_min_(0f);
        _result.mul_(-_gamma);
        _result.exp_();
    }

    /// <inheritdoc/>
    public override double At(int row, int column) => _result[row, column].item<float>();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _x.Dispose();
        _transposed.Dispose();
        _result.Dispose();
    }
}
