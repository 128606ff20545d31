using System.Buffers.Binary;
using System.Text;

namespace FusionKernels;

/// <summary>Walks the chunks of a RIFF file up to its samples, and holds every length against the file's.</summary>
internal static class WavHeaderReader
{
    /// <summary>The bytes of a chunk's name and length.</summary>
    private const int ChunkHeaderBytes = 8;

    /// <summary>The bytes of the smallest 'fmt ' chunk.</summary>
    private const int FormatBytes = 16;

    /// <summary>The bytes of the 'fmt ' chunk of an extensible header.</summary>
    private const int ExtensibleFormatBytes = 40;

    /// <summary>What follows the format tag in the sub-format of an extensible header: the rest of 0000xxxx-0000-0010-8000-00AA00389B71.</summary>
    private static ReadOnlySpan<byte> SubFormatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Reads up to the first sample; the source is left there.</summary>
    /// <exception cref="DataFormatException">The header is malformed, or of an encoding that is not read.</exception>
    public static WavHeader Read(BinarySource source)
    {
        long end = ReadRiff(source);
        WavHeader? format = null;
        while (true)
        {
            (string name, long length) = ReadChunkHeader(source, end, format is null ? "fmt " : "data");
            long next = source.Position + length;
            if (name == "data")
                return WithSamples(source, format, length);
            if (name == "fmt ")
                format = format is null ? ReadFormat(source, length) : throw source.Error(next - length - ChunkHeaderBytes, "one 'fmt ' chunk", "another");
            // Chunks of odd length have a byte behind them, which the last may lack.
            source.Skip(Math.Min(next + (length & 1), end) - source.Position);
        }
    }

    /// <summary>Reads the first twelve bytes and gives the end of the RIFF chunk; what follows it is none of the sound.</summary>
    private static long ReadRiff(BinarySource source)
    {
        Span<byte> bytes = stackalloc byte[ChunkHeaderBytes + 4];
        if (source.Length < bytes.Length)
            throw source.Error(0, $"a RIFF header of {bytes.Length} bytes", $"{source.Length} bytes in all");
        source.Read(bytes);
        if (!bytes[..4].SequenceEqual("RIFF"u8))
            throw source.Error(0, "'RIFF', the start of a .wav file", Name(bytes[..4]));
        if (!bytes[8..].SequenceEqual("WAVE"u8))
            throw source.Error(8, "'WAVE'", Name(bytes[8..]));
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (length > source.Length - ChunkHeaderBytes)
            throw TooLong(source, 4, source.Length - ChunkHeaderBytes, "of the file", length);
        return ChunkHeaderBytes + (long)length;
    }

    private static (string Name, long Length) ReadChunkHeader(BinarySource source, long end, string missing)
    {
        if (end - source.Position < ChunkHeaderBytes)
            throw source.Error(source.Position, $"a chunk '{missing}'", "the end of the RIFF chunk");
        Span<byte> bytes = stackalloc byte[ChunkHeaderBytes];
        source.Read(bytes);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (length > end - source.Position)
            throw TooLong(source, source.Position - 4, end - source.Position, $"of the RIFF chunk for the chunk {Name(bytes[..4])}", length);
        return (Encoding.Latin1.GetString(bytes[..4]), length);
    }

    /// <summary>Reads the header but for its samples, which another chunk tells.</summary>
    private static WavHeader ReadFormat(BinarySource source, long length)
    {
        long start = source.Position;
        if (length < FormatBytes)
            throw source.Error(start - 4, $"at least {FormatBytes} bytes in the chunk 'fmt '", $"{length}");
        Span<byte> bytes = stackalloc byte[(int)Math.Min(length, ExtensibleFormatBytes)];
        source.Read(bytes);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        uint sampleRate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        int blockBytes = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
        WavEncoding encoding = ReadEncoding(source, start, bytes);
        if (channels == 0)
            throw source.Error(start + 2, "at least 1 channel", "0");
        if (sampleRate is 0 or > int.MaxValue)
            throw source.Error(start + 4, $"a sample rate of 1 to {int.MaxValue} Hz", $"{sampleRate}");
        if (blockBytes != channels * encoding.Bytes)
            throw source.Error(start + 12, $"blocks of {channels * encoding.Bytes} bytes ({channels} x {encoding.Bytes})", $"{blockBytes}");
        return new WavHeader(encoding, channels, (int)sampleRate, 0, 0);
    }

    private static WavEncoding ReadEncoding(BinarySource source, long start, ReadOnlySpan<byte> bytes)
    {
        ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        long tagAt = start;
        if (tag == WavEncodings.ExtensibleTag)
        {
            if (bytes.Length < ExtensibleFormatBytes)
                throw source.Error(start - 4, $"at least {ExtensibleFormatBytes} bytes in the chunk 'fmt ' of an extensible header", $"{bytes.Length}");
            // Samples of fewer bits stand in the upper bits of their place, so full scale does not depend on their number.
            int validBits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
            if (validBits > bits)
                throw source.Error(start + 18, $"at most {bits} valid bits", $"{validBits}");
            tagAt = start + 24;
            tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
            if (!bytes[26..].SequenceEqual(SubFormatTail))
                throw source.Error(tagAt, "the sub-format of PCM or IEEE float", Convert.ToHexString(bytes[24..]));
        }

        if (tag is not (WavEncodings.PcmTag or WavEncodings.FloatTag))
            throw source.Error(tagAt, "format 1 (PCM) or 3 (IEEE float)", WavEncodings.TagName(tag));
        return WavEncodings.Find(tag, bits)
            ?? throw source.Error(start + 14, tag == WavEncodings.PcmTag ? "8, 16, 24 or 32 bits of PCM" : "32 or 64 bits of IEEE float", $"{bits}");
    }

    private static WavHeader WithSamples(BinarySource source, WavHeader? format, long length)
    {
        long chunk = source.Position - ChunkHeaderBytes;
        if (format is not { } header)
            throw source.Error(chunk, "a chunk 'fmt ' before the chunk 'data'", "'data'");
        int blockBytes = header.Channels * header.Encoding.Bytes;
        if (length == 0)
            throw source.Error(chunk + 4, "at least one sample", "0 bytes in the chunk 'data'");
        if (length % blockBytes != 0)
            throw source.Error(chunk + 4, $"a multiple of {blockBytes} bytes in the chunk 'data'", $"{length}");
        return header with { DataOffset = source.Position, Length = length / blockBytes };
    }

    private static DataFormatException TooLong(BinarySource source, long position, long available, string whole, uint found) => source.Error(
        position,
        $"at most the {available} bytes that are left {whole}",
        found == uint.MaxValue ? $"{found}, which stands for a length that the writer did not know: save the file again" : $"{found}");

    private static string Name(ReadOnlySpan<byte> bytes) => DataText.Quote(Encoding.Latin1.GetString(bytes));
}
