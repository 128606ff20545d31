using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace FusionKernels.Cli;

/// <summary>Canonical correlations as bars, with what their test says, and the rows at their first pair of variates.</summary>
internal static class VariatePlot
{
    private const double Left = 44, BarsHeight = 120, Between = 52, NameHeight = 18;

    /// <summary>More rows than points can be told apart.</summary>
    private const int MostRows = 1500;

    /// <summary>More bars than a width shows.</summary>
    private const int MostBars = 60;

    /// <summary>The level that a filled bar's test reaches.</summary>
    private const double Level = 0.05;

    /// <summary>The drawing.</summary>
    /// <param name="title">The line on top.</param>
    /// <param name="nameX">The first view.</param>
    /// <param name="nameY">The second view.</param>
    /// <param name="correlations">All of them, in descending order; one at least.</param>
    /// <param name="significance">By correlation the probability of it and those behind it, were there none; null where there is no test.</param>
    /// <param name="u">The rows' first variates of the first view.</param>
    /// <param name="v">The same of the second view.</param>
    public static string Svg(string title, string nameX, string nameY, IReadOnlyList<double> correlations, IReadOnlyList<double>? significance, IReadOnlyList<double> u, IReadOnlyList<double> v)
    {
        double top = PlotDocument.Margin + PlotDocument.TitleHeight + 8, width = PlotDocument.Width - Left - PlotDocument.Margin;
        PlotBox bars = new(Left, top + NameHeight + 6, width, BarsHeight), scatter = new(Left, bars.Bottom + Between, width, width * 0.8);
        StringBuilder svg = new();
        string note = significance is null ? "correlations" : "correlations; solid: it and those behind it are not all 0, p < 0.05";
        svg.Append(SvgText.Label(PlotDocument.Margin, top + 4, "start", note, "class=\"soft\""));
        AppendBars(svg, bars, correlations, significance);
        AppendRows(svg, scatter, u, v);
        svg.Append(SvgText.Label(Left, bars.Bottom + Between - 8, "start", $"the rows at the first pair, r = {Units.Significant(correlations[0])}", "class=\"soft\""));
        svg.Append(SvgText.Label(scatter.Left + (scatter.Width / 2), scatter.Bottom + 16, "middle", $"variate of {nameX}", "class=\"a\""));
        double middle = scatter.Top + (scatter.Height / 2);
        svg.Append(SvgText.Label(Left - 28, middle, "middle", $"variate of {nameY}", $"class=\"b\" transform=\"rotate(-90 {SvgText.Number(Left - 28)} {SvgText.Number(middle)})\""));
        return PlotDocument.Svg(title, svg.ToString(), scatter.Bottom + 24 + PlotDocument.Margin);
    }

    /// <summary>The first column of variates, as the drawing takes it.</summary>
    public static double[] FirstOf<T>(Tensor<T> variates)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Enumerable.Range(0, (int)variates.Lengths[0]).Select(row => double.CreateChecked(variates[row, 0]))];

    private static void AppendBars(StringBuilder svg, PlotBox box, IReadOnlyList<double> correlations, IReadOnlyList<double>? significance)
    {
        const string Soft = "class=\"soft\" font-size=\"11\"";
        foreach (double share in (ReadOnlySpan<double>)[0, 0.5, 1])
        {
            double y = box.Bottom - (share * box.Height);
            svg.Append($"<line x1=\"{SvgText.Number(box.Left)}\" x2=\"{SvgText.Number(box.Right)}\" y1=\"{SvgText.Number(y)}\" y2=\"{SvgText.Number(y)}\" stroke=\"var(--track)\"/>");
            svg.Append(SvgText.Label(box.Left - 6, y + 4, "end", SvgText.Number(share), Soft));
        }

        // The tests go on for as long as they reject, and no further.
        int count = Math.Min(correlations.Count, MostBars), told = significance?.TakeWhile(p => p < Level).Count() ?? correlations.Count;
        double slot = Math.Min(box.Width / count, 60);
        for (int k = 0; k < count; k++)
        {
            double height = Math.Max(1, box.Height * Math.Clamp(correlations[k], 0, 1)), left = box.Left + (slot * k) + (slot * 0.15);
            string fill = k < told ? "fill=\"var(--a)\"" : "fill=\"var(--paper)\" stroke=\"var(--a)\"";
            string p = significance is null ? "" : $", p = {Units.Significant(significance[k])}";
            svg.Append($"<rect x=\"{SvgText.Number(left)}\" y=\"{SvgText.Number(box.Bottom - height)}\" width=\"{SvgText.Number(slot * 0.7)}\" height=\"{SvgText.Number(height)}\" {fill}><title>{k + 1}: {Units.Significant(correlations[k])}{p}</title></rect>");
            if (slot >= 30) svg.Append(SvgText.Label(left + (slot * 0.35), box.Bottom - height - 4, "middle", correlations[k].ToString("0.00", System.Globalization.CultureInfo.InvariantCulture), "font-size=\"11\""));
        }

        svg.Append(SvgText.Label(box.Left + (slot / 2), box.Bottom + 14, "middle", "1", Soft));
        if (count > 1) svg.Append(SvgText.Label(box.Left + (slot * (count - 0.5)), box.Bottom + 14, "middle", $"{count}{(count < correlations.Count ? $" of {correlations.Count}" : "")}", Soft));
    }

    private static void AppendRows(StringBuilder svg, PlotBox box, IReadOnlyList<double> u, IReadOnlyList<double> v)
    {
        int step = Math.Max(1, (u.Count + MostRows - 1) / MostRows);
        (double left, double right) = Range(u);
        (double low, double high) = Range(v);
        svg.Append($"<g fill=\"var(--a)\" fill-opacity=\"{(u.Count > 200 ? "0.45" : "0.8")}\">");
        for (int row = 0; row < u.Count; row += step)
        {
            double x = box.Left + (box.Width * (u[row] - left) / (right - left)), y = box.Bottom - (box.Height * (v[row] - low) / (high - low));
            svg.Append($"<circle cx=\"{SvgText.Number(x)}\" cy=\"{SvgText.Number(y)}\" r=\"{(u.Count > 200 ? "2" : "3.2")}\"/>");
        }

        svg.Append("</g>").Append(box.Rectangle("fill=\"none\" stroke=\"var(--line)\""));
    }

    /// <summary>The values' range, with a twentieth of it on both sides.</summary>
    private static (double Low, double High) Range(IReadOnlyList<double> values)
    {
        double low = values.Min(), high = values.Max(), edge = high > low ? (high - low) / 20 : 1;
        return (low - edge, high + edge);
    }
}
