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
            BarycenterStart.Medoid => Stretched(Samples(search.Members, Barycenter.MedoidOf(search)), search.Members.Channels, length),
            _ => throw new ArgumentOutOfRangeException(nameof(start), start, "Not a start."),
        };

    private static double[] Mean<T>(BarycenterSearch<T> search, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SeriesPack<T> members = search.Members;
        int channels = members.Channels;

        // Members without weight do not lengthen the mean, for nothing would stand in it there.
        int longest = Enumerable.Range(0, members.Count).Where(k => search.Weights[k] > 0).Max(k => members.Lengths[k]);
        double[] sums = new double[longest * channels], weights = new double[longest];
        for (int k = 0; k < members.Count; k++)
        {
            if (search.Weights[k] == 0) continue;
            double[] samples = Samples(members, k);
            for (int step = 0; step < members.Lengths[k]; step++)
            {
                weights[step] += search.Weights[k];
                for (int c = 0; c < channels; c++) sums[(step * channels) + c] += search.Weights[k] * samples[(step * channels) + c];
            }
        }

        for (int i = 0; i < sums.Length; i++) sums[i] /= weights[i / channels];
        return Stretched(sums, channels, length);
    }

    private static double[] StretchedMean<T>(BarycenterSearch<T> search, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] mean = new double[length * search.Members.Channels];
        for (int k = 0; k < search.Members.Count; k++)
        {
            double[] stretched = Stretched(Samples(search.Members, k), search.Members.Channels, length);
            for (int i = 0; i < mean.Length; i++) mean[i] += search.Weights[k] * stretched[i];
        }

        return mean;
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
