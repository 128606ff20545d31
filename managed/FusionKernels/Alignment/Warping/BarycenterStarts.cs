using System.Numerics;
using FusionKernels.Kernels.Warping;

namespace FusionKernels;

/// <summary>Where searches for barycentres start.</summary>
internal static class BarycenterStarts
{
    /// <summary>A start of so many samples: time x channels.</summary>
    public static double[] Compute<T>(BarycenterSearch<T> search, BarycenterStart start, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => start switch
        {
            BarycenterStart.Mean => Mean(search, length),
            BarycenterStart.StretchedMean => StretchedMean(search, length),
            BarycenterStart.Medoid => Filled(Stretched(Samples(search.Members, Barycenter.MedoidOf(search)), search.Members.Channels, length), search.Members.Channels),
            _ => throw new ArgumentOutOfRangeException(nameof(start), start, "Not a start."),
        };

    private static double[] Mean<T>(BarycenterSearch<T> search, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> members = search.Members;
        int channels = members.Channels;

        // Members without weight do not lengthen the mean, for nothing would stand in it there.
        int longest = Enumerable.Range(0, members.Count).Where(k => search.Weights[k] > 0).Max(k => members.Lengths[k]);
        double[] sums = new double[longest * channels], weights = new double[sums.Length];
        for (int k = 0; k < members.Count; k++)
        {
            if (search.Weights[k] == 0) continue;
            double[] samples = Samples(members, k);
            Add(samples, search.Weights[k], sums, weights);
        }

        return Stretched(Filled(Means(sums, weights), channels), channels, length);
    }

    private static double[] StretchedMean<T>(BarycenterSearch<T> search, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] sums = new double[length * search.Members.Channels], weights = new double[sums.Length];
        for (int k = 0; k < search.Members.Count; k++)
        {
            if (search.Weights[k] > 0) Add(Stretched(Samples(search.Members, k), search.Members.Channels, length), search.Weights[k], sums, weights);
        }

        return Filled(Means(sums, weights), search.Members.Channels);
    }

    /// <summary>Adds the samples that are not missing.</summary>
    private static void Add(double[] samples, double weight, double[] sums, double[] weights)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (double.IsNaN(samples[i])) continue;
            sums[i] += weight * samples[i];
            weights[i] += weight;
        }
    }

    /// <summary>NaN where nothing was added.</summary>
    private static double[] Means(double[] sums, double[] weights) => [.. sums.Zip(weights, (sum, weight) => sum / weight)];

    /// <summary>Samples that are still missing are the nearest ones of their channel, of two as near the one before; 0 in a channel that has none.</summary>
    private static double[] Filled(double[] samples, int channels)
    {
        double[] filled = [.. samples];
        for (int i = 0; i < samples.Length; i++)
        {
            if (!double.IsNaN(samples[i])) continue;
            filled[i] = 0;
            for (int away = channels; away < samples.Length; away += channels)
            {
                if (i - away >= 0 && !double.IsNaN(samples[i - away])) filled[i] = samples[i - away];
                else if (i + away < samples.Length && !double.IsNaN(samples[i + away])) filled[i] = samples[i + away];
                else continue;
                break;
            }
        }

        return filled;
    }

    /// <summary>Linear interpolation at evenly spaced times from the first sample to the last.</summary>
    private static double[] Stretched(double[] samples, int channels, int length)
    {
        int given = samples.Length / channels;
        if (given == length) return samples;
        double[] stretched = new double[length * channels];
        for (int step = 0; step < length; step++)
        {
            double position = length == 1 ? 0 : (double)step * (given - 1) / (length - 1);
            int before = Math.Min((int)position, given - 1), behind = Math.Min(before + 1, given - 1);
            for (int c = 0; c < channels; c++)
            {
                stretched[(step * channels) + c] = double.Lerp(samples[(before * channels) + c], samples[(behind * channels) + c], position - before);
            }
        }

        return stretched;
    }

    private static double[] Samples<T>(SeriesPack<T> members, int member)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Array.ConvertAll(members[member].ToArray(), double.CreateChecked);
}
