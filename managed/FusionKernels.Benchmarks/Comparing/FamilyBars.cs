using System.Globalization;
using System.Text;

namespace FusionKernels.Bench;

/// <summary>Bars of how many times faster each device is in a family than the baseline, with the spread.</summary>
internal static class FamilyBars
{
    private const double Width = 440, RowHeight = 38;

    /// <summary>The drawing of one family.</summary>
    public static string Of(Comparison comparison, string? family)
    {
        (string Name, SpeedRatio Ratio, bool IsBaseline)[] bars =
        [
            .. comparison.Columns.Select((column, i) => (column.Name, Ratio: column == comparison.Baseline ? new(1, 1, 1) : comparison.Mean(i, family), column == comparison.Baseline))
                .Where(bar => bar.Ratio is not null).Select(bar => (bar.Name, bar.Ratio!.Value, bar.Item3)),
        ];
        double most = bars.Max(bar => bar.Ratio.High);
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number((bars.Length * RowHeight) + 4)}\" role=\"img\" aria-label=\"Bars of speed in {family ?? "all families"}\">");
        for (int i = 0; i < bars.Length; i++)
        {
            double top = i * RowHeight, y = top + 19;
            SpeedRatio ratio = bars[i].Ratio;
            svg.Append(SvgText.Label(0, top + 14, "start", bars[i].Name, "font-size=\"13\""));
            svg.Append(SvgText.Label(Width, top + 14, "end", bars[i].IsBaseline ? "baseline" : string.Create(CultureInfo.InvariantCulture, $"{ratio.Value:0.00}x{(ratio.IsNoise ? ", noise" : "")}"), "font-size=\"13\""));
            svg.Append(SvgText.Bar(0, y, Width * ratio.Value / most, 12, bars[i].IsBaseline ? "var(--none)" : ratio.IsNoise ? "var(--single)" : "var(--fused)"));
            if (!bars[i].IsBaseline) svg.Append(SvgText.Whisker(Width * ratio.Low / most, Width * ratio.High / most, y + 2));
        }

        return svg.Append("</svg>").ToString();
    }
}
