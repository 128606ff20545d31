using System.Numerics;
using FusionKernels.Kernels.Warping;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>Series with gaps, and what is computed of them by its definition, in float64.</summary>
internal static class MissingCases
{
    /// <summary>The series with every seventh value or so missing.</summary>
    public static double[][] Holed(double[][] series, int seed) =>
        [.. series.Select((sample, step) => sample.Select((value, channel) => ((step * 5) + (channel * 3) + seed) % 7 == 0 ? double.NaN : value).ToArray())];

    /// <summary>Missing values.</summary>
    public static int Count(double[][] series) => series.Sum(sample => sample.Count(double.IsNaN));

    /// <summary>Squared distances over the channels that both samples have.</summary>
    public static double[,] Costs(double[][] x, double[][] y)
    {
        double[,] costs = new double[x.Length, y.Length];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++) costs[i, j] = x[i].Zip(y[j], (a, b) => double.IsNaN(a - b) ? 0 : (a - b) * (a - b)).Sum();
        }

        return costs;
    }

    /// <summary>The derivative of a soft value with respect to x, by the expected alignment; 0 for samples that are missing.</summary>
    public static double[,] Gradient(double[][] x, double[][] y, double[,] alignment)
    {
        double[,] gradient = new double[x.Length, x[0].Length];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < y.Length; j++)
            {
                for (int c = 0; c < x[0].Length; c++)
                {
                    double difference = x[i][c] - y[j][c];
                    if (!double.IsNaN(difference)) gradient[i, c] += 2 * alignment[i, j] * difference;
                }
            }
        }

        return gradient;
    }

    /// <summary>The distance of a query from every window of a stream, channels normalised by the samples that they have.</summary>
    public static double[] Distances(double[][] query, double[][] stream, DtwSearchOptions options)
    {
        double[][] looked = Normalized(query, options.ZNormalize);
        return [.. Enumerable.Range(0, stream.Length - query.Length + 1).Select(at => Math.Sqrt(WarpingReference.EndValue(
            WarpingReference.Accumulate(Costs(Normalized(stream[at..(at + query.Length)], options.ZNormalize), looked), StepPattern.Symmetric1, options.Window, default), default)))];
    }

    /// <summary>Fails unless a search found the nearest windows; those that only rounding tells apart may come in either order.</summary>
    public static void RequireMatches<T>(DtwSearchResult<T> found, double[] all, DtwSearchOptions options, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] expected = SearchCases.Matches(all, options.Count, options.Exclusion!.Value);
        Assert.That(found.Matches, Has.Count.EqualTo(expected.Length));
        for (int k = 0; k < expected.Length; k++)
        {
            (int position, T distance) = found.Matches[k];
            Assert.That(double.CreateChecked(distance), Is.EqualTo(all[position]).Within(tolerance * (1 + all[position])), $"match {k}");
            Assert.That(all[position], Is.EqualTo(all[expected[k]]).Within(tolerance * (1 + all[position])), $"match {k}");
        }
    }

    private static double[][] Normalized(double[][] series, bool normalizes)
    {
        double[][] normalized = [.. series.Select(sample => (double[])sample.Clone())];
        for (int c = 0; c < series[0].Length && normalizes; c++)
        {
            double[] there = [.. series.Select(sample => sample[c]).Where(value => !double.IsNaN(value))];
            if (there.Length == 0) continue;
            double mean = there.Average(), deviation = Math.Sqrt(there.Average(value => (value - mean) * (value - mean)));
            foreach (double[] sample in normalized) sample[c] = there.All(value => value == there[0]) && !double.IsNaN(sample[c]) ? 0 : (sample[c] - mean) / deviation;
        }

        return normalized;
    }
}
