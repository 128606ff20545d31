using System.Buffers.Binary;
using NUnit.Framework;

namespace FusionKernels.Tests.Data;

/// <summary>Broken .wav files: each names the byte, what was expected and what was found.</summary>
internal sealed class WavMalformedTests
{
    private static readonly byte[] Good = WavBytes.File(WavBytes.Format(1, 16), WavBytes.Data16(1, 2));

    [Test]
    public void Files_that_are_none()
    {
        Malformed([], "byte 0", "12 bytes", "0 bytes");
        Malformed("1,2,3\n4,5,6\n"u8.ToArray(), "byte 0", "'RIFF'", "'1,2,'");
        Malformed([.. "RIFX"u8, .. Good[4..]], "byte 0", "'RIFF'", "'RIFX'");
        Malformed([.. Good[..8], .. "AVI "u8, .. Good[12..]], "byte 8", "'WAVE'", "'AVI '");
    }

    [Test]
    public void Lengths_beyond_the_file()
    {
        Malformed(Good[..^1], "byte 4", "39 bytes", "40");
        Malformed(With(4, uint.MaxValue), "byte 4", "40 bytes", "a length that the writer did not know");
        Malformed(With(40, 6), "byte 40", "4 bytes that are left of the RIFF chunk for the chunk 'data'", "6");
        Malformed(With(16, 0x7FFFFFFF), "byte 16", "28 bytes that are left of the RIFF chunk for the chunk 'fmt '", "2147483647");
        Malformed(With(4, 3), "byte 12", "a chunk 'fmt '", "the end of the RIFF chunk");
    }

    [Test]
    public void Chunks_missing_twice_or_in_the_wrong_order()
    {
        byte[] format = WavBytes.Format(1, 16), data = WavBytes.Data16(1);
        Malformed(WavBytes.File(), "byte 12", "a chunk 'fmt '", "the end");
        Malformed(WavBytes.File(format), "byte 36", "a chunk 'data'", "the end");
        Malformed(WavBytes.File(data, format), "byte 12", "'fmt ' before the chunk 'data'", "'data'");
        Malformed(WavBytes.File(format, format, data), "byte 36", "one 'fmt ' chunk", "another");
        Malformed(WavBytes.File(WavBytes.Chunk("fmt ", 1, 0), data), "byte 16", "at least 16 bytes", "2");
    }

    [TestCase(6, 8, "byte 20", "1 (PCM) or 3", "6 (A-law)")]
    [TestCase(0x55, 16, "byte 20", "1 (PCM) or 3", "85 (MP3)")]
    [TestCase(999, 16, "byte 20", "1 (PCM) or 3", "999")]
    [TestCase(0xFFFE, 16, "byte 16", "at least 40 bytes", "16")]
    [TestCase(1, 64, "byte 34", "8, 16, 24 or 32 bits", "64")]
    [TestCase(1, 0, "byte 34", "8, 16, 24 or 32 bits", "0")]
    [TestCase(3, 16, "byte 34", "32 or 64 bits", "16")]
    public void Encodings_that_are_not_read(int tag, int bits, string position, string expected, string found) =>
        Malformed(WavBytes.File(WavBytes.Format(tag, bits), WavBytes.Data16(1, 2, 3, 4)), position, expected, found);

    [Test]
    public void Extensible_headers_that_are_not_read()
    {
        byte[] data = WavBytes.Data16(1);
        Malformed(WavBytes.File(WavBytes.Extensible(1, 16, validBits: 17), data), "byte 38", "at most 16 valid bits", "17");
        Malformed(WavBytes.File(WavBytes.Extensible(2, 16, validBits: 16), data), "byte 44", "1 (PCM) or 3", "2 (ADPCM)");
        byte[] foreign = WavBytes.File(WavBytes.Extensible(1, 16, validBits: 16), data);
        foreign[59] ^= 1;
        Malformed(foreign, "byte 44", "the sub-format", "01000000000010008000");
    }

    [Test]
    public void Fields_that_contradict_each_other()
    {
        byte[] data = WavBytes.Data16(1);
        Malformed(WavBytes.File(WavBytes.Format(1, 16, channels: 0), data), "byte 22", "at least 1 channel", "0");
        Malformed(WavBytes.File(WavBytes.Format(1, 16, sampleRate: 0), data), "byte 24", "a sample rate", "0");
        Malformed(WavBytes.File(WavBytes.Format(1, 16, sampleRate: -1), data), "byte 24", "a sample rate", "4294967295");
        Malformed(With(32, 4), "byte 32", "blocks of 2 bytes (1 x 2)", "4");
        Malformed(WavBytes.File(WavBytes.Format(1, 16, channels: 2), data), "byte 40", "a multiple of 4 bytes", "2");
        Malformed(WavBytes.File(WavBytes.Format(1, 16), WavBytes.Data16()), "byte 40", "at least one sample", "0 bytes");
    }

    [Test]
    public void A_sample_beyond_float_is_told_with_its_byte()
    {
        byte[] file = WavBytes.File(WavBytes.Format(3, 64), WavBytes.Chunk("data", [.. BitConverter.GetBytes(1d), .. BitConverter.GetBytes(-1e39)]));
        Malformed(file, "byte 52", "the range of float32", "-1E+39");
        Assert.That(Wav.Read<double>(new MemoryStream(file)).Samples[1, 0], Is.EqualTo(-1e39));
    }

    [Test]
    public void A_stream_must_seek() =>
        Assert.That(() => Wav.Read<float>(new System.IO.Compression.DeflateStream(Stream.Null, System.IO.Compression.CompressionMode.Decompress)), Throws.ArgumentException);

    private static byte[] With(int position, uint value)
    {
        byte[] file = [.. Good];
        if (position == 32)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(position), (ushort)value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(position), value);
        return file;
    }

    private static void Malformed(byte[] file, string position, string expected, string found) =>
        DataAssert.Malformed(() => Wav.Read<float>(new MemoryStream(file)), position, expected, found);
}
