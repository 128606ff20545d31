using System.Text;

namespace FusionKernels.Cli;

/// <summary>Draws a series as lines, one for each channel; what is missing leaves a gap.</summary>
internal static class SeriesCurve
{
    /// <summary>Stretches of time of which least and greatest value are drawn: about one for every point of a screen.</summary>
    private const int MaximumStretches = 400;

    /// <summary>The lines.</summary>
    /// <param name="series">The series.</param>
    /// <param name="place">Where sample and value stand.</param>
    /// <param name="colour">The stroke.</param>
    public static string Svg(PlotSeries series, Func<double, double, (double X, double Y)> place, string colour)
    {
        StringBuilder svg = new();
        string opacity = series.Channels.Count == 1 ? "" : " stroke-opacity=\"0.7\"";
        foreach (double[] channel in series.Channels)
        {
            foreach (List<int> run in Runs(channel))
            {
                svg.Append($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" stroke-linejoin=\"round\" stroke-linecap=\"round\"{opacity} points=\"");
                foreach (int time in run)
                {
                    (double x, double y) = place(time, channel[time]);
                    svg.Append(SvgText.Number(x)).Append(',').Append(SvgText.Number(y)).Append(' ');
                }

                svg.Append("\"/>");
            }
        }

        return svg.ToString();
    }

    /// <summary>The samples that are drawn, from gap to gap.</summary>
    private static List<List<int>> Runs(double[] channel)
    {
        List<List<int>> runs = [];
        bool isBehindGap = true;
        foreach (int time in Drawn(channel))
        {
            bool isThere = double.IsFinite(channel[time]);
            if (isThere && isBehindGap) runs.Add([time]);
            else if (isThere) runs[^1].Add(time);
            isBehindGap = !isThere;
        }

        // A line to itself is a dot.
        foreach (List<int> run in runs)
        {
            if (run.Count == 1) run.Add(run[0]);
        }

        return runs;
    }

    /// <summary>The samples that are drawn: all, or where there are many the least and the greatest of every stretch.</summary>
    private static IEnumerable<int> Drawn(double[] channel) => channel.Length <= 2 * MaximumStretches
        ? Enumerable.Range(0, channel.Length)
        : Enumerable.Range(0, MaximumStretches).SelectMany(stretch => Extremes(channel, stretch)).Prepend(0).Append(channel.Length - 1);

    private static int[] Extremes(double[] channel, int stretch)
    {
        int begin = (int)((long)stretch * channel.Length / MaximumStretches), end = (int)((long)(stretch + 1) * channel.Length / MaximumStretches);
        int least = begin, greatest = begin;
        for (int time = begin; time < end; time++)
        {
            if (channel[time] < channel[least] || double.IsNaN(channel[least])) least = time;
            if (channel[time] > channel[greatest] || double.IsNaN(channel[greatest])) greatest = time;
        }

        return least < greatest ? [least, greatest] : [greatest, least];
    }
}
