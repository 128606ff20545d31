namespace FusionKernels;

/// <summary>A map between the clocks of two modalities, made from an alignment: what happens at a time of one, and when in the other. Immutable.</summary>
/// <remarks>
/// Piecewise linear through the matched samples and rising; where several samples of one modality match one of the other, that one's
/// time stands for the middle of theirs. Before the first match and after the last one the clocks run on at one second per second.
/// </remarks>
public sealed class ClockMap
{
    private readonly double[] _x;
    private readonly double[] _y;

    /// <summary>Makes the map from matched times, both in order.</summary>
    internal ClockMap(double[] x, double[] y) => (_x, _y) = (x, y);

    /// <summary>The time on y's clock of a time on x's.</summary>
    /// <param name="time">The time, in the unit of x's times.</param>
    public double ToY(double time) => Map(time, _x, _y);

    /// <summary>The time on x's clock of a time on y's.</summary>
    /// <param name="time">The time, in the unit of y's times.</param>
    public double ToX(double time) => Map(time, _y, _x);

    private static double Map(double time, double[] from, double[] to)
    {
        if (double.IsNaN(time)) return time;
        (int first, int end) = Equal(from, time);
        if (first < end) return (to[first] + to[end - 1]) / 2;
        if (end == 0) return to[0] + (time - from[0]);
        if (end == from.Length) return to[^1] + (time - from[^1]);

        // Between two matches: on the line between the middles of what they are matched with.
        double before = from[end - 1], after = from[end];
        double start = Map(before, from, to), stop = Map(after, from, to);
        return start + ((time - before) / (after - before) * (stop - start));
    }

    /// <summary>The range of matches at exactly a time; where there is none, empty, behind the last earlier match.</summary>
    private static (int First, int End) Equal(double[] times, double time) => (Bound(times, time, inclusive: false), Bound(times, time, inclusive: true));

    /// <summary>The number of times below one, or not above it.</summary>
    private static int Bound(double[] times, double time, bool inclusive)
    {
        int low = 0, high = times.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (times[middle] < time || (inclusive && times[middle] == time)) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
