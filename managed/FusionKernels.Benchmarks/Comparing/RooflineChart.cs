using System.Text;

namespace FusionKernels.Bench;

/// <summary>The roofline of one device: what each case reached over what its operations ask of memory (Williams, Waterman and Patterson 2009).</summary>
internal static class RooflineChart
{
    private const double Width = 440, Height = 300, Left = 48, Right = 12, Top = 12, Bottom = 40;

    /// <summary>The drawing; null where the device has no rates or no case that computes.</summary>
    public static string? Of(ComparedColumn column)
    {
        if (ComparisonText.Rates(column) is not { } peak) return null;
        ResultRow[] rows = [.. column.Results.Rows.Where(row => row.Device == column.Device.Description.Name && row.Precision == "float32" && row.Threads == peak.Threads && row.Gflops > 0 && row.GigabytesPerSecond > 0)];
        if (rows.Length == 0) return null;
        double[] intensities = [.. rows.Select(row => row.Gflops / row.GigabytesPerSecond), peak.Gflops / peak.ReadGigabytesPerSecond];
        double[] speeds = [.. rows.Select(row => row.Gflops), peak.Gflops];
        (double x0, double x1) = (Math.Floor(Math.Log10(intensities.Min())), Math.Ceiling(Math.Log10(intensities.Max())));
        (double y0, double y1) = (Math.Floor(Math.Log10(speeds.Min())), Math.Ceiling(Math.Log10(speeds.Max())));
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number(Height)}\" role=\"img\" aria-label=\"Roofline of {SvgText.Escape(column.Name)}\">");
        for (double power = x0; power <= x1; power++)
        {
            double x = X(power);
            svg.Append($"<line x1=\"{SvgText.Number(x)}\" x2=\"{SvgText.Number(x)}\" y1=\"{SvgText.Number(Top)}\" y2=\"{SvgText.Number(Height - Bottom)}\" stroke=\"var(--line)\"/>");
            svg.Append(SvgText.Label(x, Height - Bottom + 15, power == x1 ? "end" : "middle", SvgText.Power(power), "class=\"soft\" font-size=\"11\""));
        }

        for (double power = y0; power <= y1; power++)
        {
            double y = Y(power);
            svg.Append($"<line x1=\"{SvgText.Number(Left)}\" x2=\"{SvgText.Number(Width - Right)}\" y1=\"{SvgText.Number(y)}\" y2=\"{SvgText.Number(y)}\" stroke=\"var(--line)\"/>");
            svg.Append(SvgText.Label(Left - 6, y + 4, "end", SvgText.Power(power), "class=\"soft\" font-size=\"11\""));
        }

        svg.Append(SvgText.Label((Left + Width) / 2, Height - 6, "middle", "operations for each byte of operands and results", "class=\"soft\" font-size=\"12\""));
        svg.Append(SvgText.Label(Left, Top + 10, "start", " GFLOP/s", "class=\"soft\" font-size=\"12\""));
        double ridge = Math.Log10(peak.Gflops / peak.ReadGigabytesPerSecond), start = Math.Max(x0, y0 - Math.Log10(peak.ReadGigabytesPerSecond));
        svg.Append($"<path d=\"M{Point(start, start + Math.Log10(peak.ReadGigabytesPerSecond))}L{Point(ridge, Math.Log10(peak.Gflops))}H{SvgText.Number(X(x1))}\" stroke=\"var(--ink)\" stroke-width=\"2\" fill=\"none\"/>");
        foreach (ResultRow row in rows)
        {
            double x = X(Math.Log10(row.Gflops / row.GigabytesPerSecond)), y = Y(Math.Log10(row.Gflops));
            svg.Append($"<circle cx=\"{SvgText.Number(x)}\" cy=\"{SvgText.Number(y)}\" r=\"4.5\" fill=\"var(--fused)\"><title>{SvgText.Escape($"{row.Case}: {Format.Number(row.Gflops)} GFLOP/s")}</title></circle>");
        }

        Name(svg, rows, row => X(Math.Log10(row.Gflops / row.GigabytesPerSecond)), row => Y(Math.Log10(row.Gflops)));
        return svg.Append("</svg>").ToString();

        double X(double power) => Left + ((Width - Left - Right) * (power - x0) / Math.Max(1, x1 - x0));

        double Y(double power) => Height - Bottom - ((Height - Top - Bottom) * (power - y0) / Math.Max(1, y1 - y0));

        string Point(double x, double y) => $"{SvgText.Number(X(x))} {SvgText.Number(Y(y))}";
    }

    /// <summary>Names beside points, where there is room; the others are told by the pointer.</summary>
    private static void Name(StringBuilder svg, ResultRow[] rows, Func<ResultRow, double> x, Func<ResultRow, double> y)
    {
        const double LineHeight = 11, Letter = 6.2;
        List<(double Left, double Right, double Y)> taken = [.. rows.Select(row => (x(row) - 5, x(row) + 5, y(row)))];
        foreach (ResultRow row in rows.OrderByDescending(row => row.Gflops))
        {
            double width = row.Case.Length * Letter;
            foreach (bool isLeft in (ReadOnlySpan<bool>)[false, true])
            {
                double left = isLeft ? x(row) - 8 - width : x(row) + 8;
                if (left < Left || left + width > Width) continue;
                if (taken.Any(other => left < other.Right && left + width > other.Left && Math.Abs(other.Y - y(row)) < LineHeight && (Math.Abs(other.Y - y(row)) > 1e-9 || Math.Abs(other.Left - x(row) + 5) > 1e-9))) continue;
                taken.Add((left, left + width, y(row)));
                svg.Append(SvgText.Label(left, y(row) + 4, "start", row.Case, "font-size=\"10.5\""));
                break;
            }
        }
    }
}
