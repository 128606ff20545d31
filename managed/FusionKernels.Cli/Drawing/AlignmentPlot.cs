using System.Text;

namespace FusionKernels.Cli;

/// <summary>Drawings of alignments as files of their own, 420 points wide, for light and dark surroundings.</summary>
internal static class AlignmentPlot
{
    private const double Width = 420, Margin = 12, TitleHeight = 24, Between = 26;

    /// <summary>Blue and vermilion of Okabe and Ito's palette, told apart by every kind of colour vision.</summary>
    private const string Style =
        "svg{--paper:#fff;--ink:#1d1f24;--soft:#5a606b;--line:#c4c8d0;--track:#e6e8ed;--link:#a3a9b4;--a:#2f6fa5;--b:#c8500a;font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif}"
        + "@media(prefers-color-scheme:dark){svg{--paper:#1c1f25;--ink:#eceef2;--soft:#a2a9b5;--line:#454b57;--track:#2e333c;--link:#646c79;--a:#6fb1e4;--b:#f5873d}}"
        + "text{fill:var(--ink)}.a{fill:var(--a)}.b{fill:var(--b)}.soft{fill:var(--soft)}";

    /// <summary>Two series with their path, and the table that it leads through.</summary>
    /// <param name="title">The line on top.</param>
    /// <param name="a">The series of the rows.</param>
    /// <param name="b">The series of the columns.</param>
    /// <param name="path">What is matched.</param>
    /// <param name="window">What may be matched.</param>
    /// <param name="cells">The accumulated costs; null where there are too many.</param>
    public static string OfPath(string title, PlotSeries a, PlotSeries b, WarpingPath path, WarpingWindow window, double[,]? cells)
    {
        double inner = Width - (2 * Margin), top = Margin + TitleHeight;
        TablePanel table = new(a, b, Margin, top + MatchedSeriesPanel.Height + Between, inner)
        {
            Cells = cells,
            Scale = cells is null ? "too many pairs to draw their costs" : "accumulated cost (root scale)",
            Window = window,
            Path = path,
        };
        return Document(title, MatchedSeriesPanel.Svg(a, b, path, Margin, top, inner) + table.Svg(), table.Bottom + Margin);
    }

    /// <summary>The expected alignment of two series.</summary>
    /// <param name="title">The line on top.</param>
    /// <param name="a">The series of the rows.</param>
    /// <param name="b">The series of the columns.</param>
    /// <param name="window">What may be matched.</param>
    /// <param name="cells">The shares of all alignments that match the samples.</param>
    public static string OfExpectation(string title, PlotSeries a, PlotSeries b, WarpingWindow window, double[,] cells)
    {
        const double NameHeight = 18;
        double top = Margin + TitleHeight;
        TablePanel table = new(a, b, Margin, top + (2 * NameHeight) + 6, Width - (2 * Margin)) { Cells = cells, Scale = "share of alignments (root scale)", Window = window };
        string names = SvgText.Label(Margin, top + 8, "start", a.Name, "class=\"a\"") + SvgText.Label(Margin, top + 8 + NameHeight, "start", b.Name, "class=\"b\"");
        return Document(title, names + table.Svg(), table.Bottom + Margin);
    }

    private static string Document(string title, string content, double height)
    {
        StringBuilder svg = new();
        string size = $"{SvgText.Number(Width)} {SvgText.Number(height)}";
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size}\" width=\"{SvgText.Number(Width)}\" height=\"{SvgText.Number(height)}\" role=\"img\">");
        svg.Append($"<title>{SvgText.Escape(title)}</title><style>{Style}</style>");
        svg.Append(new PlotBox(0, 0, Width, height).Rectangle("fill=\"var(--paper)\""));
        svg.Append(SvgText.Label(Margin, Margin + 11, "start", title, "font-size=\"14\" font-weight=\"600\""));
        return svg.Append(content).Append("</svg>\n").ToString();
    }
}
