namespace FusionKernels.Bench;

/// <summary>Everything one run measured.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Method">How, in a sentence.</param>
/// <param name="Device">The host with its measured peaks.</param>
/// <param name="Rows">Results of the contests in which everybody computes the same.</param>
/// <param name="Warping">Results of warping, where a slow library computes a part.</param>
internal sealed record PeerResults(Machine Machine, string Method, DeviceResult Device, IReadOnlyList<PeerRow> Rows, IReadOnlyList<RatedRow> Warping)
{
    private static readonly string[] s_columns =
        ["case", "shape", "threads", "library", "best", "median", "runs", "GFLOP/s", "% of peak", "ours faster (bests)", "ours faster (median)", "max error"];

    private static readonly string[] s_warpingColumns =
        ["case", "shape", "threads", "library", "part", "best", "median", "runs", "speed", "ours faster (bests)", "ours faster (median)", "max error"];

    /// <summary>The results as Markdown.</summary>
    public string ToMarkdown()
    {
        MarkdownText text = new();
        text.Heading($"Peers on {Machine.Name}");
        text.Machine(Machine);
        text.Item("Method", Method);
        if (Rows.Count > 0)
        {
            text.Heading("Cases", 2);
            text.Table(s_columns, Rows.Select(Cells));
        }

        if (Warping.Count > 0)
        {
            text.Heading("Warping", 2);
            text.Table(s_warpingColumns, Warping.Select(Cells));
        }

        return text.ToString();
    }

    private static string[] Cells(PeerRow row) =>
    [
        row.Case,
        row.Shape,
        Format.Threads(row.Threads),
        row.Absent is null ? row.Library : $"{row.Library}: {row.Absent}",
        row.BestSeconds is { } best ? Format.Time(best) : "-",
        row.MedianSeconds is { } median ? Format.Time(median) : "-",
        row.Absent is null ? $"{row.Runs}" : "-",
        Format.Number(row.Gflops),
        Format.Number(row.PercentOfPeak),
        Format.Number(row.RatioOfBests),
        Format.Number(row.MedianOfRatios),
        row.MaxError is { } error ? Format.Error(error) : "-",
    ];

    private static string[] Cells(RatedRow row) =>
    [
        row.Case,
        row.Shape,
        Format.Threads(row.Threads),
        row.Absent is null ? row.Library : $"{row.Library}: {row.Absent}",
        row.Part,
        row.BestSeconds is { } best ? Format.Time(best) : "-",
        row.MedianSeconds is { } median ? Format.Time(median) : "-",
        row.Absent is null ? $"{row.Runs}" : "-",
        row.Rate is { } rate ? $"{Format.Number(rate)} {row.Unit}" : "-",
        Format.Number(row.RatioOfBests),
        Format.Number(row.MedianOfRatios),
        row.MaxError is { } error ? Format.Error(error) : "-",
    ];
}
