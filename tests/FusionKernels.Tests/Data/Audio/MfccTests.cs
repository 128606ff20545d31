using System.Numerics;
using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Cepstra against the plain sums of their definition, and against what the definition implies.</summary>
internal sealed class MfccTests
{
    private static readonly MfccOptions Raw = new() { MeanVarianceNormalize = false, LowFrequency = 0 };

    [TestCase(8000, 900, 26, 13, 22, 0, 0.97, 256)]
    [TestCase(16000, 1000, 40, 40, 0, 0, 0, 512)]
    [TestCase(11025, 2000, 20, 12, 10, 300, 0.9, 1024)]
    [TestCase(8000, 120, 26, 13, 22, 0, 0.97, 256)]
    public void Agree_with_the_plain_sums(int sampleRate, int length, int filters, int coefficients, int lifter, double low, double preEmphasis, int fftSize)
    {
        MfccOptions options = new()
        {
            MelFilters = filters,
            Coefficients = coefficients,
            Lifter = lifter,
            LowFrequency = low,
            PreEmphasis = preEmphasis,
            FftSize = fftSize,
            MeanVarianceNormalize = false,
        };
        double[] sound = Sound(length);
        double[] expected = PlainCepstra(sound, sampleRate, options, fftSize);
        Assert.That(DataAssert.Elements(Mfcc.Compute<double>(sound, sampleRate, options)), Is.EqualTo(expected).Within(1e-8));

        float[] rounded = Array.ConvertAll(sound, value => (float)value);
        double[] ofRounded = PlainCepstra(Array.ConvertAll(rounded, value => (double)value), sampleRate, options, fftSize);
        Assert.That(DataAssert.Elements(Mfcc.Compute<float>(rounded, sampleRate, options)), Is.EqualTo(ofRounded).Within(1e-4));
    }

    [TestCase(1, 1)]
    [TestCase(200, 1)]
    [TestCase(201, 2)]
    [TestCase(280, 2)]
    [TestCase(281, 3)]
    [TestCase(8000, 99)]
    public void Every_sample_is_in_a_frame(int samples, int frames) =>
        Assert.That(Mfcc.Compute<float>(new float[samples], 8000).Lengths.ToArray(), Is.EqualTo(new nint[] { frames, 13 }));

    [TestCase(800, 1)]
    [TestCase(801, 2)]
    public void Every_frame_has_a_sample_where_the_hop_is_long(int samples, int frames) =>
        Assert.That(Mfcc.Compute<float>(new float[samples], 8000, new() { HopSeconds = 0.1 }).Lengths[0], Is.EqualTo((nint)frames));

    [Test]
    public void Silence_is_a_constant_and_so_nothing_when_normalised()
    {
        double[] raw = DataAssert.Elements(Mfcc.Compute<double>(new double[1000], 8000, Raw));
        // The cosine transform of a constant is its zeroth coefficient, sqrt(filters) times the constant, alone.
        Assert.That(raw[0], Is.EqualTo(Math.Sqrt(26) * Math.Log(1e-8)).Within(1e-9));
        Assert.That(raw[1..13], Is.All.EqualTo(0).Within(1e-9));
        Assert.That(DataAssert.Elements(Mfcc.Compute<double>(new double[1000], 8000)), Is.All.Zero);
        Assert.That(DataAssert.Elements(Mfcc.Compute<double>(Sound(150), 8000)), Is.All.Zero, "one frame does not vary");
    }

    [Test]
    public void Loudness_moves_the_zeroth_cepstrum_alone()
    {
        double[] sound = Sound(2000);
        double[] quiet = DataAssert.Elements(Mfcc.Compute<double>(sound, 8000, Raw));
        double[] loud = DataAssert.Elements(Mfcc.Compute<double>(Array.ConvertAll(sound, value => 8 * value), 8000, Raw));
        for (int i = 0; i < quiet.Length; i++)
            Assert.That(loud[i] - quiet[i], Is.EqualTo(i % 13 == 0 ? Math.Sqrt(26) * Math.Log(64) : 0).Within(1e-9));
    }

    [Test]
    public void All_coefficients_hold_the_energy_of_the_logarithms()
    {
        // The transform is orthonormal: all coefficients, not liftered, have the norm of the log energies.
        MfccOptions all = Raw with { Coefficients = 26, Lifter = 0 };
        double[] sound = Sound(200);
        double[] cepstra = DataAssert.Elements(Mfcc.Compute<double>(sound, 8000, all));
        double[] logarithms = PlainLogEnergies(sound, 8000, all, 256);
        Assert.That(TensorPrimitives.Norm<double>(cepstra), Is.EqualTo(TensorPrimitives.Norm<double>(logarithms)).Within(1e-9));
    }

    [Test]
    public void A_tone_is_loudest_in_the_filter_whose_peak_it_is()
    {
        // Filter 12 of 26 up to 4000 Hz peaks at 13/27 of the mel scale's 2146.06: 1033.3 mel, 1051.1 Hz.
        double[] tone = [.. Enumerable.Range(0, 200).Select(i => Math.Sin(2 * Math.PI * 1051.1 * i / 8000))];
        double[] cepstra = DataAssert.Elements(Mfcc.Compute<double>(tone, 8000, Raw with { Coefficients = 26, Lifter = 0 }));
        double[] logarithms = [.. Enumerable.Range(0, 26).Select(m => InverseCosine(cepstra, m))];
        Assert.That(logarithms.IndexOf(logarithms.Max()), Is.EqualTo(12));
    }

    [Test]
    public void Normalised_cepstra_have_mean_0_and_variance_1()
    {
        double[] cepstra = DataAssert.Elements(Mfcc.Compute<double>(Sound(4000), 8000));
        for (int n = 0; n < 13; n++)
        {
            double[] column = [.. cepstra.Where((_, i) => i % 13 == n)];
            Assert.That(column.Average(), Is.EqualTo(0).Within(1e-12));
            Assert.That(column.Average(value => value * value), Is.EqualTo(1).Within(1e-12));
        }
    }

    [Test]
    public void The_lifter_is_lost_in_the_normalisation()
    {
        double[] sound = Sound(4000);
        double[] plain = DataAssert.Elements(Mfcc.Compute<double>(sound, 8000, new() { Lifter = 0 }));
        Assert.That(DataAssert.Elements(Mfcc.Compute<double>(sound, 8000)), Is.EqualTo(plain).Within(1e-9));
    }

    [Test]
    public void The_same_bits_come_at_every_call_and_from_stereo()
    {
        float[] sound = Array.ConvertAll(Sound(3000), value => (float)value);
        float[] first = DataAssert.Elements(Mfcc.Compute<float>(sound, 8000));
        Assert.That(DataAssert.Elements(Mfcc.Compute<float>(sound, 8000)), Is.EqualTo(first));
        var stereo = new WavAudio<float>(Tensor.Create([.. sound.SelectMany(value => new[] { value, value })], [3000, 2]), 8000);
        Assert.That(DataAssert.Elements(Mfcc.Compute(stereo)), Is.EqualTo(first));
    }

    [Test]
    public void Options_out_of_range_are_told_with_their_range()
    {
        Refused(new() { WindowSeconds = 0 }, "WindowSeconds is 0", "2 to 1048576 samples");
        Refused(new() { WindowSeconds = double.NaN }, "WindowSeconds is NaN");
        Refused(new() { WindowSeconds = 1000 }, "WindowSeconds is 1000", "8000000");
        Refused(new() { HopSeconds = -1 }, "HopSeconds is -1");
        Refused(new() { HopSeconds = double.PositiveInfinity }, "HopSeconds");
        Refused(new() { PreEmphasis = 1.5 }, "PreEmphasis is 1.5", "0 to 1");
        Refused(new() { FftSize = 128 }, "FftSize is 128", "a power of two from 200");
        Refused(new() { FftSize = 300 }, "FftSize is 300");
        Refused(new() { MelFilters = 0 }, "MelFilters is 0");
        Refused(new() { Coefficients = 27 }, "Coefficients is 27", "1 to 26");
        Refused(new() { Lifter = -1 }, "Lifter is -1");
        Refused(new() { LowFrequency = 4000 }, "LowFrequency is 4000");
        Refused(new() { EnergyFloor = 0 }, "EnergyFloor is 0", "above 0");
        Refused(new() { HighFrequency = 4001 }, "HighFrequency is 4001", "4000 Hz");
        Refused(new() { HighFrequency = double.NaN }, "HighFrequency is NaN");
        Refused(new() { MelFilters = 200 }, "mel filter 0 reaches from 64 to", "take fewer MelFilters or a larger FftSize");
    }

    [Test]
    public void Sound_must_be_there_and_finite()
    {
        Assert.That(() => Mfcc.Compute<float>([], 8000), Throws.ArgumentException.With.Message.Contains("no samples"));
        Assert.That(() => Mfcc.Compute<float>([0, float.NaN], 8000), Throws.ArgumentException.With.Message.Contains("samples[1] is NaN"));
        Assert.That(() => Mfcc.Compute<float>([0], 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Mfcc.Compute<float>([0], int.MaxValue), Throws.ArgumentException.With.Message.Contains("1048576 samples"), "a header may claim any rate");
    }

    private static void Refused(MfccOptions options, params string[] words)
    {
        ArgumentException? error = Assert.Throws<ArgumentException>(() => Mfcc.Compute<float>(new float[1000], 8000, options));
        foreach (string word in words)
            Assert.That(error!.Message, Does.Contain(word));
    }

    /// <summary>A chirp with a little noise.</summary>
    private static double[] Sound(int length)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, length).Select(i => (0.3 * Math.Sin((0.05 * i) + (2e-4 * i * i))) + (0.02 * random.NextDouble()))];
    }

    /// <summary>The definition, without the code under test: sums over every sample, bin and filter.</summary>
    private static double[] PlainCepstra(double[] sound, int sampleRate, MfccOptions options, int fftSize)
    {
        int hop = (int)Math.Round(0.010 * sampleRate, MidpointRounding.AwayFromZero), window = (int)Math.Round(0.025 * sampleRate, MidpointRounding.AwayFromZero);
        int frames = 1 + (int)Math.Ceiling(Math.Max(0, sound.Length - window) / (double)hop);
        var cepstra = new List<double>();
        double[] emphasised = [.. sound.Select((value, i) => value - (i == 0 ? 0 : options.PreEmphasis * sound[i - 1]))];
        for (int frame = 0; frame < frames; frame++)
        {
            double[] cut = [.. Enumerable.Range(frame * hop, window).Select(i => i < sound.Length ? emphasised[i] : 0)];
            double[] logarithms = LogEnergiesOfFrame(cut, sampleRate, options, fftSize);
            for (int n = 0; n < options.Coefficients; n++)
            {
                double sum = 0;
                for (int m = 0; m < logarithms.Length; m++)
                    sum += logarithms[m] * Math.Cos(Math.PI * n * (m + 0.5) / logarithms.Length);
                double lifter = options.Lifter == 0 ? 1 : 1 + (options.Lifter / 2.0 * Math.Sin(Math.PI * n / options.Lifter));
                cepstra.Add(lifter * sum * Math.Sqrt((n == 0 ? 1.0 : 2.0) / logarithms.Length));
            }
        }

        return [.. cepstra];
    }

    private static double[] PlainLogEnergies(double[] sound, int sampleRate, MfccOptions options, int fftSize) =>
        LogEnergiesOfFrame([.. sound.Select((value, i) => value - (i == 0 ? 0 : options.PreEmphasis * sound[i - 1]))], sampleRate, options, fftSize);

    private static double[] LogEnergiesOfFrame(double[] frame, int sampleRate, MfccOptions options, int fftSize)
    {
        static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));
        double[] windowed = [.. frame.Select((value, i) => value * (0.54 - (0.46 * Math.Cos(2 * Math.PI * i / (frame.Length - 1)))))];
        double[] power = [.. Enumerable.Range(0, (fftSize / 2) + 1).Select(k => PlainPower(windowed, k, fftSize))];
        double low = Mel(options.LowFrequency), step = (Mel(options.HighFrequency ?? sampleRate / 2.0) - low) / (options.MelFilters + 1);
        double Corner(int i) => 700 * (Math.Pow(10, (low + (i * step)) / 2595) - 1);
        var logarithms = new double[options.MelFilters];
        for (int m = 0; m < logarithms.Length; m++)
        {
            double energy = 0;
            for (int k = 0; k < power.Length; k++)
            {
                double frequency = (double)k * sampleRate / fftSize;
                double rise = (frequency - Corner(m)) / (Corner(m + 1) - Corner(m)), fall = (Corner(m + 2) - frequency) / (Corner(m + 2) - Corner(m + 1));
                energy += power[k] * Math.Max(0, Math.Min(rise, fall));
            }

            logarithms[m] = Math.Log(Math.Max(energy, options.EnergyFloor));
        }

        return logarithms;
    }

    private static double PlainPower(double[] frame, int bin, int fftSize)
    {
        Complex sum = 0;
        for (int i = 0; i < frame.Length; i++)
            sum += frame[i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * bin * i / fftSize);
        return ((sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary)) / fftSize;
    }

    private static double InverseCosine(double[] coefficients, int m)
    {
        double sum = 0;
        for (int n = 0; n < coefficients.Length; n++)
            sum += Math.Sqrt((n == 0 ? 1.0 : 2.0) / coefficients.Length) * coefficients[n] * Math.Cos(Math.PI * n * (m + 0.5) / coefficients.Length);
        return sum;
    }
}
