namespace FusionKernels.Cli;

/// <summary>What <c>eigen</c> and <c>svd</c> tell about their work.</summary>
/// <param name="Values">Descending.</param>
/// <param name="Rank">Values beyond noise: the larger extent times a unit in the last place times the largest magnitude among them.</param>
/// <param name="Route">How they were found and why.</param>
/// <param name="Device">The device that ran.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Seconds">Wall time of the computation.</param>
/// <param name="Residual">|A V - U diag(values)| / |A| in the Frobenius norm; U is V where the problem is symmetric.</param>
internal sealed record SpectrumReport(IReadOnlyList<double> Values, int Rank, string Route, string Device, string Precision, double Seconds, double Residual);
