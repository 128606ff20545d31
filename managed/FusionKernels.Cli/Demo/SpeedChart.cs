using System.Text;

namespace FusionKernels.Cli;

/// <summary>Bars of one device's speed, against what it was measured to do at most.</summary>
internal static class SpeedChart
{
    private const double Width = 400, RowHeight = 37, BarHeight = 11, AxisHeight = 38;

    /// <summary>The drawing with its heading.</summary>
    public static string Figure(DemoDevice device, IReadOnlyList<DemoRow> rows)
    {
        StringBuilder figure = new();
        string peak = device.PeakGflops is { } gflops ? $"; measured peak {Units.Flops(gflops * 1e9)}" : "";
        figure.Append($"<figure><h3>{DemoPage.Text(device.Name)}</h3><p class=\"note\">{DemoPage.Text(device.Model)}, {DemoPage.Text(device.Platform)}{peak}</p>\n");
        List<DemoRow> done = [.. rows.Where(row => row.Error is null)];
        if (done.Count > 0) figure.Append(device.IsSimulated ? Agreement(done) : Svg(done, device.Name));
        if (rows.FirstOrDefault(row => row.Error is not null) is { } failed) figure.Append($"<p class=\"error\">{DemoPage.Text(failed.Error!)}</p>");
        return figure.Append("</figure>\n").ToString();
    }

    private static string Agreement(List<DemoRow> rows) =>
        $"<p>Checks the kernels that GPUs run, on {rows[0].Images} images only: they agree with the reference to {Units.Deviation(rows.Max(row => row.LargestDeviation!.Value))}. Its speed means nothing.</p>";

    private static string Svg(List<DemoRow> rows, string device)
    {
        double bottom = rows.Count * RowHeight;
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number(bottom + AxisHeight)}\" role=\"img\" aria-label=\"Speed on {DemoPage.Text(device)}\">");
        svg.Append(SvgText.PercentAxis(0, Width, 0, bottom, "of the measured multiply-add peak"));
        for (int i = 0; i < rows.Count; i++) AppendBar(svg, rows[i], i * RowHeight);
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendBar(StringBuilder svg, DemoRow row, double top)
    {
        string fill = row.View switch
        {
            DemoKernel.Fused => "var(--fused)",
            DemoKernel.Concatenation => "var(--concat)",
            _ => "var(--single)",
        };
        string figures = $"{Units.Seconds(row.Seconds!.Value)}  ·  {Units.Significant(row.Gflops!.Value)} GFLOP/s  ·  {Units.Percent(row.FractionOfPeak!.Value)}";
        svg.Append(SvgText.Bar(0, top + 1, Width, 18, "var(--card)"));
        svg.Append(SvgText.Label(0, top + 15, "start", row.View, row.View == DemoKernel.Fused ? "font-size=\"13.5\" font-weight=\"650\"" : "font-size=\"13.5\""));
        svg.Append(SvgText.Label(Width, top + 15, "end", figures, "font-size=\"12.5\" class=\"soft\""));
        svg.Append(SvgText.Bar(0, top + 21, Width * Math.Min(1, row.FractionOfPeak.Value), BarHeight, fill));
    }
}
