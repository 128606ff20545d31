using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Attention of tensors in an accelerator's memory, where its results stay.</summary>
internal sealed class ResidentAttention : IDisposable
{
    private readonly AttentionOptions _options;
    private readonly DeviceTensor<float> _q;
    private readonly DeviceTensor<float> _k;
    private readonly DeviceTensor<float> _v;
    private readonly DeviceTensor<float>? _bias;
    private readonly DeviceTensor<float>? _outputGradient;
    private DeviceAttentionResult<float>? _result;
    private DeviceAttentionGradients<float>? _gradients;

    /// <summary>Uploads the operands.</summary>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    /// <param name="outputGradient">The gradient with respect to the output; null where only the forward pass runs.</param>
    /// <param name="options">Masks, and the device.</param>
    public ResidentAttention(Tensor<float> q, Tensor<float> k, Tensor<float> v, Tensor<float>? bias, Tensor<float>? outputGradient, AttentionOptions options)
    {
        ComputeDevice device = options.Device!;
        _options = options;
        (_q, _k, _v) = (device.Upload(q), device.Upload(k), device.Upload(v));
        _bias = bias is null ? null : device.Upload(bias);
        _outputGradient = outputGradient is null ? null : device.Upload(outputGradient);
    }

    /// <summary>Runs what there are operands for; the memory of the results before goes back to the pool first.</summary>
    public void Run()
    {
        _result?.Dispose();
        _gradients?.Dispose();
        _result = Attention.ForwardWithLogSumExp(_q, _k, _v, _options, _bias);
        if (_outputGradient is not null) _gradients = Attention.Backward(_q, _k, _v, _result, _outputGradient, _options, _bias);
    }

    /// <summary>An element of the queries' gradient, or of the output where there is none, in row-major order.</summary>
    public double At(long index) => DeviceElements.At(_gradients?.Query ?? _result!.Output, index);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable? held in new IDisposable?[] { _q, _k, _v, _bias, _outputGradient, _result, _gradients }) held?.Dispose();
    }
}
