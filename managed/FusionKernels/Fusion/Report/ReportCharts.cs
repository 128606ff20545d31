using System.Globalization;
using System.Text;

namespace FusionKernels;

/// <summary>The drawings of a report.</summary>
internal static class ReportCharts
{
    private const double Width = 400, RowHeight = 40, BarHeight = 12, AxisHeight = 38;

    /// <summary>What a letter of 12 takes.</summary>
    private const double LetterWidth = 7;

    /// <summary>Of the fullest cell: the numbers in it stay readable.</summary>
    private const double MostOpacity = 0.6;

    /// <summary>Colours of Okabe and Ito's palette, and dashes where they come again.</summary>
    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    private static readonly string[] s_dashes = ["", " stroke-dasharray=\"6 3\"", " stroke-dasharray=\"2 3\"", " stroke-dasharray=\"12 3 2 3\"", " stroke-dasharray=\"1 5\""];

    /// <summary>Bars of all scores, grouped by kind, the weakest first.</summary>
    public static string Scores(FusionReport report)
    {
        List<FusionReportRow> rows = [.. report.Rows.Where(row => row.Error is null).OrderBy(row => row.Kind).ThenBy(row => report.IsError ? -row.Score : row.Score)];
        double most = report.IsError ? Math.Max(1e-300, rows.Select(row => row.Folds.Max()).DefaultIfEmpty(1).Max()) : 1, bottom = rows.Count * RowHeight;
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number(bottom + AxisHeight)}\" role=\"img\" aria-label=\"Bars of scores\">");
        if (!report.IsError) svg.Append(SvgText.PercentAxis(0, Width, 0, bottom, "test rows named right"));
        for (int i = 0; i < rows.Count; i++)
        {
            double top = i * RowHeight, y = top + 21;
            string fill = rows[i].Kind switch
            {
                FusionReportKind.Baseline => "var(--none)",
                FusionReportKind.SingleView => "var(--single)",
                _ => rows[i] == report.BestFused ? "var(--fused)" : "var(--concat)",
            };
            svg.Append(SvgText.Bar(0, top + 2, Width, 17, "var(--card)"));
            svg.Append(SvgText.Label(0, top + 15, "start", rows[i].Name, "font-size=\"13\""));
            svg.Append(SvgText.Label(Width, top + 15, "end", report.Number(rows[i].Score), "font-size=\"13\""));
            svg.Append(SvgText.Bar(0, y, Width * rows[i].Score / most, BarHeight, fill));
            if (rows[i].Folds.Count < 2) continue;
            svg.Append(SvgText.Whisker(Width * rows[i].Folds.Min() / most, Width * rows[i].Folds.Max() / most, y + 2));
        }

        return svg.Append("</svg>").ToString();
    }

    /// <summary>Lines of scores over rates of absent views, with their names.</summary>
    public static string Missing(FusionReport report)
    {
        const double Left = 46, Top = 10, LineHeight = 18;
        List<FusionReportRow> rows = [.. report.Rows.Where(row => row.Error is null && row.Missing.Count > 0).OrderBy(row => (report.IsError ? 1 : -1) * row.Missing[^1])];
        List<double> all = [.. rows.SelectMany(row => row.Missing.Append(row.Score))];
        double low = Math.Floor(all.Min() * 10) / 10, high = Math.Ceiling(all.Max() * 10) / 10, furthest = report.MissingRates.Max();
        double plotHeight = Math.Clamp(20 * rows.Count, 240, 560), bottom = Top + plotHeight, legend = bottom + 52, height = legend + ((rows.Count + 1) / 2 * LineHeight);
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number(height)}\" role=\"img\" aria-label=\"Lines of scores over rates of absent views\">");
        for (int tick = 0; tick <= 4; tick++)
        {
            double value = low + ((high - low) * tick / 4), y = Y(value);
            svg.Append($"<line x1=\"{SvgText.Number(Left)}\" x2=\"{SvgText.Number(Width)}\" y1=\"{SvgText.Number(y)}\" y2=\"{SvgText.Number(y)}\" stroke=\"var(--line)\"/>");
            svg.Append(SvgText.Label(Left - 6, y + 4, "end", report.IsError ? value.ToString("0.##", CultureInfo.InvariantCulture) : SvgText.Number(100 * value), "class=\"soft\" font-size=\"12\""));
        }

        foreach (double rate in report.MissingRates.Prepend(0)) svg.Append(SvgText.Label(X(rate), bottom + 16, rate == 0 ? "start" : rate == furthest ? "end" : "middle", $"{SvgText.Number(100 * rate)} %", "class=\"soft\" font-size=\"12\""));
        svg.Append(SvgText.Label((Left + Width) / 2, bottom + 33, "middle", "views absent at test", "class=\"soft\" font-size=\"12\""));
        int[] order = [.. Enumerable.Range(0, report.MissingRates.Count).OrderBy(r => report.MissingRates[r])];
        for (int i = 0; i < rows.Count; i++)
        {
            string stroke = $"stroke=\"{s_colours[i % s_colours.Length]}\" stroke-width=\"2\" fill=\"none\"{s_dashes[i / s_colours.Length % s_dashes.Length]}";
            string path = $"M{SvgText.Number(X(0))} {SvgText.Number(Y(rows[i].Score))}" + string.Concat(order.Select(r => $"L{SvgText.Number(X(report.MissingRates[r]))} {SvgText.Number(Y(rows[i].Missing[r]))}"));
            svg.Append($"<path d=\"{path}\" {stroke}/>");
            double x = i % 2 == 0 ? 0 : Width / 2, y = legend + (i / 2 * LineHeight);
            svg.Append($"<path d=\"M{SvgText.Number(x)} {SvgText.Number(y)}h26\" {stroke}/>");
            svg.Append(SvgText.Label(x + 32, y + 4, "start", $"{rows[i].Name} {report.Number(rows[i].Missing[^1])}", "font-size=\"12\""));
        }

        return svg.Append("</svg>").ToString();

        double X(double rate) => Left + ((Width - Left) * rate / furthest);

        double Y(double value) => Top + (plotHeight * (1 - ((value - low) / Math.Max(1e-12, high - low))));
    }

    /// <summary>Who looks at whom, as cells with their numbers.</summary>
    public static string Attention(FusionAttention attention)
    {
        const double Left = 92, Head = 22, CellHeight = 26;
        const string Small = "font-size=\"12\"";
        double cell = (Width - Left) / attention.To.Count, height = Head + (CellHeight * attention.From.Count);
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number(height)}\" role=\"img\" aria-label=\"Cells of attention\">");
        for (int j = 0; j < attention.To.Count; j++) svg.Append(SvgText.Label(Left + (cell * (j + 0.5)), 14, "middle", Short(attention.To[j], cell), $"class=\"soft\" {Small}"));
        for (int i = 0; i < attention.From.Count; i++)
        {
            double y = Head + (CellHeight * i);
            svg.Append(SvgText.Label(0, y + 17, "start", Short(attention.From[i], Left), Small));
            for (int j = 0; j < attention.To.Count; j++)
            {
                double weight = attention.Weights[i][j];
                string opacity = SvgText.Number(MostOpacity * Math.Clamp(weight, 0, 1));
                svg.Append(new PlotBox(Left + (cell * j), y, cell, CellHeight).Rectangle($"fill=\"var(--fused)\" fill-opacity=\"{opacity}\" stroke=\"var(--line)\""));
                svg.Append(SvgText.Label(Left + (cell * (j + 0.5)), y + 17, "middle", weight.ToString("0.00", CultureInfo.InvariantCulture), Small));
            }
        }

        return svg.Append("</svg>").ToString();

        static string Short(string name, double room) => room / LetterWidth is var letters && name.Length > letters ? $"{name[..Math.Max(1, (int)letters - 1)]}\u2026" : name;
    }
}
