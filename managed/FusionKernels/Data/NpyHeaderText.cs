using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FusionKernels;

/// <summary>Reads and writes the part of a .npy file that stands before its elements.</summary>
/// <remarks>Source: NumPy, "A simple file format for NumPy arrays" (NEP 1), versions 1.0, 2.0 and 3.0.</remarks>
internal static class NpyHeaderText
{
    /// <summary>The longest header that is read; the longest a version 1 file can have.</summary>
    private const int MaxHeaderBytes = 64 * 1024;

    /// <summary>The elements start at a multiple of this, so that they can be mapped into memory.</summary>
    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header and holds it against the bytes that are there.</summary>
    /// <exception cref="DataFormatException">The header is malformed or does not fit the length.</exception>
    public static NpyHeader Read(BinarySource source)
    {
        Span<byte> start = stackalloc byte[12];
        int version = ReadVersion(source, start);
        int lengthBytes = version == 1 ? 2 : 4;
        Require(source, lengthBytes, "the length of the header");
        Span<byte> lengthField = start[8..(8 + lengthBytes)];
        source.Read(lengthField);
        long headerBytes = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthField) : BinaryPrimitives.ReadUInt32LittleEndian(lengthField);
        if (headerBytes > MaxHeaderBytes)
            throw source.Error(8, $"a header of at most {MaxHeaderBytes} bytes", $"{headerBytes} bytes");
        Require(source, headerBytes, "the header");

        long textOffset = source.Position;
        byte[] bytes = new byte[headerBytes];
        source.Read(bytes);
        var parser = new NpyHeaderParser(source, Encoding.Latin1.GetString(bytes), textOffset);
        NpyHeader header = parser.Parse(version, source.Position);
        long remaining = source.Length - source.Position;
        if (header.DataBytes != remaining)
            throw source.Error(source.Position, $"{header.DataBytes} bytes of elements for the {header}", $"{remaining} bytes");
        return header;
    }

    /// <summary>The bytes before the elements of a C-ordered array in this machine's byte order, version 1.</summary>
    public static byte[] Write(NpyType type, ReadOnlySpan<long> shape)
    {
        string text = $"{{'descr': '{type.NativeDescriptor}', 'fortran_order': False, 'shape': {ShapeText(shape.ToArray())}, }}";
        int prefix = Magic.Length + 4;
        int total = (prefix + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)(total - prefix)));
        bytes.AsSpan(prefix).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(prefix));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    /// <summary>A shape as Python writes a tuple: <c>()</c>, <c>(3,)</c>, <c>(3, 4)</c>.</summary>
    public static string ShapeText(IReadOnlyList<long> shape)
    {
        IEnumerable<string> lengths = shape.Select(length => length.ToString(CultureInfo.InvariantCulture));
        return shape.Count == 1 ? $"({shape[0]},)" : $"({string.Join(", ", lengths)})";
    }

    private static int ReadVersion(BinarySource source, Span<byte> start)
    {
        Require(source, 8, "the mark of a .npy file");
        source.Read(start[..8]);
        if (!start[..6].SequenceEqual(Magic))
            throw source.Error(0, "the mark of a .npy file (93 4E 55 4D 50 59)", Convert.ToHexString(start[..6]));
        int version = start[6];
        if (version is < 1 or > 3 || start[7] != 0)
            throw source.Error(6, "version 1.0, 2.0 or 3.0", $"{version}.{start[7]}");
        return version;
    }

    private static void Require(BinarySource source, long bytes, string what)
    {
        long remaining = source.Length - source.Position;
        if (bytes > remaining)
            throw source.Error(source.Position, $"{bytes} bytes for {what}", $"{remaining} bytes");
    }
}
