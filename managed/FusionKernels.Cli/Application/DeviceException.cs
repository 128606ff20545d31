namespace FusionKernels.Cli;

/// <summary>No device did what was asked for.</summary>
/// <param name="message">Which device and why, in one line.</param>
internal sealed class DeviceException(string message) : Exception(message);
