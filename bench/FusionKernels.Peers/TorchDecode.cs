using FusionKernels.Bench;
using TorchSharp;

namespace FusionKernels.Peers;

/// <summary>libtorch's scaled dot-product attention of one query: heads that share a key head as queries of one head, which reads it least often.</summary>
internal sealed class TorchDecode : Contestant
{
    private readonly DecodeCase _ours;
    private readonly torch.Tensor _q;
    private readonly torch.Tensor _k;
    private readonly torch.Tensor _v;
    private torch.Tensor? _result;

    /// <summary>Copies the operands.</summary>
    public TorchDecode(DecodeCase ours, int threads)
    {
        torch.set_num_threads(threads);
        _ours = ours;
        _q = torch.tensor(ours.Q, [1, ours.KeyHeads, ours.QueryHeads / ours.KeyHeads, ours.Width]);
        _k = torch.tensor(ours.K, [1, ours.KeyHeads, ours.Keys, ours.Width]);
        _v = torch.tensor(ours.V, [1, ours.KeyHeads, ours.Keys, ours.Width]);
    }

    /// <inheritdoc/>
    public override string Name => TorchAttention.Title;

    /// <inheritdoc/>
    public override void Run()
    {
        _result?.Dispose();
        using (torch.no_grad()) _result = torch.nn.functional.scaled_dot_product_attention(_q, _k, _v);
    }

    /// <inheritdoc/>
    public override double At(int row, int column)
    {
        int shared = _ours.QueryHeads / _ours.KeyHeads;
        return _result![0, row / shared, row % shared, column].item<float>();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (torch.Tensor operand in new[] { _q, _k, _v }) operand.Dispose();
        _result?.Dispose();
    }
}
