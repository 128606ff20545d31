namespace FusionKernels.Cli;

/// <summary>Drawings of alignments as files of their own, 420 points wide, for light and dark surroundings.</summary>
internal static class AlignmentPlot
{
    private const double Width = PlotDocument.Width, Margin = PlotDocument.Margin, TitleHeight = PlotDocument.TitleHeight, Between = 26;

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
        return PlotDocument.Svg(title, MatchedSeriesPanel.Svg(a, b, path, Margin, top, inner) + table.Svg(), table.Bottom + Margin);
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
        return PlotDocument.Svg(title, names + table.Svg(), table.Bottom + Margin);
    }
}
