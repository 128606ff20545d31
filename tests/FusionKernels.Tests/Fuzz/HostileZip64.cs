using System.Text;
using FusionKernels.Tests.Data;

namespace FusionKernels.Tests.Fuzz;

/// <summary>Archives of one stored array in the form of those beyond 4 GiB, built byte by byte from the format's description (APPNOTE 4.3, 4.5.3), with one field that lies, or none.</summary>
internal static class HostileZip64
{
    private const uint In64Bits = uint.MaxValue;

    /// <summary>An archive of the array <c>x</c>; where its length lies, its own header agrees.</summary>
    public static byte[] Of(Zip64Claim lie, long claimed)
    {
        bool isLong = lie is Zip64Claim.Unpacked or Zip64Claim.UnpackedAndPacked;
        byte[] elements = new byte[64], name = Encoding.ASCII.GetBytes("x.npy");
        long bytes = isLong ? claimed : elements.Length;
        byte[] entry = NpyBytes.Array("<f8", false, $"({bytes / 8},)", elements);
        long unpacked = entry.Length - elements.Length + bytes;
        long packed = lie == Zip64Claim.UnpackedAndPacked ? unpacked : entry.Length;
        using MemoryStream stream = new();
        using BinaryWriter file = new(stream);
        file.Write("PK\x03\x04"u8);
        Entry(file, entry, name, extraBytes: 20);
        file.Write(name);
        Extra(file, unpacked, packed);
        file.Write(entry);

        long directory = stream.Position;
        file.Write("PK\x01\x02"u8);
        file.Write((ushort)45); // made by a version that knows these fields
        Entry(file, entry, name, extraBytes: 28);
        file.Write(new byte[10]); // no comment, the first disk, no attributes
        file.Write(In64Bits);
        file.Write(name);
        Extra(file, unpacked, packed, lie == Zip64Claim.EntryOffset ? claimed : 0);

        long end = stream.Position;
        file.Write("PK\x06\x06"u8);
        file.Write(44L); // bytes of this record behind this field
        file.Write((ushort)45);
        file.Write((ushort)45);
        file.Write(new byte[8]); // the first disk
        long entries = lie == Zip64Claim.Entries ? claimed : 1;
        file.Write(entries);
        file.Write(entries);
        file.Write(end - directory);
        file.Write(lie == Zip64Claim.DirectoryOffset ? claimed : directory);

        file.Write("PK\x06\x07"u8);
        file.Write(0);
        file.Write(end);
        file.Write(1);
        file.Write("PK\x05\x06"u8);
        file.Write(0);
        file.Write(uint.MaxValue); // entries, twice
        file.Write(In64Bits);
        file.Write(In64Bits);
        file.Write((ushort)0);
        return stream.ToArray();
    }

    /// <summary>What the record before an entry and that of the directory share: stored, of the first day of 1980, its lengths told elsewhere.</summary>
    private static void Entry(BinaryWriter file, byte[] entry, byte[] name, ushort extraBytes)
    {
        file.Write((ushort)45);
        file.Write(new byte[4]);
        file.Write((ushort)0);
        file.Write((ushort)0x21);
        Crc32 checksum = new();
        checksum.Append(entry);
        file.Write(checksum.Value);
        file.Write(In64Bits);
        file.Write(In64Bits);
        file.Write((ushort)name.Length);
        file.Write(extraBytes);
    }

    private static void Extra(BinaryWriter file, params ReadOnlySpan<long> fields)
    {
        file.Write((ushort)1);
        file.Write((ushort)(8 * fields.Length));
        foreach (long field in fields) file.Write(field);
    }
}
