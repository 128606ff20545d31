using System.Globalization;
using System.Text;

namespace FusionKernels.Cli;

/// <summary>The heat map with its classes along both sides and its scale below.</summary>
internal static class HeatMapChart
{
    private const double Size = 372, Left = 26, Top = 2, ScaleTop = Top + Size + 46, ScaleHeight = 10;

    /// <summary>The drawing, as wide as its place.</summary>
    public static string Svg(HeatMap map)
    {
        double minimum = map.Minimum, maximum = map.Maximum, range = Math.Max(maximum - minimum, double.Epsilon);
        int edge = map.Cells.GetLength(0);
        byte[,] pixels = new byte[edge, edge];
        for (int i = 0; i < edge; i++)
        {
            for (int j = 0; j < edge; j++) pixels[i, j] = (byte)Math.Round(255 * (map.Cells[i, j] - minimum) / range);
        }

        StringBuilder svg = new();
        svg.Append($"<svg viewBox=\"0 0 400 {SvgText.Number(ScaleTop + ScaleHeight + 20)}\" role=\"img\" aria-label=\"Heat map of the fused Gram matrix ordered by digit\">");
        svg.Append($"<image x=\"{SvgText.Number(Left)}\" y=\"{SvgText.Number(Top)}\" width=\"{SvgText.Number(Size)}\" height=\"{SvgText.Number(Size)}\" preserveAspectRatio=\"none\" href=\"{PngImage.DataUri(pixels, HeatPalette.Colours())}\"/>");
        AppendClasses(svg, map.ClassEnds);
        AppendScale(svg, minimum, maximum);
        return svg.Append("</svg>").ToString();
    }

    private static void AppendClasses(StringBuilder svg, IReadOnlyList<double> ends)
    {
        double start = 0;
        for (int digit = 0; digit < ends.Count; digit++)
        {
            double middle = (start + ends[digit]) / 2 * Size;
            string name = digit.ToString(CultureInfo.InvariantCulture);
            svg.Append(SvgText.Label(Left - 9, Top + middle + 4.5, "middle", name, "font-size=\"13\""));
            svg.Append(SvgText.Label(Left + middle, Top + Size + 16, "middle", name, "font-size=\"13\""));
            start = ends[digit];
        }

        svg.Append(SvgText.Label(Left + (Size / 2), Top + Size + 33, "middle", "images, ordered by the digit they show", "class=\"soft\" font-size=\"12\""));
    }

    private static void AppendScale(StringBuilder svg, double minimum, double maximum)
    {
        svg.Append($"<defs>{HeatPalette.Gradient("scale")}</defs>");
        svg.Append($"<rect x=\"{SvgText.Number(Left)}\" y=\"{SvgText.Number(ScaleTop)}\" width=\"{SvgText.Number(Size)}\" height=\"{SvgText.Number(ScaleHeight)}\" fill=\"url(#scale)\" rx=\"2\"/>");
        double below = ScaleTop + ScaleHeight + 15;
        svg.Append(SvgText.Label(Left, below, "start", minimum.ToString("0.00", CultureInfo.InvariantCulture), "class=\"soft\" font-size=\"12\""));
        svg.Append(SvgText.Label(Left + (Size / 2), below, "middle", "similarity (mean of the cell)", "class=\"soft\" font-size=\"12\""));
        svg.Append(SvgText.Label(Left + Size, below, "end", maximum.ToString("0.00", CultureInfo.InvariantCulture), "class=\"soft\" font-size=\"12\""));
    }
}
