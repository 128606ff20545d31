namespace FusionKernels.Bench;

/// <summary>Everything one run measured.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Method">How, in a sentence.</param>
/// <param name="Devices">On what.</param>
/// <param name="Rows">With which results.</param>
internal sealed record BenchResults(Machine Machine, string Method, IReadOnlyList<DeviceResult> Devices, IReadOnlyList<ResultRow> Rows)
{
    /// <summary>The results as Markdown: the machine, what its devices can do at most, the cases.</summary>
    public string ToMarkdown()
    {
        MarkdownText text = new();
        text.Heading($"Benchmarks on {Machine.Name}");
        text.Machine(Machine);
        foreach (DeviceResult device in Devices) text.Item("Device", device.Description.ToString());
        text.Item("Method", Method);
        text.Heading("Measured peaks", 2);
        text.Table(
            ["device", "precision", "threads", "multiply-add GFLOP/s", "Gexp/s", "read GB/s", "store GB/s"],
            Devices.SelectMany(device => device.Rates.Select(rate => new[]
            {
                device.Description.Name,
                rate.Precision,
                Format.Threads(rate.Threads),
                Format.Number(rate.Gflops),
                Format.Number(rate.GigaExponentials),
                Format.Number(rate.ReadGigabytesPerSecond),
                Format.Number(rate.StoreGigabytesPerSecond),
            })));
        text.Heading("Cases", 2);
        text.Table(s_columns, Rows.Select(Cells));
        return text.ToString();
    }

    private static readonly string[] s_columns =
        ["case", "shape", "device", "precision", "threads", "median", "best", "GFLOP/s", "Gexp/s", "GCUPS", "GB/s", "% of peak", "bound by", "max error", "allocated"];

    private static string[] Cells(ResultRow row) =>
    [
        row.Case,
        row.Shape,
        row.Device,
        row.Precision,
        Format.Threads(row.Threads),
        Format.Time(row.Seconds),
        Format.Time(row.BestSeconds),
        Format.Number(row.Gflops),
        Format.Number(row.GigaExponentials),
        Format.Number(row.GigaCells),
        Format.Number(row.GigabytesPerSecond),
        Format.Number(row.PercentOfPeak),
        row.BoundBy ?? "-",
        Format.Error(row.MaxError),
        Format.Bytes(row.AllocatedBytes),
    ];
}
