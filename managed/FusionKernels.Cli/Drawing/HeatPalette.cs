using System.Globalization;
using System.Text;

namespace FusionKernels.Cli;

/// <summary>The colours of heat maps: dark blue over green to pale yellow. Lightness rises evenly, so that they read in grey as well.</summary>
internal static class HeatPalette
{
    private static readonly (double Red, double Green, double Blue)[] s_stops =
        [(24, 22, 62), (40, 62, 112), (38, 104, 128), (46, 144, 128), (104, 184, 108), (186, 214, 98), (250, 238, 150)];

    /// <summary>Colours from the least to the greatest value.</summary>
    /// <param name="count">How many, 2 to 256.</param>
    public static List<(byte Red, byte Green, byte Blue)> Colours(int count = 256)
    {
        List<(byte, byte, byte)> colours = [];
        for (int entry = 0; entry < count; entry++)
        {
            double at = entry / (count - 1.0) * (s_stops.Length - 1);
            int stop = Math.Min((int)at, s_stops.Length - 2);
            var (from, to, share) = (s_stops[stop], s_stops[stop + 1], at - stop);
            colours.Add((Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue)));

            byte Mix(double a, double b) => (byte)Math.Round(a + ((b - a) * share));
        }

        return colours;
    }

    /// <summary>A gradient of these colours from left to right, to be filled with by its name.</summary>
    public static string Gradient(string id)
    {
        StringBuilder gradient = new($"<linearGradient id=\"{id}\">");
        for (int i = 0; i < s_stops.Length; i++)
        {
            var (red, green, blue) = s_stops[i];
            gradient.Append(CultureInfo.InvariantCulture, $"<stop offset=\"{SvgText.Number((double)i / (s_stops.Length - 1))}\" stop-color=\"rgb({red},{green},{blue})\"/>");
        }

        return gradient.Append("</linearGradient>").ToString();
    }
}
