namespace FusionKernels.Peers;

/// <summary>A set of series of one length, all of whose pairs are to be warped: z-normalised random walks.</summary>
internal sealed class WarpingPairs
{
    private const int Seed = 11;

    /// <summary>Draws the series.</summary>
    /// <param name="series">Their number.</param>
    /// <param name="length">Their length.</param>
    /// <param name="radius">The radius of the Sakoe-Chiba band; null for no window.</param>
    public WarpingPairs(int series, int length, int? radius)
    {
        (Series, Length, Radius) = (series, length, radius);
        Rows = new float[series * length];
        Random random = new(Seed);
        for (int row = 0; row < series; row++)
        {
            double[] walk = RandomWalk.Draw(random, length);
            RandomWalk.Normalize(walk);
            for (int i = 0; i < length; i++) Rows[(row * length) + i] = (float)walk[i];
        }
    }

    /// <summary>The number of series.</summary>
    public int Series { get; }

    /// <summary>The length of each.</summary>
    public int Length { get; }

    /// <summary>The band's radius; null for no window.</summary>
    public int? Radius { get; }

    /// <summary>The series, one a row.</summary>
    public float[] Rows { get; }

    /// <summary>The sizes, in words.</summary>
    public string Shape => $"{Series} series of {Length}, {(Radius is { } radius ? $"radius {radius}" : "no window")}";

    /// <summary>Cells inside the band of all pairs of the first series.</summary>
    /// <param name="series">So many series.</param>
    public double Cells(int series)
    {
        double outside = Radius is { } radius && radius < Length - 1 ? Length - 1.0 - radius : 0;
        return series * (series - 1.0) / 2 * (((double)Length * Length) - (outside * (outside + 1)));
    }

    /// <summary>The distance of two series in float64: the root of the least sum of squares.</summary>
    public double Reference(int row, int column) =>
        Math.Sqrt(WarpingReference.LeastCost(Row(row), Row(column), Radius ?? Length, double.PositiveInfinity));

    private double[] Row(int row) => [.. Rows.AsSpan(row * Length, Length).ToArray().Select(value => (double)value)];
}
