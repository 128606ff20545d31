using System.Globalization;
using System.Text;

namespace FusionKernels.Bench;

/// <summary>Bars of how near a device came to its own measured peaks, case by case of a family.</summary>
internal static class PeakBars
{
    private const double Width = 440, RowHeight = 34, AxisHeight = 38;

    /// <summary>The drawing; null where no case of the family is bounded by a measured rate.</summary>
    public static string? Of(ComparedColumn column, string family)
    {
        ResultRow[] rows = [.. column.Results.Rows.Where(row => row.Device == column.Device.Description.Name && row.Family == family && row.PercentOfPeak is not null)];
        if (rows.Length == 0) return null;
        double bottom = rows.Length * RowHeight;
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number(bottom + AxisHeight)}\" role=\"img\" aria-label=\"Bars of peak in {family} of {SvgText.Escape(column.Name)}\">");
        svg.Append(SvgText.PercentAxis(0, Width, 0, bottom, "of the speed that the measured rates of the device allow"));
        for (int i = 0; i < rows.Length; i++) AppendBar(svg, rows[i], ComparedColumn.KeyOf(rows[i], column.Results.Machine), i * RowHeight);
        return svg.Append("</svg>").ToString();
    }

    private static void AppendBar(StringBuilder svg, ResultRow row, string key, double top)
    {
        double percent = row.PercentOfPeak!.Value;
        Throughput reached = Throughput.Of(row);
        svg.Append(SvgText.Bar(0, top + 1, Width, 18, "var(--card)"));
        svg.Append(SvgText.Label(0, top + 15, "start", key, "font-size=\"13\""));
        svg.Append(SvgText.Label(Width, top + 15, "end", string.Create(CultureInfo.InvariantCulture, $"{Format.Number(reached.Value)} {reached.Unit}, {percent:0} % of {row.BoundBy}"), "font-size=\"12\" class=\"soft\""));
        svg.Append(SvgText.Bar(0, top + 20, Width * Math.Min(100, percent) / 100, 10, "var(--fused)"));
    }
}
