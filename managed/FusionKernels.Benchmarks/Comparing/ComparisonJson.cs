namespace FusionKernels.Bench;

/// <summary>A comparison for programs.</summary>
/// <param name="Baseline">The device that the others are measured by.</param>
/// <param name="Summary">Sentences.</param>
/// <param name="Rows">By case and device.</param>
internal sealed record ComparisonJson(string Baseline, IReadOnlyList<string> Summary, IReadOnlyList<ComparisonJson.Row> Rows)
{
    /// <summary>Of a comparison.</summary>
    public static ComparisonJson Of(Comparison comparison) => new(
        comparison.Baseline.Name,
        [.. comparison.Summary()],
        [
            .. comparison.Cases.SelectMany(one => comparison.Columns.Select((column, i) => (one, column, i)).Where(place => one.Rows[place.i] is not null).Select(place =>
            {
                Throughput speed = Throughput.Of(one.Rows[place.i]!);
                SpeedRatio? ratio = one.Ratio(place.i);
                return new Row(one.Family, one.Key, place.column.Name, speed.Unit, speed.Value, speed.Low, speed.High, ratio?.Value, ratio?.Low, ratio?.High, ratio?.IsNoise);
            })),
        ]);

    /// <summary>One case on one device.</summary>
    /// <param name="Family">The family of kernels.</param>
    /// <param name="Case">Case, precision and cores.</param>
    /// <param name="Device">The device.</param>
    /// <param name="Unit">The field's unit.</param>
    /// <param name="Speed">At the median.</param>
    /// <param name="SlowQuartile">A quarter of the runs were slower.</param>
    /// <param name="FastQuartile">A quarter of the runs were faster.</param>
    /// <param name="Ratio">Times the baseline; null for itself and where it has no figure.</param>
    /// <param name="RatioLow">The least that the spreads allow.</param>
    /// <param name="RatioHigh">The most.</param>
    /// <param name="IsNoise">Whether they allow equality.</param>
    internal sealed record Row(
        string Family, string Case, string Device, string Unit, double Speed, double SlowQuartile, double FastQuartile, double? Ratio, double? RatioLow, double? RatioHigh, bool? IsNoise);
}
