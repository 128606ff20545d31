namespace FusionKernels.Peers;

/// <summary>Sums of normal steps, on which the literature times warping.</summary>
internal static class RandomWalk
{
    /// <summary>Draws a walk.</summary>
    public static double[] Draw(Random random, int length)
    {
        double[] walk = new double[length];
        double place = 0;
        for (int i = 0; i < length; i++) walk[i] = place += Normal(random);
        return walk;
    }

    /// <summary>Subtracts the mean and divides by the population's standard deviation.</summary>
    public static void Normalize(Span<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values) sum += value;
        double mean = sum / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        double deviation = Math.Sqrt(squares / values.Length);
        for (int i = 0; i < values.Length; i++) values[i] = (values[i] - mean) / deviation;
    }

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
