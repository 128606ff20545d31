namespace FusionKernels.Bench;

/// <summary>Everything one run measured.</summary>
/// <param name="Schema">The version of this format: docs/benchmarks.md.</param>
/// <param name="Suite">The version of the cases: figures of one suite can be compared.</param>
/// <param name="Machine">Where.</param>
/// <param name="Method">How, in a sentence.</param>
/// <param name="Devices">On what.</param>
/// <param name="Rows">With which results.</param>
/// <param name="Failures">Cases without a valid figure.</param>
internal sealed record BenchResults(
    int Schema, string Suite, Machine Machine, string Method, IReadOnlyList<DeviceResult> Devices, IReadOnlyList<ResultRow> Rows, IReadOnlyList<FailureRow> Failures)
{
    /// <summary>The version of the format that is written.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The version of the cases; another one where a case's work changes.</summary>
    public const string CurrentSuite = "2";

    /// <summary>Cases that the run did not reach: it was cancelled, or the time of <see cref="SuiteOptions.Limit"/> was over.</summary>
    public IReadOnlyList<LeftOutRow> LeftOut { get; init; } = [];

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
        if (Failures.Count > 0) text.Heading("Failures", 2);
        foreach (FailureRow failure in Failures) text.Item($"{failure.Case} {failure.Precision} {failure.Device}", failure.Problem);
        if (LeftOut.Count > 0) text.Heading("Not reached", 2);
        foreach (IGrouping<string, LeftOutRow> device in LeftOut.GroupBy(row => row.Device)) text.Item(device.Key, string.Join(", ", device.Select(row => $"{row.Case} {row.Precision}").Distinct()));
        return text.ToString();
    }

    private static readonly string[] s_columns =
        ["case", "shape", "device", "precision", "threads", "median", "best", "cold", "end to end", "GFLOP/s", "Gexp/s", "GCUPS", "GB/s", "rows/s", "% of peak", "bound by", "max error", "allocated", "launches", "device memory", "host memory", "energy"];

    private static string[] Cells(ResultRow row) =>
    [
        row.Case,
        row.Shape,
        row.Device,
        row.Precision,
        Format.Threads(row.Threads),
        Format.Time(row.Seconds),
        Format.Time(row.BestSeconds),
        row.ColdSeconds is { } cold ? Format.Time(cold) : "-",
        row.EndToEndSeconds is { } whole ? Format.Time(whole) : "-",
        Format.Number(row.Gflops),
        Format.Number(row.GigaExponentials),
        Format.Number(row.GigaCells),
        Format.Number(row.GigabytesPerSecond),
        Format.Number(row.RowsPerSecond),
        Format.Number(row.PercentOfPeak),
        row.BoundBy ?? "-",
        Format.Error(row.MaxError),
        Format.Bytes(row.AllocatedBytes),
        Format.Number(row.Launches),
        Format.Bytes(row.DeviceBytes),
        Format.Bytes(row.HostBytes),
        row.Joules is { } joules ? $"{Format.Number(joules)} J" : "-",
    ];
}
