namespace FusionKernels.Bench;

/// <summary>A case that the run did not reach.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="Family">The family of kernels.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Threads">Host threads; 0 on an accelerator.</param>
internal sealed record LeftOutRow(string Case, string Family, string Device, string Precision, int Threads);
