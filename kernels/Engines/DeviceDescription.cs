namespace FusionKernels;

/// <summary>What a device is and can do; obtaining it opens nothing.</summary>
/// <param name="Name">The name that opens it, e.g. <c>cuda:0</c>.</param>
/// <param name="Kind">What runs its kernels.</param>
/// <param name="Model">The maker's name for it, e.g. <c>NVIDIA H200</c>.</param>
/// <param name="Platform">Driver or runtime with its version, e.g. <c>CUDA 13.0</c>, <c>PoCL 6.0</c>, <c>.NET 10.0.12, 512-bit SIMD</c>.</param>
/// <param name="MemoryBytes">Bytes of memory it computes in.</param>
/// <param name="ComputeUnits">Multiprocessors, compute units or cores.</param>
/// <param name="WarpSize">Threads that run in step; 1 on the host.</param>
/// <param name="SupportsFloat64">Whether float64 kernels run.</param>
public sealed record DeviceDescription(
    string Name, DeviceKind Kind, string Model, string Platform, long MemoryBytes, int ComputeUnits, int WarpSize, bool SupportsFloat64)
{
    /// <summary>One line for people: <c>cuda:0 NVIDIA H200 (CUDA 13.0, 132 units, 139.8 GiB)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name} {Model} ({Platform}, {ComputeUnits} units, {MemoryBytes / (double)(1L << 30):0.0} GiB)");
}
