using System.Numerics;
using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Every encoding of .wav files, byte by byte and back.</summary>
internal sealed class WavTests
{
    private static WavAudio<T> Read<T>(byte[] file)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Wav.Read<T>(new MemoryStream(file));

    [TestCase(1, 8, "00 80 FF", -1, 0, 127 / 128.0)]
    [TestCase(1, 16, "0080 0000 FF7F", -1, 0, 32767 / 32768.0)]
    [TestCase(1, 24, "000080 FFFFFF FFFF7F", -1, -1 / 8388608.0, 8388607 / 8388608.0)]
    [TestCase(1, 32, "00000080 01000000 FFFFFF7F", -1, 1 / 2147483648.0, 2147483647 / 2147483648.0)]
    [TestCase(3, 32, "000000BF 0000803F 00000042", -0.5, 1, 32)]
    [TestCase(3, 64, "000000000000E0BF 000000000000F03F 000000000000F07F", -0.5, 1, double.PositiveInfinity)]
    public void Reads(int tag, int bits, string samples, params double[] expected)
    {
        byte[] data = WavBytes.Chunk("data", Convert.FromHexString(samples.Replace(" ", "", StringComparison.Ordinal)));
        foreach (byte[] format in new[] { WavBytes.Format(tag, bits), WavBytes.Extensible(tag, bits, validBits: bits) })
        {
            WavAudio<double> audio = Read<double>(WavBytes.File(format, data));
            DataAssert.Holds(audio.Samples, [3, 1], expected);
            DataAssert.Holds(Read<float>(WavBytes.File(format, data)).Samples, [3, 1], Array.ConvertAll(expected, value => (float)value));
            Assert.That((audio.SampleRate, audio.Channels), Is.EqualTo((8000, 1)));
        }
    }

    [Test]
    public void Samples_of_fewer_valid_bits_keep_their_full_scale() =>
        DataAssert.Holds(Read<double>(WavBytes.File(WavBytes.Extensible(1, 16, validBits: 12), WavBytes.Data16(-32768, 16384))).Samples, [2, 1], -1d, 0.5);

    [Test]
    public void Other_chunks_and_what_follows_the_sound_are_passed_over()
    {
        byte[] file = WavBytes.File(
            WavBytes.Chunk("LIST", 1, 2, 3), WavBytes.Format(1, 16, channels: 2, sampleRate: 44100), WavBytes.Chunk("fact"), WavBytes.Data16(16384, 0, -16384, 0), WavBytes.Chunk("junk", 9));
        WavAudio<float> audio = Read<float>([.. file, 1, 2, 3]);
        DataAssert.Holds(audio.Samples, [2, 2], 0.5f, 0, -0.5f, 0);
        Assert.That(audio.Duration, Is.EqualTo(TimeSpan.FromSeconds(2.0 / 44100)));
    }

    [Test]
    public void A_missing_byte_behind_the_last_chunk_is_no_error()
    {
        byte[] file = WavBytes.File(WavBytes.Format(1, 8), [.. "data"u8, 3, 0, 0, 0, 0x80, 0xC0, 0x40]);
        DataAssert.Holds(Read<float>(file).Samples, [3, 1], 0f, 0.5f, -0.5f);
    }

    [Test]
    public void Mono_is_the_mean_of_the_channels()
    {
        var audio = new WavAudio<float>(Tensor.Create([1f, 0f, 0.5f, 0f, 0f, -0.75f], [2, 3]), 8000);
        DataAssert.Holds(audio.ToMono(), [2, 1], 0.5f, -0.25f);
        var mono = new WavAudio<float>(Tensor.Create([1f, 2f], [2, 1]), 8000);
        Assert.That(mono.ToMono(), Is.SameAs(mono.Samples));
    }

    [Test]
    public void Whole_numbers_come_back_within_half_a_step(
        [Values(WavEncoding.Pcm8, WavEncoding.Pcm16, WavEncoding.Pcm24, WavEncoding.Pcm32)] WavEncoding encoding, [Values(1, 3)] int channels)
    {
        double step = Math.ScaleB(1, encoding switch { WavEncoding.Pcm8 => -7, WavEncoding.Pcm16 => -15, WavEncoding.Pcm24 => -23, _ => -31 });
        Tensor<double> samples = Noise(5, channels);
        samples[0, 0] = -1;
        WavAudio<double> read = RoundTrip(new WavAudio<double>(samples, 22050), encoding);
        Assert.That(DataAssert.Elements(read.Samples), Is.EqualTo(DataAssert.Elements(samples)).Within(0.5 * step));
        // What was read is exact in the encoding, so it comes back bit for bit.
        Assert.That(DataAssert.Elements(RoundTrip(read, encoding).Samples), Is.EqualTo(DataAssert.Elements(read.Samples)));
        Assert.That(read.SampleRate, Is.EqualTo(22050));
        Assert.That(RoundTrip(new WavAudio<double>(Tensor.Create([1d], [1, 1]), 1), encoding).Samples[0, 0], Is.EqualTo(1 - step));
    }

    [Test]
    public void Ieee_numbers_come_back_as_they_are()
    {
        Tensor<double> wide = Tensor.Create([0.1, double.NaN, double.NegativeInfinity, 1e300, -0d, 7], [3, 2]);
        DataAssert.Holds(RoundTrip(new WavAudio<double>(wide, 8000), WavEncoding.Ieee64).Samples, [3, 2], DataAssert.Elements(wide));
        Tensor<float> narrow = Tensor.Create([0.1f, float.NaN, float.PositiveInfinity], [3, 1]);
        DataAssert.Holds(RoundTrip(new WavAudio<float>(narrow, 8000), WavEncoding.Ieee32).Samples, [3, 1], DataAssert.Elements(narrow));
    }

    [Test]
    public void A_long_sound_survives_a_file()
    {
        Tensor<double> samples = Noise(70_001, 2);
        using var folder = new TemporaryFolder();
        Wav.Write(folder["a.wav"], new WavAudio<double>(samples, 8000), WavEncoding.Ieee64);
        Assert.That(DataAssert.Elements(Wav.Read<double>(folder["a.wav"]).Samples), Is.EqualTo(DataAssert.Elements(samples)));
        Assert.That(folder.Names, Is.EqualTo(["a.wav"]));
    }

    [Test]
    public void Nothing_is_clipped()
    {
        var loud = new WavAudio<double>(Tensor.Create([0, 0.5, 0, -1.5], [2, 2]), 8000);
        Assert.That(() => Wav.Write(Stream.Null, loud), Throws.ArgumentException.With.Message.Contains("samples[1, 1] is -1.5").And.Message.Contains("Ieee32"));
        Assert.That(() => Wav.Write(Stream.Null, new WavAudio<double>(Tensor.Create([double.NaN], [1, 1]), 8000)), Throws.ArgumentException);
        Assert.That(() => Wav.Write(Stream.Null, new WavAudio<double>(Tensor.Create([1e39], [1, 1]), 8000), WavEncoding.Ieee32), Throws.ArgumentException.With.Message.Contains("Ieee64"));
    }

    [Test]
    public void Sound_that_no_file_can_count_is_refused()
    {
        var wide = new WavAudio<double>(Tensor.CreateFromShape<double>([1, 9000]), 8000);
        Assert.That(() => Wav.Write(Stream.Null, wide, WavEncoding.Ieee64), Throws.ArgumentException.With.Message.Contains("72000 at each time"));
        Assert.That(() => Wav.Write(Stream.Null, wide, (WavEncoding)17), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Sound_has_samples_and_a_rate()
    {
        Assert.That(() => new WavAudio<float>(Tensor.Create([1f]), 8000), Throws.ArgumentException.With.Message.Contains("(1)"));
        Assert.That(() => new WavAudio<float>(Tensor.CreateFromShape<float>([0, 1]), 8000), Throws.ArgumentException);
        Assert.That(() => new WavAudio<float>(Tensor.Create([1f], [1, 1]), 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static Tensor<double> Noise(int length, int channels)
    {
        var random = new Random(3);
        return Tensor.Create(Enumerable.Range(0, length * channels).Select(_ => (1.98 * random.NextDouble()) - 0.99).ToArray(), [length, channels]);
    }

    private static WavAudio<T> RoundTrip<T>(WavAudio<T> audio, WavEncoding encoding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = new MemoryStream();
        Wav.Write(stream, audio, encoding);
        Assert.That(stream.Length % 2, Is.Zero, "chunks are padded to even lengths");
        stream.Position = 0;
        return Wav.Read<T>(stream);
    }
}
