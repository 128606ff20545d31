using System.Numerics;

namespace FusionKernels;

/// <summary>What attention gave on a device, and the normalisation that merging and gradients need; dispose it to give its memory back.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Output">The shape of the queries, with the width of the values.</param>
/// <param name="LogSumExp">As in <see cref="AttentionResult{T}"/>.</param>
public sealed record class DeviceAttentionResult<T>(DeviceTensor<T> Output, DeviceTensor<T> LogSumExp) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Copies both to the host.</summary>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">A tensor or its device was disposed.</exception>
    public AttentionResult<T> Download() => new(Output.Download(), LogSumExp.Download());

    /// <summary>Disposes both tensors.</summary>
    public void Dispose()
    {
        Output.Dispose();
        LogSumExp.Dispose();
    }
}
