namespace FusionKernels.Cli;

/// <summary>How a device does.</summary>
/// <param name="Device">What it is.</param>
/// <param name="PeakGflops">Measured multiply-adds, 10^9 operations a second; null when the measurement failed.</param>
/// <param name="CopyGigabytesPerSecond">Measured copies, 10^9 bytes read and written a second; null when the measurement failed.</param>
/// <param name="Passed">Kernels that agree with the reference.</param>
/// <param name="Failed">Kernels that do not.</param>
/// <param name="Skipped">Kernels for which the two seconds did not last.</param>
/// <param name="LargestDeviation">The largest deviation of those that ran.</param>
/// <param name="Problem">The first thing that is wrong; null when nothing is.</param>
internal sealed record DeviceHealth(
    DeviceRow Device, double? PeakGflops, double? CopyGigabytesPerSecond, int Passed, int Failed, int Skipped, double? LargestDeviation, string? Problem)
{
    /// <summary>Whether all is well.</summary>
    public bool Healthy => Problem is null;
}
