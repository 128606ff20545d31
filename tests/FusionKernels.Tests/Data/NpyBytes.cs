using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FusionKernels.Tests.Data;

/// <summary>Builds .npy files byte by byte from the format's description, without the code under test.</summary>
internal static class NpyBytes
{
    /// <summary>A file of any header text and any bytes after it.</summary>
    public static byte[] File(string header, ReadOnlySpan<byte> data, int version = 1)
    {
        int prefix = version == 1 ? 10 : 12;
        int padding = (64 - ((prefix + header.Length + 1) % 64)) % 64;
        byte[] text = Encoding.Latin1.GetBytes(header + new string(' ', padding) + "\n");
        var bytes = new List<byte> { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0 };
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        bytes.AddRange(version == 1 ? length[..2] : length);
        bytes.AddRange(text);
        bytes.AddRange(data);
        return [.. bytes];
    }

    /// <summary>A file with the header NumPy writes.</summary>
    public static byte[] Array(string descriptor, bool fortranOrder, string shape, ReadOnlySpan<byte> data, int version = 1) =>
        File($"{{'descr': '{descriptor}', 'fortran_order': {(fortranOrder ? "True" : "False")}, 'shape': {shape}, }}", data, version);

    /// <summary>Whole numbers as the bytes of any of the types.</summary>
    public static byte[] Encode(string descriptor, params ReadOnlySpan<int> values)
    {
        int size = int.Parse(descriptor.AsSpan(2), CultureInfo.InvariantCulture);
        var bytes = new byte[values.Length * size];
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> one = bytes.AsSpan(i * size, size);
            switch (descriptor[1..])
            {
                case "f4":
                    BinaryPrimitives.WriteSingleLittleEndian(one, values[i]);
                    break;
                case "f8":
                    BinaryPrimitives.WriteDoubleLittleEndian(one, values[i]);
                    break;
                case "i4":
                    BinaryPrimitives.WriteInt32LittleEndian(one, values[i]);
                    break;
                case "i8":
                    BinaryPrimitives.WriteInt64LittleEndian(one, values[i]);
                    break;
                default:
                    one[0] = (byte)values[i];
                    break;
            }

            if (descriptor[0] == '>')
                one.Reverse();
        }

        return bytes;
    }
}
