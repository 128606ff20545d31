using System.Buffers.Binary;
using System.IO.Compression;

namespace FusionTasks.Data;

/// <summary>Reads PNG images of 8-bit RGB without interlacing, which is what the questions come with (W3C PNG specification, second edition).</summary>
internal static class Png
{
    private const int Channels = 3;

    /// <summary>Most pixels that are taken.</summary>
    private const int MostPixels = 1 << 24;

    /// <summary>The pixels of an image, height x width x 3.</summary>
    /// <exception cref="InvalidDataException">The file is no such image.</exception>
    public static (byte[] Pixels, int Height, int Width) Read(Stream stream)
    {
        using MemoryStream all = new();
        stream.CopyTo(all);
        ReadOnlySpan<byte> file = all.GetBuffer().AsSpan(0, (int)all.Length);
        if (file.Length < 33 || !file[..8].SequenceEqual<byte>([137, 80, 78, 71, 13, 10, 26, 10])) throw new InvalidDataException("no PNG image");
        (int width, int height) = (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]));
        if (width < 1 || height < 1 || (long)width * height > MostPixels) throw new InvalidDataException($"an image of {width} x {height}");
        if (file[24] != 8 || file[25] != 2 || file[28] != 0) throw new InvalidDataException("the image is not of 8-bit RGB without interlacing");
        using MemoryStream packed = new();
        for (int at = 8; at + 12 <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            if (length < 0 || length > file.Length - at - 12) throw new InvalidDataException("the image is cut short");
            if (file.Slice(at + 4, 4).SequenceEqual("IDAT"u8)) packed.Write(file.Slice(at + 8, length));
            at += 12 + length;
        }

        packed.Position = 0;
        using ZLibStream inflated = new(packed, CompressionMode.Decompress);
        byte[] pixels = new byte[height * width * Channels], before = new byte[width * Channels], line = new byte[(width * Channels) + 1];
        for (int y = 0; y < height; y++)
        {
            inflated.ReadExactly(line);
            Undo(line[0], line.AsSpan(1), before);
            line.AsSpan(1).CopyTo(before);
            before.CopyTo(pixels, y * before.Length);
        }

        return (pixels, height, width);
    }

    /// <summary>Undoes the filter of a line, in place.</summary>
    private static void Undo(byte filter, Span<byte> line, ReadOnlySpan<byte> above)
    {
        for (int x = 0; x < line.Length; x++)
        {
            int left = x >= Channels ? line[x - Channels] : 0, corner = x >= Channels ? above[x - Channels] : 0;
            line[x] += (byte)(filter switch
            {
                0 => 0,
                1 => left,
                2 => above[x],
                3 => (left + above[x]) / 2,
                4 => Paeth(left, above[x], corner),
                _ => throw new InvalidDataException($"a filter of type {filter}"),
            });
        }
    }

    private static int Paeth(int left, int above, int corner)
    {
        int estimate = left + above - corner;
        (int toLeft, int toAbove, int toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
