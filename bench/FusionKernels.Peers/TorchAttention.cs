using FusionKernels.Bench;
using TorchSharp;

namespace FusionKernels.Peers;

/// <summary>libtorch's scaled dot-product attention, and its gradients where they are wanted.</summary>
internal sealed class TorchAttention : Contestant
{
    /// <summary>The contestant's name.</summary>
    public const string Title = "libtorch SDPA";

    private readonly AttentionCase _ours;
    private readonly torch.Tensor _q;
    private readonly torch.Tensor _k;
    private readonly torch.Tensor _v;
    private readonly torch.Tensor _outputGradient;
    private torch.Tensor? _result;

    /// <summary>Copies the operands.</summary>
    public TorchAttention(AttentionCase ours, int threads)
    {
        torch.set_num_threads(threads);
        _ours = ours;
        (_q, _k, _v, _outputGradient) = (Of(ours.Q), Of(ours.K), Of(ours.V), Of(ours.Gradient));
        foreach (torch.Tensor operand in new[] { _q, _k, _v }) operand.requires_grad = ours.WithGradients;

        torch.Tensor Of(float[] elements) => torch.tensor(elements, [ours.Batch, ours.Heads, ours.Length, ours.Width]);
    }

    /// <inheritdoc/>
    public override string Name => Title;

    /// <inheritdoc/>
    public override void Run()
    {
        for (int i = 0; i < _ours.Repeats; i++) Attend();
    }

    private void Attend()
    {
        _result?.Dispose();
        if (!_ours.WithGradients)
        {
            using (torch.no_grad()) _result = torch.nn.functional.scaled_dot_product_attention(_q, _k, _v, is_casual: _ours.IsCausal);
            return;
        }

        foreach (torch.Tensor operand in new[] { _q, _k, _v }) operand.grad?.zero_();
        using torch.Tensor output = torch.nn.functional.scaled_dot_product_attention(_q, _k, _v, is_casual: _ours.IsCausal);
        output.backward([_outputGradient]);
        _result = _q.grad!.clone();
    }

    /// <inheritdoc/>
    public override double At(int row, int column)
    {
        int query = row * _ours.RowStep;
        return _result![query / _ours.Length / _ours.Heads, query / _ours.Length % _ours.Heads, query % _ours.Length, column].item<float>();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (torch.Tensor operand in new[] { _q, _k, _v, _outputGradient }) operand.Dispose();
        _result?.Dispose();
    }
}
