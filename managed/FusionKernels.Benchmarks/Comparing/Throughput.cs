namespace FusionKernels.Bench;

/// <summary>What a row achieved in its field's unit, which does not depend on the size that a device got.</summary>
/// <param name="Value">At the median.</param>
/// <param name="Low">At the slower quartile.</param>
/// <param name="High">At the faster quartile.</param>
/// <param name="Unit">GCUPS, rows/s, GFLOP/s, Gexp/s or GB/s.</param>
internal readonly record struct Throughput(double Value, double Low, double High, string Unit)
{
    /// <summary>Runs from which on quartiles say how far times spread.</summary>
    private const int FewestRuns = 4;

    /// <summary>How far apart calls may be taken to lie where there were fewer.</summary>
    private const double UnknownSpread = 1.25;

    /// <summary>Of a row.</summary>
    public static Throughput Of(ResultRow row)
    {
        (double value, string unit) = row switch
        {
            { GigaCells: > 0 } => (row.GigaCells, "GCUPS"),
            { RowsPerSecond: > 0 } => (row.RowsPerSecond, "rows/s"),
            { Gflops: > 0 } => (row.Gflops, "GFLOP/s"),
            { GigaExponentials: > 0 } => (row.GigaExponentials, "Gexp/s"),
            _ => (row.GigabytesPerSecond, "GB/s"),
        };
        return row.Runs < FewestRuns
            ? new(value, value * row.Seconds / row.HighSeconds / UnknownSpread, value * row.Seconds / row.LowSeconds * UnknownSpread, unit)
            : new(value, value * row.Seconds / row.HighSeconds, value * row.Seconds / row.LowSeconds, unit);
    }

    /// <summary>How many times faster it is than a baseline, with what their spreads leave open.</summary>
    public SpeedRatio Over(Throughput baseline) => new(Value / baseline.Value, Low / baseline.High, High / baseline.Low);
}
