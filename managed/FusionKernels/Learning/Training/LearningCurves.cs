using System.Globalization;
using System.Net;
using System.Text;

namespace FusionKernels;

/// <summary>Draws losses by epoch, for light and dark surroundings.</summary>
internal static class LearningCurves
{
    private const double Width = 420, Height = 240, Left = 52, Right = 16, Top = 40, Bottom = 34;

    private const string Style =
        "svg{--paper:#fff;--ink:#1d1f24;--soft:#5a606b;--line:#c4c8d0;--a:#2f6fa5;--b:#c8500a;font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif}"
        + "@media(prefers-color-scheme:dark){svg{--paper:#1c1f25;--ink:#eceef2;--soft:#a2a9b5;--line:#454b57;--a:#6fb1e4;--b:#f5873d}}text{fill:var(--ink)}.soft{fill:var(--soft)}";

    /// <summary>The drawing.</summary>
    public static string Svg(string title, TrainingResult result)
    {
        double[] all = [.. result.TrainingLosses, .. result.ValidationLosses];
        double low = all.Min(), high = all.Max(), range = high > low ? high - low : 1;
        int epochs = result.TrainingLosses.Count;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\">");
        string name = WebUtility.HtmlEncode(title);
        svg.Append(CultureInfo.InvariantCulture, $"<title>{name}</title><style>{Style}</style><rect width=\"{Width}\" height=\"{Height}\" fill=\"var(--paper)\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"12\" y=\"23\" font-size=\"14\" font-weight=\"600\">{name}</text>");
        foreach (double share in (ReadOnlySpan<double>)[0, 0.5, 1])
        {
            double y = Y(low + (share * range));
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Round(y)}\" y2=\"{Round(y)}\" stroke=\"var(--line)\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"soft\" x=\"{Left - 6}\" y=\"{Round(y + 4)}\" text-anchor=\"end\">{low + (share * range):G3}</text>");
        }

        double best = X(result.BestEpoch - 1);
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Round(best)}\" x2=\"{Round(best)}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"var(--soft)\" stroke-dasharray=\"3 3\"/>");
        Curve(result.TrainingLosses, "var(--a)");
        Curve(result.ValidationLosses, "var(--b)");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"soft\" x=\"{Left}\" y=\"{Height - 12}\">epoch 1 to {epochs}, best {result.BestEpoch}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{Height - 12}\" text-anchor=\"end\" style=\"fill:var(--a)\">training</text>");
        if (result.ValidationLosses.Count > 0) svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right - 60}\" y=\"{Height - 12}\" text-anchor=\"end\" style=\"fill:var(--b)\">validation</text>");
        return svg.Append("</svg>\n").ToString();

        double X(int epoch) => Left + (epochs == 1 ? 0 : (Width - Left - Right) * epoch / (epochs - 1));
        double Y(double loss) => Height - Bottom - ((Height - Top - Bottom) * (loss - low) / range);

        void Curve(IReadOnlyList<double> losses, string colour)
        {
            if (losses.Count == 0) return;
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" points=\"");
            for (int i = 0; i < losses.Count; i++) svg.Append(CultureInfo.InvariantCulture, $"{Round(X(i))},{Round(Y(losses[i]))} ");
            svg.Append("\"/>");
        }
    }

    private static double Round(double value) => Math.Round(value, 2);
}
