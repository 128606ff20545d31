using System.Globalization;

namespace FusionKernels;

/// <summary>Triangular filters whose corners lie at equal steps of the mel scale, 2595 log10(1 + f / 700) (O'Shaughnessy 1987); each peaks at 1.</summary>
internal sealed class MelFilterBank
{
    private readonly int[] firstBins;
    private readonly double[][] weights;

    /// <summary>Lays the filters over the bins of a spectrum.</summary>
    /// <param name="filters">The number of filters, from 1.</param>
    /// <param name="low">Where the first starts, in Hz.</param>
    /// <param name="high">Where the last ends, in Hz.</param>
    /// <param name="binWidth">From bin to bin, in Hz; bin 0 lies at 0 Hz.</param>
    /// <exception cref="ArgumentException">A filter is so narrow that no bin lies in it.</exception>
    public MelFilterBank(int filters, double low, double high, double binWidth)
    {
        double lowMel = ToMel(low), step = (ToMel(high) - lowMel) / (filters + 1);
        firstBins = new int[filters];
        weights = new double[filters][];
        for (int filter = 0; filter < filters; filter++)
        {
            double start = ToHertz(lowMel + (filter * step)), peak = ToHertz(lowMel + ((filter + 1) * step)), end = ToHertz(lowMel + ((filter + 2) * step));
            int first = (int)Math.Floor(start / binWidth) + 1;
            int last = (int)Math.Ceiling(end / binWidth) - 1;
            if (last < first)
                throw NoBin(filter, start, end, binWidth);
            firstBins[filter] = first;
            weights[filter] = new double[last - first + 1];
            for (int bin = first; bin <= last; bin++)
            {
                double frequency = bin * binWidth;
                weights[filter][bin - first] = frequency <= peak ? (frequency - start) / (peak - start) : (end - frequency) / (end - peak);
            }
        }
    }

    /// <summary>Sums a spectrum under each filter.</summary>
    /// <param name="power">One number for each bin.</param>
    /// <param name="energies">One number for each filter.</param>
    public void Apply(ReadOnlySpan<double> power, Span<double> energies)
    {
        for (int filter = 0; filter < weights.Length; filter++)
        {
            double sum = 0;
            double[] triangle = weights[filter];
            for (int i = 0; i < triangle.Length; i++)
                sum += triangle[i] * power[firstBins[filter] + i];
            energies[filter] = sum;
        }
    }

    private static ArgumentException NoBin(int filter, double start, double end, double binWidth) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"mel filter {filter} reaches from {start:0.#} to {end:0.#} Hz, where none of the transform's bins lies ({binWidth:0.###} Hz apart): take fewer {nameof(MfccOptions.MelFilters)} or a larger {nameof(MfccOptions.FftSize)}"));

    private static double ToMel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

    private static double ToHertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
