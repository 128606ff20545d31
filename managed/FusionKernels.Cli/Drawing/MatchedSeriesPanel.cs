using System.Text;

namespace FusionKernels.Cli;

/// <summary>Two series, one above the other, with lines between the samples that an alignment matches.</summary>
internal static class MatchedSeriesPanel
{
    /// <summary>More lines would be an area.</summary>
    private const int MaximumLinks = 150;

    private const double NameHeight = 18, CurveHeight = 74, Gap = 44;

    /// <summary>The height that it takes.</summary>
    public const double Height = (2 * NameHeight) + (2 * CurveHeight) + Gap;

    /// <summary>The drawing.</summary>
    public static string Svg(PlotSeries a, PlotSeries b, WarpingPath path, double left, double top, double width)
    {
        PlotBox boxA = new(left, top + NameHeight, width, CurveHeight), boxB = new(left, boxA.Bottom + Gap, width, CurveHeight);
        double samples = Math.Max(1, Math.Max(a.Length, b.Length) - 1), range = Math.Max(a.Maximum - a.Minimum, b.Maximum - b.Minimum);
        StringBuilder svg = new();
        svg.Append(SvgText.Label(left, top + 11, "start", a.Name, "class=\"a\""));
        svg.Append(SvgText.Label(left, boxB.Bottom + 15, "start", b.Name, "class=\"b\""));
        AppendLinks(svg, path, match =>
        {
            if (!double.IsFinite(a.Channels[0][match.X] - b.Channels[0][match.Y])) return "";
            (double X, double Y) from = Place(boxA, a, match.X, a.Channels[0][match.X]), to = Place(boxB, b, match.Y, b.Channels[0][match.Y]);
            return $"M{SvgText.Number(from.X)} {SvgText.Number(from.Y)}L{SvgText.Number(to.X)} {SvgText.Number(to.Y)}";
        });
        svg.Append(SeriesCurve.Svg(a, (time, value) => Place(boxA, a, time, value), "var(--a)"));
        svg.Append(SeriesCurve.Svg(b, (time, value) => Place(boxB, b, time, value), "var(--b)"));
        return svg.ToString();

        // One scale for both, each about its own middle: a distant level does not flatten the shapes.
        (double X, double Y) Place(PlotBox box, PlotSeries series, double time, double value)
        {
            double middle = (series.Minimum + series.Maximum) / 2;
            return (box.Left + (time / samples * box.Width), box.Top + (box.Height / 2) - (range > 0 ? (value - middle) / range * box.Height : 0));
        }
    }

    private static void AppendLinks(StringBuilder svg, WarpingPath path, Func<(int X, int Y), string> link)
    {
        int links = Math.Min(MaximumLinks, path.Count);
        svg.Append("<path fill=\"none\" stroke=\"var(--link)\" stroke-width=\"0.8\" d=\"");
        for (int i = 0; i < links; i++) svg.Append(link(path[links == 1 ? 0 : (int)((long)i * (path.Count - 1) / (links - 1))]));
        svg.Append("\"/>");
    }
}
