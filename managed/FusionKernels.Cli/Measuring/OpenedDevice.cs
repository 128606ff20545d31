namespace FusionKernels.Cli;

/// <summary>A listed device: open, or with what kept it from opening.</summary>
/// <param name="Description">What it is.</param>
/// <param name="Device">The open device; null where it did not open.</param>
/// <param name="Error">Why not, in one line; null where it did.</param>
internal sealed record OpenedDevice(DeviceDescription Description, ComputeDevice? Device, string? Error) : IDisposable
{
    /// <summary>A device that is open.</summary>
    public static OpenedDevice Of(ComputeDevice device) => new(device.Description, device, null);

    /// <summary>Opens a listed device; one that fails must not keep the others from their turn.</summary>
    /// <param name="description">The device.</param>
    /// <param name="open">Opens a device by its name.</param>
    public static OpenedDevice Open(DeviceDescription description, Func<string, ComputeDevice> open)
    {
        try
        {
            return Of(open(description.Name));
        }
        catch (FusionKernelsException exception)
        {
            return new(description, null, Failure.Of(exception).Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Device?.Dispose();
}
