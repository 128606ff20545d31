namespace FusionKernels.Cli;

/// <summary>One kernel on one device.</summary>
/// <param name="View">The kernel's name: a view, <c>concatenation</c> or <c>fused</c>.</param>
/// <param name="Device">The device.</param>
/// <param name="Images">Images in the Gram matrix: fewer on the simulated device.</param>
/// <param name="Features">Features of an image.</param>
/// <param name="Seconds">Best time of the Gram matrix, the data being on the device; null when it failed.</param>
/// <param name="Gflops">10^9 operations a second.</param>
/// <param name="FractionOfPeak">The same by the device's measured peak.</param>
/// <param name="LargestDeviation">From the float64 reference, relative to its largest value, over sampled rows.</param>
/// <param name="Accuracy">Held-out accuracy of this kernel.</param>
/// <param name="Error">What went wrong; null when nothing did.</param>
internal sealed record DemoRow(
    string View,
    string Device,
    int Images,
    int Features,
    double? Seconds,
    double? Gflops,
    double? FractionOfPeak,
    double? LargestDeviation,
    double? Accuracy,
    string? Error);
