namespace FusionKernels.Bench;

/// <summary>What a device was measured to do at most, in one precision with so many threads.</summary>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Threads">Host threads; 0 on an accelerator.</param>
/// <param name="Gflops">10^9 operations of multiply-adds per second.</param>
/// <param name="GigaExponentials">10^9 exponentials per second; null where they are not measured apart.</param>
/// <param name="ReadGigabytesPerSecond">10^9 bytes read from memory per second.</param>
/// <param name="StoreGigabytesPerSecond">10^9 bytes stored to memory per second.</param>
internal sealed record RateRow(
    string Precision, int Threads, double Gflops, double? GigaExponentials, double ReadGigabytesPerSecond, double StoreGigabytesPerSecond);
