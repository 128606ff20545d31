using System.Globalization;
using System.Text;

namespace FusionKernels;

/// <summary>Draws losses by epoch, for light and dark surroundings.</summary>
internal static class LearningCurves
{
    private const double Height = 240, Left = 52, Right = PlotDocument.Width - 16, Top = 40, Bottom = Height - 34;

    /// <summary>The drawing.</summary>
    public static string Svg(string title, TrainingResult result)
    {
        double[] all = [.. result.TrainingLosses, .. result.ValidationLosses];
        double low = all.Min(), high = all.Max(), range = high > low ? high - low : 1;
        int epochs = result.TrainingLosses.Count;
        StringBuilder svg = new();
        foreach (double share in (ReadOnlySpan<double>)[0, 0.5, 1])
        {
            double y = Y(low + (share * range));
            svg.Append($"<line x1=\"{SvgText.Number(Left)}\" x2=\"{SvgText.Number(Right)}\" y1=\"{SvgText.Number(y)}\" y2=\"{SvgText.Number(y)}\" stroke=\"var(--line)\"/>");
            svg.Append(SvgText.Label(Left - 6, y + 4, "end", string.Create(CultureInfo.InvariantCulture, $"{low + (share * range):G3}"), "class=\"soft\""));
        }

        string best = SvgText.Number(X(result.BestEpoch - 1));
        svg.Append($"<line x1=\"{best}\" x2=\"{best}\" y1=\"{SvgText.Number(Top)}\" y2=\"{SvgText.Number(Bottom)}\" stroke=\"var(--soft)\" stroke-dasharray=\"3 3\"/>");
        Curve(result.TrainingLosses, "var(--a)");
        Curve(result.ValidationLosses, "var(--b)");
        svg.Append(SvgText.Label(Left, Height - 12, "start", $"epoch 1 to {epochs}, best {result.BestEpoch}", "class=\"soft\""));
        svg.Append(SvgText.Label(Right, Height - 12, "end", "training", "class=\"a\""));
        if (result.ValidationLosses.Count > 0) svg.Append(SvgText.Label(Right - 60, Height - 12, "end", "validation", "class=\"b\""));
        return PlotDocument.Svg(title, svg.ToString(), Height);

        double X(int epoch) => Left + (epochs == 1 ? 0 : (Right - Left) * epoch / (epochs - 1));
        double Y(double loss) => Bottom - ((Bottom - Top) * (loss - low) / range);

        void Curve(IReadOnlyList<double> losses, string colour)
        {
            if (losses.Count == 0) return;
            svg.Append($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" points=\"");
            for (int i = 0; i < losses.Count; i++) svg.Append($"{SvgText.Number(X(i))},{SvgText.Number(Y(losses[i]))} ");
            svg.Append("\"/>");
        }
    }
}
