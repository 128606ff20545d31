using System.Numerics;

namespace FusionKernels;

/// <summary>Gradients of a loss on a device, with respect to everything that attention read; dispose it to give its memory back.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Query">The shape of the queries.</param>
/// <param name="Key">The shape of the keys.</param>
/// <param name="Value">The shape of the values.</param>
/// <param name="Bias">The shape of the bias, summed over what repeats it; null where there is no bias.</param>
public sealed record class DeviceAttentionGradients<T>(DeviceTensor<T> Query, DeviceTensor<T> Key, DeviceTensor<T> Value, DeviceTensor<T>? Bias) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Copies all to the host.</summary>
    /// <exception cref="DeviceLostException">The device faulted.</exception>
    /// <exception cref="ObjectDisposedException">A tensor or its device was disposed.</exception>
    public AttentionGradients<T> Download() => new(Query.Download(), Key.Download(), Value.Download(), Bias?.Download());

    /// <summary>Disposes all tensors.</summary>
    public void Dispose()
    {
        Query.Dispose();
        Key.Dispose();
        Value.Dispose();
        Bias?.Dispose();
    }
}
