namespace FusionKernels.Peers;

/// <summary>Warping as the textbook has it, in float64.</summary>
internal static class WarpingReference
{
    /// <summary>The least sum of squared differences along a path that keeps to the band.</summary>
    /// <param name="left">A series.</param>
    /// <param name="right">A series of the same length.</param>
    /// <param name="radius">The band's radius.</param>
    /// <param name="limit">Gives up, with infinity, as soon as the sum cannot be below this.</param>
    public static double LeastCost(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int radius, double limit)
    {
        int length = left.Length;
        double[] above = new double[length + 1], row = new double[length + 1];
        Array.Fill(above, double.PositiveInfinity);
        above[0] = 0;
        for (int i = 0; i < length; i++)
        {
            int first = Math.Max(0, i - radius), last = Math.Min(length - 1, i + radius);
            double least = double.PositiveInfinity;
            Array.Fill(row, double.PositiveInfinity);
            for (int j = first; j <= last; j++)
            {
                double difference = left[i] - right[j];
                row[j + 1] = (difference * difference) + Math.Min(above[j], Math.Min(above[j + 1], row[j]));
                least = Math.Min(least, row[j + 1]);
            }

            if (least >= limit) return double.PositiveInfinity;
            (above, row) = (row, above);
        }

        return above[length];
    }
}
