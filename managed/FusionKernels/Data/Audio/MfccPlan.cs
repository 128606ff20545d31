using System.Globalization;
using System.Numerics;

namespace FusionKernels;

/// <summary>The options in samples of one sound, checked; nothing is allocated for it.</summary>
/// <param name="WindowSamples">The samples of a frame.</param>
/// <param name="HopSamples">The samples from frame to frame.</param>
/// <param name="Frames">The frames; the last is filled up with zeros.</param>
/// <param name="FftSize">A power of two.</param>
/// <param name="HighFrequency">Where the highest filter ends, in Hz.</param>
internal readonly record struct MfccPlan(int WindowSamples, int HopSamples, int Frames, int FftSize, double HighFrequency)
{
    /// <summary>A file that claims an absurd sample rate must not make a frame of a gigabyte.</summary>
    private const int LargestFftSize = 1 << 20;

    /// <summary>More than any use of cepstra asks for; bounds the table of cosines to 8 MiB.</summary>
    private const int MostFilters = 1024;

    /// <summary>Checks the options and turns seconds into samples.</summary>
    /// <exception cref="ArgumentException">An option is out of its range for this sound.</exception>
    public static MfccPlan Create(int samples, int sampleRate, MfccOptions options)
    {
        if (samples == 0)
            throw new ArgumentException("there are no samples; cepstra need at least one", nameof(samples));
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        Require(options.PreEmphasis is >= 0 and <= 1, nameof(options.PreEmphasis), options.PreEmphasis, "0 to 1");
        Require(options.MelFilters is >= 1 and <= MostFilters, nameof(options.MelFilters), options.MelFilters, $"1 to {MostFilters}");
        Require(options.Coefficients >= 1 && options.Coefficients <= options.MelFilters, nameof(options.Coefficients), options.Coefficients, $"1 to {options.MelFilters}, the number of filters");
        Require(options.Lifter >= 0, nameof(options.Lifter), options.Lifter, "0 or more");
        Require(options.EnergyFloor > 0 && double.IsFinite(options.EnergyFloor), nameof(options.EnergyFloor), options.EnergyFloor, "above 0 and finite");
        double nyquist = 0.5 * sampleRate;
        double high = options.HighFrequency ?? nyquist;
        Require(high > 0 && high <= nyquist, nameof(options.HighFrequency), high, $"above 0 and at most {nyquist} Hz, half the sample rate");
        Require(options.LowFrequency >= 0 && options.LowFrequency < high, nameof(options.LowFrequency), options.LowFrequency, $"0 to below {high} Hz, where the filters end");

        int window = ToSamples(nameof(options.WindowSeconds), options.WindowSeconds, sampleRate, 2, LargestFftSize);
        int hop = ToSamples(nameof(options.HopSeconds), options.HopSeconds, sampleRate, 1, int.MaxValue);
        int fftSize = options.FftSize ?? (int)BitOperations.RoundUpToPowerOf2((uint)window);
        Require(
            BitOperations.IsPow2(fftSize) && fftSize >= window && fftSize <= LargestFftSize,
            nameof(options.FftSize),
            fftSize,
            $"a power of two from {window}, the samples of a frame, to {LargestFftSize}");
        // Every sample is in a frame, unless the hop is longer than one; and every frame has a sample.
        long frames = 1 + Math.Min((Math.Max(0L, (long)samples - window) + hop - 1) / hop, (samples - 1) / hop);
        Require(
            frames * options.Coefficients <= Array.MaxLength,
            nameof(options.HopSeconds),
            options.HopSeconds,
            $"longer: {frames} frames of {options.Coefficients} cepstra do not fit one tensor");
        return new MfccPlan(window, hop, (int)frames, fftSize, high);
    }

    private static int ToSamples(string option, double seconds, int sampleRate, int least, int most)
    {
        double samples = Math.Round(seconds * sampleRate, MidpointRounding.AwayFromZero);
        Require(samples >= least && samples <= most, option, seconds, string.Create(CultureInfo.InvariantCulture, $"{least} to {most} samples, and at {sampleRate} Hz it is {samples}"));
        return (int)samples;
    }

    private static void Require<T>(bool holds, string option, T value, string range)
    {
        if (!holds)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{nameof(MfccOptions)}.{option} is {value}; it must be {range}"));
    }
}
