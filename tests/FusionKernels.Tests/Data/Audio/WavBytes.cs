using System.Buffers.Binary;
using System.Text;

namespace FusionKernels.Tests.Data;

/// <summary>Builds .wav files byte by byte from the format's description, without the code under test.</summary>
internal static class WavBytes
{
    /// <summary>The sub-format of an extensible header behind its tag.</summary>
    private static readonly byte[] SubFormatTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>A RIFF file of chunks.</summary>
    public static byte[] File(params ReadOnlySpan<byte[]> chunks)
    {
        int length = 4;
        foreach (byte[] chunk in chunks) length += chunk.Length;
        List<byte> bytes = [.. "RIFF"u8, .. UInt32(length), .. "WAVE"u8];
        foreach (byte[] chunk in chunks) bytes.AddRange(chunk);
        return [.. bytes];
    }

    /// <summary>A chunk, with the byte behind it that an odd length asks for.</summary>
    public static byte[] Chunk(string name, params byte[] content) =>
        [.. Encoding.ASCII.GetBytes(name), .. UInt32(content.Length), .. content, .. new byte[content.Length & 1]];

    /// <summary>A plain chunk 'fmt ' of 16 bytes.</summary>
    public static byte[] Format(int tag, int bits, int channels = 1, int sampleRate = 8000) => Chunk("fmt ", FormatFields(tag, bits, channels, sampleRate));

    /// <summary>An extensible chunk 'fmt ' of 40 bytes.</summary>
    public static byte[] Extensible(int tag, int bits, int validBits, int channels = 1, int sampleRate = 8000) => Chunk(
        "fmt ", [.. FormatFields(0xFFFE, bits, channels, sampleRate), .. UInt16(22), .. UInt16(validBits), .. UInt32(4), .. UInt16(tag), .. SubFormatTail]);

    /// <summary>A chunk 'data' of 16-bit samples.</summary>
    public static byte[] Data16(params ReadOnlySpan<short> samples)
    {
        List<byte> bytes = [];
        foreach (short sample in samples) bytes.AddRange(UInt16((ushort)sample));
        return Chunk("data", [.. bytes]);
    }

    private static byte[] FormatFields(int tag, int bits, int channels, int sampleRate)
    {
        int block = channels * bits / 8;
        return [.. UInt16(tag), .. UInt16(channels), .. UInt32(sampleRate), .. UInt32(sampleRate * block), .. UInt16(block), .. UInt16(bits)];
    }

    private static byte[] UInt16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] UInt32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
