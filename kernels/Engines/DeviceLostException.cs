namespace FusionKernels;

/// <summary>A device stopped answering or faulted; everything it held is gone, and it must be opened anew.</summary>
public sealed class DeviceLostException : FusionKernelsException
{
    private readonly string _kernel;

    /// <summary>Creates the error.</summary>
    /// <param name="operation">The operation during which the device was lost.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="innerException">The driver's error, or null.</param>
    public DeviceLostException(string operation, string device, Exception? innerException = null)
        : this(operation, device, "", innerException)
    {
    }

    /// <summary>Creates the error of a kernel.</summary>
    /// <param name="operation">The operation during which the device was lost.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="kernel">The kernel that it launched last; empty for none.</param>
    /// <param name="innerException">The driver's error, or null.</param>
    internal DeviceLostException(string operation, string device, string kernel, Exception? innerException)
        : base(
            $"{operation}: the device {device} was lost ({(kernel.Length == 0 ? "" : $"kernel {kernel}: ")}{innerException?.Message ?? "it was lost before"}); dispose it and open it again",
            operation, device, innerException)
    {
        _kernel = kernel;
    }

    /// <summary>The same error, of the operation that the caller called.</summary>
    internal DeviceLostException Within(string operation) => new(operation, Device, _kernel, InnerException);
}
