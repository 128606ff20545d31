namespace FusionKernels.Cli;

/// <summary>A device that took part.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">The maker's name for it.</param>
/// <param name="Platform">Driver or runtime.</param>
/// <param name="PeakGflops">Its measured multiply-add peak, 10^9 operations a second; null when that failed.</param>
/// <param name="IsSimulated">Whether it only checks kernels, on few rows.</param>
internal sealed record DemoDevice(string Name, string Model, string Platform, double? PeakGflops, bool IsSimulated);
