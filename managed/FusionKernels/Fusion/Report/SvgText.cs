using System.Globalization;
using System.Net;

namespace FusionKernels;

/// <summary>Numbers in drawings.</summary>
internal static class SvgText
{
    /// <summary>A coordinate, to a hundredth.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>A power of ten at an axis: 0.01, 10, 10^4.</summary>
    public static string Power(double exponent) => Math.Abs(exponent) <= 3 ? Math.Pow(10, exponent).ToString("0.###", CultureInfo.InvariantCulture) : $"10^{Number(exponent)}";

    /// <summary>Text safe within elements and attributes.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A rectangle; never narrower than can be seen.</summary>
    public static string Bar(double x, double y, double width, double height, string fill) =>
        $"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(1, width))}\" height=\"{Number(height)}\" rx=\"2\" fill=\"{fill}\"/>";

    /// <summary>A range over a bar: a line with an upright of 8 at each end.</summary>
    /// <param name="low">Where it begins.</param>
    /// <param name="high">Where it ends.</param>
    /// <param name="top">The uprights' upper ends.</param>
    public static string Whisker(double low, double high, double top) =>
        $"<path d=\"M{Number(low)} {Number(top + 4)}H{Number(high)}M{Number(low)} {Number(top)}v8M{Number(high)} {Number(top)}v8\" stroke=\"var(--ink)\" stroke-width=\"1.4\" fill=\"none\"/>";

    /// <summary>A line of text.</summary>
    /// <param name="x">Where it starts, ends or has its middle.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="anchor">start, middle or end.</param>
    /// <param name="text">The text, not yet escaped.</param>
    /// <param name="attributes">More attributes.</param>
    public static string Label(double x, double y, string anchor, string text, string attributes = "") =>
        $"<text x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\" {attributes}>{Escape(text)}</text>";

    /// <summary>A horizontal scale from 0 to 100 % below a drawing, with its title.</summary>
    public static string PercentAxis(double left, double width, double top, double bottom, string title)
    {
        string axis = "";
        foreach (int percent in (ReadOnlySpan<int>)[0, 25, 50, 75, 100])
        {
            double x = left + (width * percent / 100);
            axis += $"<line x1=\"{Number(x)}\" x2=\"{Number(x)}\" y1=\"{Number(top)}\" y2=\"{Number(bottom)}\" stroke=\"var(--line)\"/>";
            string anchor = percent switch { 0 => "start", 100 => "end", _ => "middle" };
            axis += Label(x, bottom + 15, anchor, percent == 100 ? "100 %" : Number(percent), "class=\"soft\" font-size=\"12\"");
        }

        return axis + Label(left + (width / 2), bottom + 32, "middle", title, "class=\"soft\" font-size=\"12\"");
    }
}
