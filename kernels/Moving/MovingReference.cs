namespace FusionKernels.Kernels.Moving;

/// <summary>The definitions, in float64, a window at a time: what tests and benchmarks compare with.</summary>
internal static class MovingReference
{
    /// <summary>The mean.</summary>
    public static double Mean(ReadOnlySpan<double> window)
    {
        double sum = 0;
        foreach (double sample in window) sum += sample;
        return sum / window.Length;
    }

    /// <summary>The root of the mean squared difference from the mean.</summary>
    public static double Deviation(ReadOnlySpan<double> window)
    {
        double mean = Mean(window), sum = 0;
        foreach (double sample in window) sum += (sample - mean) * (sample - mean);
        return Math.Sqrt(sum / window.Length);
    }

    /// <summary>The smallest sample.</summary>
    public static double Minimum(ReadOnlySpan<double> window)
    {
        double least = window[0];
        foreach (double sample in window) least = Math.Min(least, sample);
        return least;
    }

    /// <summary>The largest sample.</summary>
    public static double Maximum(ReadOnlySpan<double> window)
    {
        double most = window[0];
        foreach (double sample in window) most = Math.Max(most, sample);
        return most;
    }
}
