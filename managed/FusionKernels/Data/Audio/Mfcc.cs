using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Mel-frequency cepstral coefficients: the shape of the spectrum of sound, frame by frame, in a few numbers.</summary>
/// <remarks>
/// <para>Pre-emphasis, frames under a Hamming window, power spectrum over the points of the transform, triangular filters at equal steps of the mel
/// scale, natural logarithm, orthonormal cosine transform, lifter, and the normalisation of mean and variance.
/// Frame i starts at sample i x hop; the last is filled up with zeros, and sound shorter than a frame gives one. Source: Davis &amp; Mermelstein 1980.</para>
/// <para>Computed in double whatever the type. Deterministic: the same bits at every call. Memory: 8 bytes for each cepstrum beside the result.
/// Cost: about 2.5 F log2 F operations for each frame, where F is the points of the transform. Safe to call from any thread.</para>
/// </remarks>
public static class Mfcc
{
    /// <summary>A standard deviation below this share of the mean is the rounding of a cepstrum that does not vary.</summary>
    private const double ConstantShare = 1e-10;

    /// <summary>Takes the cepstra of sound mixed to mono.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="audio">The sound.</param>
    /// <param name="options">Frames, filters and normalisation; the usual of speech when null.</param>
    /// <returns>frames x <see cref="MfccOptions.Coefficients"/>.</returns>
    /// <exception cref="ArgumentException">A sample is not finite, or an option is out of its range for this sound.</exception>
    public static Tensor<T> Compute<T>(WavAudio<T> audio, MfccOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(audio);
        return Compute(DataTensor.Flatten(audio.ToMono().AsReadOnlyTensorSpan()), audio.SampleRate, options);
    }

    /// <summary>Takes the cepstra of one channel.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="samples">The samples, at least one; full scale is -1 to 1.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="options">Frames, filters and normalisation; the usual of speech when null.</param>
    /// <returns>frames x <see cref="MfccOptions.Coefficients"/>.</returns>
    /// <exception cref="ArgumentException">There are no samples, one is not finite, or an option is out of its range for this sound.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below 1.</exception>
    public static Tensor<T> Compute<T>(ReadOnlySpan<T> samples, int sampleRate, MfccOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new MfccOptions();
        MfccPlan plan = MfccPlan.Create(samples.Length, sampleRate, options);
        RequireFinite(samples);
        double[] cepstra = ComputeFrames(samples, sampleRate, plan, options);
        if (options.MeanVarianceNormalize)
            Normalize(cepstra, options.Coefficients);
        var elements = new T[cepstra.Length];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = T.CreateTruncating(cepstra[i]);
        return Tensor.Create(elements, [plan.Frames, options.Coefficients]);
    }

    private static void RequireFinite<T>(ReadOnlySpan<T> samples)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (!T.IsFinite(samples[i]))
                throw new ArgumentException($"samples[{i}] is {samples[i]}; cepstra need finite samples", nameof(samples));
        }
    }

    private static double[] ComputeFrames<T>(ReadOnlySpan<T> samples, int sampleRate, MfccPlan plan, MfccOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fourier = new RealFourier(plan.FftSize);
        var filters = new MelFilterBank(options.MelFilters, options.LowFrequency, plan.HighFrequency, (double)sampleRate / plan.FftSize);
        var cosines = new CosineTransform(options.MelFilters, options.Coefficients, options.Lifter);
        double[] window = Hamming(plan.WindowSamples);
        var frame = new double[plan.FftSize];
        var power = new double[fourier.Bins];
        var energies = new double[options.MelFilters];
        var cepstra = new double[plan.Frames * options.Coefficients];
        for (int i = 0; i < plan.Frames; i++)
        {
            Cut(samples, (long)i * plan.HopSamples, options.PreEmphasis, window, frame);
            fourier.PowerSpectrum(frame, power);
            filters.Apply(power, energies);
            foreach (ref double energy in energies.AsSpan())
                energy = Math.Log(Math.Max(energy / plan.FftSize, options.EnergyFloor));
            cosines.Apply(energies, cepstra.AsSpan(i * options.Coefficients, options.Coefficients));
        }

        return cepstra;
    }

    /// <summary>Puts one frame of the pre-emphasised sound under the window; beyond the sound's end, and beyond the window's, there is silence.</summary>
    private static void Cut<T>(ReadOnlySpan<T> samples, long start, double preEmphasis, double[] window, double[] frame)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = (int)Math.Clamp(samples.Length - start, 0, window.Length);
        for (int i = 0; i < length; i++)
        {
            int at = (int)start + i;
            double before = at == 0 ? 0 : double.CreateTruncating(samples[at - 1]);
            frame[i] = window[i] * (double.CreateTruncating(samples[at]) - (preEmphasis * before));
        }

        frame.AsSpan(length, window.Length - length).Clear();
    }

    private static double[] Hamming(int length)
    {
        var window = new double[length];
        for (int i = 0; i < length; i++)
            window[i] = 0.54 - (0.46 * double.CosPi(2.0 * i / (length - 1)));
        return window;
    }

    /// <summary>Brings each column to mean 0 and variance 1 (divided by the number of frames); a column that does not vary becomes 0.</summary>
    private static void Normalize(double[] cepstra, int columns)
    {
        int frames = cepstra.Length / columns;
        for (int column = 0; column < columns; column++)
        {
            double sum = 0, squares = 0;
            for (int i = column; i < cepstra.Length; i += columns)
                sum += cepstra[i];
            double mean = sum / frames;
            for (int i = column; i < cepstra.Length; i += columns)
                squares += (cepstra[i] - mean) * (cepstra[i] - mean);
            double deviation = Math.Sqrt(squares / frames);
            double scale = deviation > ConstantShare * Math.Max(1, Math.Abs(mean)) ? 1 / deviation : 0;
            for (int i = column; i < cepstra.Length; i += columns)
                cepstra[i] = scale * (cepstra[i] - mean);
        }
    }
}
