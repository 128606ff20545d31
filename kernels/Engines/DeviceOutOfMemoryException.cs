namespace FusionKernels;

/// <summary>A device could not hold what an operation needs, even in the smallest tiles.</summary>
/// <param name="operation">The operation that failed.</param>
/// <param name="device">The device's name.</param>
/// <param name="requestedBytes">The bytes of the allocation that failed; -1 when the system does not tell.</param>
/// <param name="freeBytes">The bytes the device had free; -1 when it does not tell.</param>
/// <param name="smallestTile">The smallest tile that was tried, in words; empty when the operation has no tiles.</param>
/// <param name="innerException">The driver's error, or null.</param>
public sealed class DeviceOutOfMemoryException(
    string operation, string device, long requestedBytes, long freeBytes, string smallestTile = "", Exception? innerException = null)
    : FusionKernelsException(
        $"{operation} on {device}{(requestedBytes < 0 ? ": out of memory; requested bytes unknown" : $": out of memory; requested {requestedBytes:N0} bytes")}, {(freeBytes < 0 ? "free bytes unknown" : $"{freeBytes:N0} free")}"
        + (smallestTile.Length == 0 ? "" : $", smallest tile tried {smallestTile}"),
        operation, device, innerException)
{
    /// <summary>The bytes of the allocation that failed; -1 when the system does not tell.</summary>
    public long RequestedBytes { get; } = requestedBytes;

    /// <summary>The bytes the device had free; -1 when it does not tell.</summary>
    public long FreeBytes { get; } = freeBytes;

    /// <summary>The smallest tile that was tried, in words; empty when the operation has no tiles.</summary>
    public string SmallestTile { get; } = smallestTile;

    /// <summary>The same error, of the operation that the caller called.</summary>
    internal DeviceOutOfMemoryException Within(string operation) => new(operation, Device, RequestedBytes, FreeBytes, SmallestTile, InnerException);
}
