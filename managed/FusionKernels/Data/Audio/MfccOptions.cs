namespace FusionKernels;

/// <summary>How mel-frequency cepstra are taken from sound. The defaults are the usual ones of speech recognition.</summary>
public sealed record MfccOptions
{
    /// <summary>The length of a frame in seconds; 0.025 by default. It is rounded to samples, at least 2.</summary>
    public double WindowSeconds { get; init; } = 0.025;

    /// <summary>The time from the start of a frame to the start of the next, in seconds; 0.010 by default. It is rounded to samples, at least 1.</summary>
    public double HopSeconds { get; init; } = 0.010;

    /// <summary>The share of the sample before that is subtracted from each sample, 0 to 1; 0.97 by default, 0 for none.</summary>
    public double PreEmphasis { get; init; } = 0.97;

    /// <summary>The points of the Fourier transform: a power of two, at least a frame's samples, at most 1,048,576. The smallest such by default (null).</summary>
    public int? FftSize { get; init; }

    /// <summary>The filters of the mel scale; 26 by default.</summary>
    public int MelFilters { get; init; } = 26;

    /// <summary>Where the lowest filter starts, in Hz; 64 by default, above hum and rumble, as in ETSI ES 201 108.</summary>
    public double LowFrequency { get; init; } = 64;

    /// <summary>Where the highest filter ends, in Hz; half the sample rate by default (null), and at most that.</summary>
    public double? HighFrequency { get; init; }

    /// <summary>
    /// The energy under a filter, above 0, that counts as silence, so that the noise of a pause weighs no more than the pause; 1e-8 by default,
    /// about 90 dB below a tone of full scale. Scale it by the square of the samples' scale where that is not 1.
    /// </summary>
    public double EnergyFloor { get; init; } = 1e-8;

    /// <summary>The cepstra that are kept, the zeroth (the mean of the log energies) included; 13 by default, at most <see cref="MelFilters"/>.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>The period L of the lifter, which multiplies cepstrum n by 1 + L/2 sin(pi n / L); 22 by default, 0 for none.</summary>
    public int Lifter { get; init; } = 22;

    /// <summary>
    /// Whether each cepstrum is brought to mean 0 and variance 1 over the frames, so that loudness and microphone matter less; true by default.
    /// One that does not vary becomes 0. The lifter then changes nothing but rounding.
    /// </summary>
    public bool MeanVarianceNormalize { get; init; } = true;
}
