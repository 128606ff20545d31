using System.Text;

namespace FusionKernels.Cli;

/// <summary>Bars of the accuracies, the weakest first.</summary>
internal static class AccuracyChart
{
    private const double Width = 400, RowHeight = 50, BarHeight = 17, AxisHeight = 38;

    /// <summary>The drawing, as wide as its place.</summary>
    public static string Svg(DemoResult result)
    {
        List<(string Name, double Accuracy, IReadOnlyList<double> Folds, string Fill)> bars = [("majority class", result.MajorityAccuracy, [], "var(--none)")];
        foreach (DemoAccuracy view in result.Views.Where(view => DemoPage.IsSingle(view.Name)).OrderBy(view => view.Accuracy))
        {
            bars.Add((view.Name, view.Accuracy, view.Folds, "var(--single)"));
        }

        foreach (DemoAccuracy view in result.Views.Where(view => !DemoPage.IsSingle(view.Name)))
        {
            bars.Add((view.Name, view.Accuracy, view.Folds, view.Name == DemoKernel.Fused ? "var(--fused)" : "var(--concat)"));
        }

        double bottom = bars.Count * RowHeight;
        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 {SvgText.Number(Width)} {SvgText.Number(bottom + AxisHeight)}\" role=\"img\" aria-label=\"Bars of held-out accuracy per view\">");
        svg.Append(SvgText.PercentAxis(0, Width, 0, bottom, "held-out images named right"));
        for (int i = 0; i < bars.Count; i++) AppendBar(svg, bars[i].Name, bars[i].Accuracy, bars[i].Folds, bars[i].Fill, i * RowHeight);
        return svg.Append("</svg>").ToString();
    }

    private static void AppendBar(StringBuilder svg, string name, double accuracy, IReadOnlyList<double> folds, string fill, double top)
    {
        string weight = name == DemoKernel.Fused ? "font-weight=\"650\"" : "";
        svg.Append(SvgText.Bar(0, top + 2, Width, 18, "var(--card)"));
        svg.Append(SvgText.Label(0, top + 16, "start", name, $"font-size=\"14\" {weight}"));
        svg.Append(SvgText.Label(Width, top + 16, "end", Units.Percent(accuracy, 1), $"font-size=\"14\" {weight}"));
        double y = top + 23;
        svg.Append(SvgText.Bar(0, y, Width * accuracy, BarHeight, fill));
        if (folds.Count == 0) return;
        string middle = SvgText.Number(y + (BarHeight / 2)), low = SvgText.Number(Width * folds.Min()), high = SvgText.Number(Width * folds.Max());
        svg.Append($"<path d=\"M{low} {middle}H{high}M{low} {SvgText.Number(y + 4)}v9M{high} {SvgText.Number(y + 4)}v9\" stroke=\"var(--ink)\" stroke-width=\"1.4\" fill=\"none\"/>");
    }
}
