using System.Text;

namespace FusionKernels;

/// <summary>Drawings as files of their own, 420 points wide, for light and dark surroundings.</summary>
internal static class PlotDocument
{
    /// <summary>Points across.</summary>
    public const double Width = 420;

    /// <summary>Points round the content.</summary>
    public const double Margin = 12;

    /// <summary>Points that the title takes.</summary>
    public const double TitleHeight = 24;

    /// <summary>Blue and vermilion of Okabe and Ito's palette, told apart by every kind of colour vision.</summary>
    private const string Style =
        "svg{--paper:#fff;--ink:#1d1f24;--soft:#5a606b;--line:#c4c8d0;--track:#e6e8ed;--link:#a3a9b4;--a:#2f6fa5;--b:#c8500a;font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif}"
        + "@media(prefers-color-scheme:dark){svg{--paper:#1c1f25;--ink:#eceef2;--soft:#a2a9b5;--line:#454b57;--track:#2e333c;--link:#646c79;--a:#6fb1e4;--b:#f5873d}}"
        + "text{fill:var(--ink)}.a{fill:var(--a)}.b{fill:var(--b)}.soft{fill:var(--soft)}";

    /// <summary>The file.</summary>
    /// <param name="title">The line on top.</param>
    /// <param name="content">What stands below it.</param>
    /// <param name="height">Points from top to bottom.</param>
    public static string Svg(string title, string content, double height)
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
