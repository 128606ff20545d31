using System.Numerics;
using FusionKernels.Kernels.Warping;

namespace FusionKernels.Tests.Warping;

/// <summary>Streams to search in, and the search by its definition, in float64.</summary>
internal static class SearchCases
{
    /// <summary>A sum of normal-like steps.</summary>
    public static T[] Walk<T>(Random random, int length, double offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] walk = new T[length];
        double place = offset;
        for (int i = 0; i < length; i++) walk[i] = T.CreateChecked(place += random.NextDouble() + random.NextDouble() - 1);
        return walk;
    }

    /// <summary>A few different whole numbers, so that windows recur, stay constant and tie.</summary>
    public static T[] Steps<T>(Random random, int length, int values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] steps = new T[length];
        int value = 0;
        for (int i = 0; i < length; i++)
        {
            if (random.Next(6) == 0) value = random.Next(values);
            steps[i] = T.CreateChecked(value);
        }

        return steps;
    }

    /// <summary>The distance of a query from every window.</summary>
    public static double[] Distances<T>(T[] query, T[] stream, DtwSearchOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] q = Samples(query, 0, query.Length, options.ZNormalize), distances = new double[stream.Length - query.Length + 1];
        for (int at = 0; at < distances.Length; at++)
        {
            distances[at] = Distance(options.Cost, q, Samples(stream, at, query.Length, options.ZNormalize), options.Window, options.Root ?? options.Cost == PointCost.SquaredEuclidean);
        }

        return distances;
    }

    /// <summary>The nearest in order, none within the exclusion zone of one before it.</summary>
    public static int[] Matches(double[] distances, int count, int exclusion)
    {
        List<int> matches = [];
        foreach (int at in Enumerable.Range(0, distances.Length).OrderBy(at => distances[at]).ThenBy(at => at))
        {
            if (matches.Count < count && matches.TrueForAll(match => Math.Abs(match - at) >= exclusion)) matches.Add(at);
        }

        return [.. matches];
    }

    /// <summary>The distance of two series of one channel.</summary>
    public static double Distance(PointCost cost, double[] x, double[] y, WarpingWindow window, bool root)
    {
        double[,] costs = WarpingReference.PointCosts(cost, [.. x.Select(value => (double[])[value])], [.. y.Select(value => (double[])[value])]);
        double value = WarpingReference.EndValue(WarpingReference.Accumulate(costs, StepPattern.Symmetric1, window, default), default);
        return root ? Math.Sqrt(value) : value;
    }

    private static double[] Samples<T>(T[] series, int first, int length, bool normalizes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] samples = [.. series.AsSpan(first, length).ToArray().Select(double.CreateChecked)];
        if (!normalizes) return samples;

        // About the first sample: far from 0 the mean itself would be off by more than what is tested.
        samples = [.. samples.Select(value => value - samples[0])];
        double mean = samples.Average(), deviation = Math.Sqrt(samples.Average(value => (value - mean) * (value - mean)));
        bool isConstant = samples.All(value => value == samples[0]);
        return [.. samples.Select(value => isConstant ? 0 : (value - mean) / deviation)];
    }
}
