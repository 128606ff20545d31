namespace FusionKernels;

/// <summary>A device stopped answering or faulted; everything it held is gone, and it must be opened anew.</summary>
/// <param name="operation">The operation during which the device was lost.</param>
/// <param name="device">The device's name.</param>
/// <param name="innerException">The driver's error, or null.</param>
public sealed class DeviceLostException(string operation, string device, Exception? innerException = null)
    : FusionKernelsException(
        $"{operation}: the device {device} was lost ({innerException?.Message ?? "it was lost before"}); dispose it and open it again", operation, device, innerException);
