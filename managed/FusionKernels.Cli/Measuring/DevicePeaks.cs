using FusionKernels.Kernels.Peaks;

namespace FusionKernels.Cli;

/// <summary>What a device was measured to do at most.</summary>
/// <param name="FlopsPerSecond">Multiply-adds in registers, two operations each.</param>
/// <param name="CopyBytesPerSecond">Copies within its memory, reads and writes counted.</param>
internal sealed record DevicePeaks(double FlopsPerSecond, double CopyBytesPerSecond)
{
    private const long CopyBytes = 128L << 20;
    private const long SimulatedCopyBytes = 1L << 20;

    /// <summary>Measures the multiply-adds.</summary>
    public static double MeasureFlops(ComputeDevice device, bool float64, int threads, CancellationToken cancellation) => float64
        ? PeakRates.FlopsPerSecond<double>(device.Engine, threads, cancellation)
        : PeakRates.FlopsPerSecond<float>(device.Engine, threads, cancellation);

    /// <summary>Measures both; takes about a third of a second.</summary>
    public static DevicePeaks Measure(ComputeDevice device, bool float64, int threads, CancellationToken cancellation)
    {
        long bytes = device.Description.Kind == DeviceKind.IlgpuCpu ? SimulatedCopyBytes : CopyBytes;
        return new(
            MeasureFlops(device, float64, threads, cancellation),
            PeakRates.CopyBytesPerSecond(device.Engine, threads, bytes, cancellation));
    }
}
