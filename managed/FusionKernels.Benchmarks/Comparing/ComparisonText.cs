namespace FusionKernels.Bench;

/// <summary>A comparison as Markdown, which also reads well on a terminal.</summary>
internal static class ComparisonText
{
    /// <summary>The summary, the machines, one table.</summary>
    public static string Of(Comparison comparison)
    {
        MarkdownText text = new();
        text.Heading($"Compared with {comparison.Baseline.Name}");
        foreach (string sentence in comparison.Summary()) text.Paragraph(sentence);
        text.Heading("Machines", 2);
        text.Table(
            ["device", "processor", "model", "multiply-add GFLOP/s", "read GB/s", "library", "date"],
            comparison.Columns.Select(column => new[]
            {
                column.Name,
                $"{column.Results.Machine.Processor}, {column.Results.Machine.Cores} cores",
                column.Device.Description.Model,
                Format.Number(Rates(column)?.Gflops),
                Format.Number(Rates(column)?.ReadGigabytesPerSecond),
                column.Results.Machine.Libraries.TryGetValue("FusionKernels", out string? version) ? version.Split('+')[0] : "-",
                column.Results.Machine.Date,
            }));
        text.Heading("Cases", 2);
        text.Table(
            ["family", "case", "unit", .. comparison.Columns.Select(column => column.Name)],
            comparison.Cases.Select(one => (string[])[one.Family, one.Key, Throughput.Of(one.Rows.First(row => row is not null)!).Unit, .. comparison.Columns.Select((_, i) => Cell(one, i))]));
        return text.ToString();
    }

    /// <summary>The rates of a device's float32, with all threads.</summary>
    public static RateRow? Rates(ComparedColumn column) => column.Device.Rates.Where(rate => rate.Precision == "float32").MaxBy(rate => rate.Threads) ?? column.Device.Rates.MaxBy(rate => rate.Threads);

    private static string Cell(ComparedCase one, int column) => one.Rows[column] is not { } row
        ? "-"
        : Format.Number(Throughput.Of(row).Value) + (one.Ratio(column) is { } ratio ? $" {ratio}" : "");
}
