using System.Text;

namespace FusionKernels.Cli;

/// <summary>A series between the least and the greatest sample of its moving windows, with their means and deviations; a window stands at its middle.</summary>
internal static class MovingPlot
{
    private const double Left = 44, Height = 200, NameHeight = 18;

    /// <summary>The drawing.</summary>
    /// <param name="series">The series, of which the first channel is drawn.</param>
    /// <param name="window">Samples of a window.</param>
    /// <param name="compute">By statistic its value in every window.</param>
    public static string Svg(PlotSeries series, int window, Func<MovingStatistic, double[]> compute)
    {
        PlotSeries first = series with { Channels = [series.Channels[0]] };
        double[] means = compute(MovingStatistic.Mean), deviations = compute(MovingStatistic.Deviation);
        double[] lower = [.. means.Zip(deviations, (mean, deviation) => mean - deviation)], upper = [.. means.Zip(deviations, (mean, deviation) => mean + deviation)];
        double top = PlotDocument.Margin + PlotDocument.TitleHeight + 8;
        PlotBox box = new(Left, top + (2 * NameHeight) + 6, PlotDocument.Width - Left - PlotDocument.Margin, Height);
        double least = first.Minimum, range = Math.Max(first.Maximum - least, double.Epsilon), middle = (window - 1) / 2.0;
        StringBuilder svg = new();
        svg.Append(SvgText.Label(PlotDocument.Margin, top, "start", first.Name, "class=\"a\""));
        svg.Append(SvgText.Label(PlotDocument.Margin, top + NameHeight, "start", "mean, and a deviation to either side", "class=\"b\""));
        svg.Append(SvgText.Label(box.Right, top + NameHeight, "end", "grey: least to greatest", "class=\"soft\""));
        AppendBand(svg, compute(MovingStatistic.Minimum), compute(MovingStatistic.Maximum), Window, "fill=\"var(--track)\"");
        AppendBand(svg, lower, upper, Window, "fill=\"var(--b)\" fill-opacity=\"0.25\"");
        svg.Append(SeriesCurve.Svg(first, Sample, "var(--a)"));
        svg.Append(SeriesCurve.Svg(new("", [means]), Window, "var(--b)"));
        AppendScale(svg, box, first);
        return PlotDocument.Svg($"Moving windows of {window} samples", svg.ToString(), box.Bottom + 24 + PlotDocument.Margin);

        (double X, double Y) Sample(double time, double value) =>
            (box.Left + (box.Width * time / Math.Max(1, first.Length - 1)), box.Bottom - (box.Height * Math.Clamp((value - least) / range, 0, 1)));

        (double X, double Y) Window(double start, double value) => Sample(start + middle, value);
    }

    private static void AppendBand(StringBuilder svg, double[] lower, double[] upper, Func<double, double, (double X, double Y)> place, string attributes)
    {
        svg.Append($"<polygon {attributes} points=\"");
        for (int j = 0; j < upper.Length; j++) AppendPoint(place(j, upper[j]));
        for (int j = lower.Length - 1; j >= 0; j--) AppendPoint(place(j, lower[j]));
        svg.Append("\"/>");

        void AppendPoint((double X, double Y) at) => svg.Append(SvgText.Number(at.X)).Append(',').Append(SvgText.Number(at.Y)).Append(' ');
    }

    private static void AppendScale(StringBuilder svg, PlotBox box, PlotSeries series)
    {
        const string Soft = "class=\"soft\" font-size=\"11\"";
        svg.Append(box.Rectangle("fill=\"none\" stroke=\"var(--line)\""));
        svg.Append(SvgText.Label(box.Left - 6, box.Top + 8, "end", Units.Significant(series.Maximum), Soft));
        svg.Append(SvgText.Label(box.Left - 6, box.Bottom, "end", Units.Significant(series.Minimum), Soft));
        svg.Append(SvgText.Label(box.Left, box.Bottom + 15, "start", "0", Soft));
        svg.Append(SvgText.Label(box.Left + (box.Width / 2), box.Bottom + 15, "middle", "time", Soft));
        svg.Append(SvgText.Label(box.Right, box.Bottom + 15, "end", SvgText.Number(series.Length - 1), Soft));
    }
}
