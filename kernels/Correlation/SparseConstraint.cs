namespace FusionKernels.Kernels.Correlation;

/// <summary>What keeps the weights of one view sparse in a penalised matrix decomposition.</summary>
/// <param name="IsFused">Whether <paramref name="Level"/> and <paramref name="Jumps"/> are factors of a fused lasso; otherwise <paramref name="Level"/> bounds the L1 norm of unit weights.</param>
/// <param name="Level">The bound c of the L1 norm, or the factor of the sum of magnitudes.</param>
/// <param name="Jumps">The factor of the sum of differences between neighbours.</param>
internal readonly record struct SparseConstraint(bool IsFused, double Level, double Jumps)
{
    /// <summary>Halvings after which the threshold has all its digits.</summary>
    private const int Halvings = 100;

    /// <summary>The unit vector with the largest product with a under the constraint; zeros where the penalty leaves nothing.</summary>
    public double[] Apply(ReadOnlySpan<double> a) => IsFused ? Unit(Soft(TotalVariation.Denoise(a, Jumps), Level)) : Bounded(a);

    /// <summary>a over its norm; zeros stay.</summary>
    public static double[] Unit(ReadOnlySpan<double> a)
    {
        double largest = 0, sum = 0;
        foreach (double value in a) largest = Math.Max(largest, Math.Abs(value));
        double[] result = new double[a.Length];
        if (largest == 0) return result;
        foreach (double value in a) sum += value / largest * (value / largest);
        for (int i = 0; i < result.Length; i++) result[i] = a[i] / largest / Math.Sqrt(sum);
        return result;
    }

    /// <summary>The least soft threshold that brings the L1 norm of the unit vector to the bound (Witten, Tibshirani and Hastie 2009, algorithm 3).</summary>
    private double[] Bounded(ReadOnlySpan<double> a)
    {
        double[] unit = Unit(a);
        if (Norm1(unit) <= Level) return unit;
        double low = 0, high = 0;
        foreach (double value in unit) high = Math.Max(high, Math.Abs(value));
        double[] best = Unit(Soft(unit, high * (1 - 1e-12)));
        for (int i = 0; i < Halvings && high - low > 1e-16; i++)
        {
            double middle = (low + high) / 2;
            double[] candidate = Unit(Soft(unit, middle));
            if (Norm1(candidate) > Level)
            {
                low = middle;
                continue;
            }

            high = middle;
            if (Norm1(candidate) > 0) best = candidate;
        }

        return best;
    }

    private static double[] Soft(ReadOnlySpan<double> a, double threshold)
    {
        double[] result = new double[a.Length];
        for (int i = 0; i < result.Length; i++) result[i] = Math.Sign(a[i]) * Math.Max(0, Math.Abs(a[i]) - threshold);
        return result;
    }

    private static double Norm1(double[] a) => a.Sum(Math.Abs);
}
