namespace FusionKernels.Kernels.Fusion;

/// <summary>The mean of the logistic function under a normal distribution.</summary>
internal static class NormalAverage
{
    /// <summary>Half of the points; the trapezoidal rule over 8 deviations in steps of a quarter leaves less than 1e-12 of an analytic integrand.</summary>
    private const int Half = 48;

    /// <summary>The mean of 1 / (1 + exp(-f)).</summary>
    /// <param name="mean">Mean of f.</param>
    /// <param name="variance">Variance of f, 0 or more.</param>
    public static double Logistic(double mean, double variance)
    {
        double deviation = Math.Sqrt(Math.Max(0, variance)), sum = 0, weights = 0;
        // The logistic function varies over about 2 in f: wide distributions take smaller steps.
        int half = (int)Math.Min(4000, Half * Math.Max(1, deviation));
        for (int k = -half; k <= half; k++)
        {
            double z = 8.0 * k / half, weight = Math.Exp(-0.5 * z * z);
            sum += weight * Of(mean + (deviation * z));
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>1 / (1 + exp(-f)), without overflow.</summary>
    public static double Of(double f) => f >= 0 ? 1 / (1 + Math.Exp(-f)) : Math.Exp(f) / (1 + Math.Exp(f));
}
