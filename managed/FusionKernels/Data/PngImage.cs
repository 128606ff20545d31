using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace FusionKernels;

/// <summary>Writes small pictures as PNG with a palette (ISO/IEC 15948).</summary>
internal static class PngImage
{
    private const byte Palette = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A <c>data:</c> address that holds the picture.</summary>
    /// <param name="pixels">rows x columns of palette entries.</param>
    /// <param name="palette">Up to 256 colours, red, green, blue.</param>
    /// <param name="isFirstClear">Whether the first colour stands for nothing: what lies behind the picture is seen there.</param>
    public static string DataUri(byte[,] pixels, IReadOnlyList<(byte Red, byte Green, byte Blue)> palette, bool isFirstClear = false) =>
        $"data:image/png;base64,{Convert.ToBase64String(Write(pixels, palette, isFirstClear))}";

    /// <summary>The bytes of the file.</summary>
    /// <inheritdoc cref="DataUri"/>
    public static byte[] Write(byte[,] pixels, IReadOnlyList<(byte Red, byte Green, byte Blue)> palette, bool isFirstClear = false)
    {
        int height = pixels.GetLength(0), width = pixels.GetLength(1);
        using MemoryStream file = new();
        file.Write(Signature);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, Palette);
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "PLTE", [.. palette.SelectMany(colour => new[] { colour.Red, colour.Green, colour.Blue })]);
        if (isFirstClear) WriteChunk(file, "tRNS", [0]);
        WriteChunk(file, "IDAT", Compress(pixels, height, width));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static byte[] Compress(byte[,] pixels, int height, int width)
    {
        using MemoryStream packed = new();
        using (ZLibStream deflate = new(packed, CompressionLevel.SmallestSize))
        {
            byte[] line = new byte[width + 1]; // the first byte says: no filter
            for (int i = 0; i < height; i++)
            {
                for (int j = 0; j < width; j++) line[j + 1] = pixels[i, j];
                deflate.Write(line);
            }
        }

        return packed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, string type, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(content);
        Crc32 checksum = new();
        checksum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, checksum.Value);
        file.Write(number);
    }
}
