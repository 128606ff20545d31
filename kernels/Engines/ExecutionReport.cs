namespace FusionKernels;

/// <summary>What ran: one per call, on request.</summary>
/// <param name="Operation">The operation, e.g. <c>Gram.Compute</c>.</param>
/// <param name="Device">The name of the device that ran it.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Tiling">The kernel and its tiles, in words.</param>
/// <param name="Tiles">The number of launches or tiles.</param>
/// <param name="Retries">How often the operation was planned again with smaller tiles for want of memory.</param>
/// <param name="CompileSeconds">Time spent compiling kernels; 0 when they were cached.</param>
/// <param name="TransferSeconds">Time spent copying to and from the device.</param>
/// <param name="KernelSeconds">Time spent computing.</param>
/// <param name="TotalSeconds">Wall time of the call.</param>
/// <param name="Flops">Floating-point operations of the plan, a transcendental function counting as one.</param>
/// <param name="PeakBytes">The most device memory the operation held at one time, operands included.</param>
/// <param name="TransferBytes">Bytes of operands and results copied between host and device; small tables that kernels read are not counted.</param>
public sealed record ExecutionReport(
    string Operation,
    string Device,
    string Precision,
    string Tiling,
    int Tiles,
    int Retries,
    double CompileSeconds,
    double TransferSeconds,
    double KernelSeconds,
    double TotalSeconds,
    double Flops,
    long PeakBytes,
    long TransferBytes)
{
    /// <summary>Missing values (NaN) of series that were skipped on request; 0 where none was.</summary>
    public long SkippedValues { get; init; }
}
