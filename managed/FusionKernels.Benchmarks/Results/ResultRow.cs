namespace FusionKernels.Bench;

/// <summary>One case on one device, measured.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="Family">The family of kernels.</param>
/// <param name="Shape">Its sizes, in words.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Threads">Host threads; 0 on an accelerator.</param>
/// <param name="Seconds">The median of the runs.</param>
/// <param name="BestSeconds">The fastest run.</param>
/// <param name="LowSeconds">A quarter of the runs were faster.</param>
/// <param name="HighSeconds">A quarter of the runs were slower.</param>
/// <param name="ColdSeconds">The first call of all, with compilation of kernels.</param>
/// <param name="EndToEndSeconds">The median with transfers of operands and results; null where the runs include them or there are none.</param>
/// <param name="Runs">How many runs were timed.</param>
/// <param name="Gflops">10^9 operations per second at the median.</param>
/// <param name="GigaExponentials">10^9 exponentials per second at the median.</param>
/// <param name="GigaCells">10^9 cells of alignment tables per second at the median (GCUPS).</param>
/// <param name="GigabytesPerSecond">10^9 bytes of operands and results per second at the median.</param>
/// <param name="RowsPerSecond">Rows of data per second at the median; 0 where they are not what the field counts.</param>
/// <param name="PercentOfPeak">The least possible time by the measured rates, as a part of the median; null where rates do not bound it.</param>
/// <param name="BoundBy">Which rate that is: multiply-add, exp or memory.</param>
/// <param name="MaxError">The largest deviation from the float64 reference at sampled places, as a part of the largest reference value there.</param>
/// <param name="AllocatedBytes">Managed bytes allocated per call; null where nobody counted.</param>
/// <param name="Launches">Kernels launched per call; 0 on the host.</param>
/// <param name="DeviceBytes">Device memory that it came to hold, what the pool keeps of it included.</param>
/// <param name="HostBytes">The most memory of the host that the process held in the first call beyond what it held before operands were made; null where the system does not tell.</param>
/// <param name="Joules">Energy of a call; null where the platform does not tell.</param>
internal sealed record ResultRow(
    string Case,
    string Family,
    string Shape,
    string Device,
    string Precision,
    int Threads,
    double Seconds,
    double BestSeconds,
    double LowSeconds,
    double HighSeconds,
    double? ColdSeconds,
    double? EndToEndSeconds,
    int Runs,
    double Gflops,
    double GigaExponentials,
    double GigaCells,
    double GigabytesPerSecond,
    double RowsPerSecond,
    double? PercentOfPeak,
    string? BoundBy,
    double MaxError,
    double? AllocatedBytes,
    double Launches,
    long DeviceBytes,
    long? HostBytes,
    double? Joules)
{
    /// <summary>Puts a timing beside what the device could do.</summary>
    public static ResultRow Of(CaseEntry entry, CaseFacts facts, Timing timing, bool allocationCounted = true)
    {
        Work work = facts.Work;
        double floor = entry.Session.RatesOf(entry.IsDouble, entry.Threads).Floor(work, out string boundBy);
        return new(
            entry.Name,
            entry.Family,
            facts.Shape,
            entry.Session.Device.Description.Name,
            entry.Precision,
            entry.Threads,
            timing.MedianSeconds,
            timing.BestSeconds,
            timing.LowSeconds,
            timing.HighSeconds,
            double.IsNaN(timing.ColdSeconds) ? null : timing.ColdSeconds,
            facts.EndToEndSeconds,
            timing.Runs,
            work.Flops / timing.MedianSeconds / 1e9,
            work.Exponentials / timing.MedianSeconds / 1e9,
            work.Cells / timing.MedianSeconds / 1e9,
            (work.BytesRead + work.BytesWritten) / timing.MedianSeconds / 1e9,
            work.Rows / timing.MedianSeconds,
            facts.HasFloor ? 100 * floor / timing.MedianSeconds : null,
            facts.HasFloor ? boundBy : null,
            facts.MaxError,
            allocationCounted ? timing.AllocatedBytes : null,
            facts.Launches,
            facts.DeviceBytes,
            facts.HostBytes,
            facts.Joules);
    }
}
