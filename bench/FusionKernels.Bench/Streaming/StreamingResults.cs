using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>Canonical correlation of two files beside reading them.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Device">The device that accumulated.</param>
/// <param name="Rows">Rows of both views.</param>
/// <param name="Width">Columns of each.</param>
/// <param name="FileBytes">Bytes of both files' elements.</param>
/// <param name="IsFromDisk">Whether the system dropped what it kept of the files before each pass.</param>
/// <param name="ReadSeconds">Reading alone: before the pass that accumulates, and after it.</param>
/// <param name="AccumulateSeconds">Reading and accumulating the state.</param>
/// <param name="SolveSeconds">From the state to the correlations.</param>
/// <param name="ProcessBytes">The most that the process held while it accumulated and solved, the runtime and its code included; null where the system does not tell.</param>
/// <param name="AddedBytes">The same beyond what it held before.</param>
/// <param name="Correlations">What was found.</param>
/// <param name="Expected">What the views were made with.</param>
internal sealed record StreamingResults(
    Machine Machine,
    string Device,
    long Rows,
    int Width,
    long FileBytes,
    bool IsFromDisk,
    IReadOnlyList<double> ReadSeconds,
    double AccumulateSeconds,
    double SolveSeconds,
    long? ProcessBytes,
    long? AddedBytes,
    IReadOnlyList<double> Correlations,
    IReadOnlyList<double> Expected)
{
    /// <summary>Accumulating over the faster reading.</summary>
    public double Ratio => AccumulateSeconds / ReadSeconds.Min();

    /// <summary>The largest difference of a correlation from the expected one.</summary>
    public double MaxError => Correlations.Zip(Expected, (found, expected) => Math.Abs(found - expected)).Max();

    /// <summary>Five standard errors of a small correlation of so many rows: a larger difference is no chance.</summary>
    public double MostError => 5 / Math.Sqrt(Rows);

    /// <summary>The results as Markdown.</summary>
    public string ToMarkdown()
    {
        MarkdownText text = new();
        text.Heading($"Streaming on {Machine.Name}");
        text.Machine(Machine);
        text.Item("Device", Device);
        text.Item("Method", $"bench --streaming: CanonicalMoments.OfFiles and Fit on two .npy files; reading alone reads the same rows at a time, once before and once after; {(IsFromDisk ? "the system's cache of the files is dropped before each pass" : "the system may have kept parts of the files in memory")}");
        text.Heading("Passes", 2);
        text.Table(
            ["pass", "seconds", "GB/s"],
            [.. ReadSeconds.Select((seconds, pass) => Pass($"reading alone, {(pass == 0 ? "before" : "after")}", seconds)), Pass("reading and accumulating", AccumulateSeconds), ["solving", Format.Number(SolveSeconds), "-"]]);
        text.Heading("Figures", 2);
        text.Table(
            ["figure", "value"],
            [
                ["rows", Rows.ToString(CultureInfo.InvariantCulture)],
                ["columns", $"{Width} + {Width}, float32"],
                ["bytes", FileBytes.ToString(CultureInfo.InvariantCulture)],
                ["accumulating / faster reading", Format.Number(Ratio)],
                ["peak memory of the process", Megabytes(ProcessBytes)],
                ["of it beyond what it held before", Megabytes(AddedBytes)],
                ["max error of the correlations", $"{Format.Error(MaxError)} (five standard errors: {Format.Error(MostError)})"],
            ]);
        text.Heading("Correlations", 2);
        text.Table(["component", "found", "expected"], Correlations.Select((found, k) => new[] { $"{k + 1}", Correlation(found), Correlation(Expected[k]) }));
        return text.ToString();
    }

    private string[] Pass(string name, double seconds) => [name, Format.Number(seconds), Format.Number(FileBytes / seconds / 1e9)];

    private static string Megabytes(long? bytes) => bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 1e6:0} MB") : "-";

    private static string Correlation(double value) => value.ToString("0.00000", CultureInfo.InvariantCulture);
}
