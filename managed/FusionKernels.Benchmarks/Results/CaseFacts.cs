namespace FusionKernels.Bench;

/// <summary>What remains of a case when its memory is gone.</summary>
/// <param name="Shape">The sizes, in words.</param>
/// <param name="Work">What one run has to do.</param>
/// <param name="HasFloor">Whether the device's rates bound it.</param>
/// <param name="MaxError">How far its result was from the reference.</param>
/// <param name="EndToEndSeconds">The median with operands and results in host memory; null where the runs are that already.</param>
/// <param name="Launches">Kernels launched per call; 0 on the host.</param>
/// <param name="DeviceBytes">Device memory that it came to hold, what the pool keeps of it included.</param>
/// <param name="HostBytes">Memory of the host that it came to hold; null where the system does not tell.</param>
/// <param name="Joules">Energy of a call; null where the platform does not tell.</param>
internal sealed record CaseFacts(
    string Shape, Work Work, bool HasFloor, double MaxError, double? EndToEndSeconds = null, double Launches = 0, long DeviceBytes = 0, long? HostBytes = null, double? Joules = null)
{
    /// <summary>Of a case that ran.</summary>
    public static CaseFacts Of(BenchCase one) => new(one.Shape, one.Work, one.HasFloor, one.MaxError());
}
