namespace FusionKernels.Kernels.Correlation;

/// <summary>The vector u that minimises |a - u|^2 / 2 + lambda sum |u(j) - u(j-1)|: the taut string through the tube of width 2 lambda around the cumulative sums of a.</summary>
/// <remarks>Exact; about length operations where bends lie far apart, length^2 at the most (Davies and Kovac 2001).</remarks>
internal static class TotalVariation
{
    /// <summary>Denoises.</summary>
    public static double[] Denoise(ReadOnlySpan<double> a, double lambda)
    {
        int length = a.Length;
        double[] sums = new double[length + 1], result = new double[length];
        for (int i = 0; i < length; i++) sums[i + 1] = sums[i] + a[i];
        int anchor = 0;
        double height = 0;
        while (anchor < length)
        {
            (int end, double level) = Segment(sums, lambda, anchor, height);
            result.AsSpan(anchor, end - anchor).Fill((level - height) / (end - anchor));
            (anchor, height) = (end, level);
        }

        return result;
    }

    /// <summary>The straight piece of the string that begins at an anchor: where it ends, and how high.</summary>
    private static (int End, double Height) Segment(double[] sums, double lambda, int anchor, double height)
    {
        int length = sums.Length - 1, lowerAt = 0, upperAt = 0;
        double lowest = double.NegativeInfinity, highest = double.PositiveInfinity;
        for (int k = anchor + 1; k <= length; k++)
        {
            double slack = k == length ? 0 : lambda;
            double lower = (sums[k] - slack - height) / (k - anchor), upper = (sums[k] + slack - height) / (k - anchor);
            if (lower > highest) return (upperAt, sums[upperAt] + lambda);
            if (upper < lowest) return (lowerAt, sums[lowerAt] - lambda);
            if (upper <= highest) (highest, upperAt) = (upper, k);
            if (lower >= lowest) (lowest, lowerAt) = (lower, k);
        }

        return (length, sums[length]);
    }
}
