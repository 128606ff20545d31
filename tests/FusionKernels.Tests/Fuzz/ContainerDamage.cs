using System.Buffers.Binary;
using System.IO.Compression;

namespace FusionKernels.Tests.Fuzz;

/// <summary>Damage within containers whose checksums and lengths are right again afterwards, so that it reaches what lies behind them.</summary>
internal static class ContainerDamage
{
    /// <summary>An archive in which entries are damaged, lost, doubled or taken from another.</summary>
    public static byte[] Zip(Mutation mutation, byte[] file, byte[] other)
    {
        List<(string Name, byte[] Bytes)> entries = Entries(file), strangers = Entries(other);
        if (entries.Count == 0) return mutation.Damage(file, other);
        int times = mutation.Next(3) + 1;
        for (int i = 0; i < times && entries.Count > 0; i++)
        {
            int at = mutation.Next(entries.Count);
            (string name, byte[] bytes) = entries[at];
            byte[] stranger = strangers.Count > 0 ? strangers[mutation.Next(strangers.Count)].Bytes : bytes;
            switch (mutation.Next(8))
            {
                case 0:
                    entries.RemoveAt(at);
                    break;
                case 1:
                    entries[at] = (name, stranger);
                    break;
                case 2:
                    entries[at] = (name, entries[mutation.Next(entries.Count)].Bytes);
                    break;
                case 3:
                    // Elements alone: the header stays.
                    int header = Math.Min(128, bytes.Length);
                    entries[at] = (name, [.. bytes[..header], .. mutation.Damage(bytes[header..], [])]);
                    break;
                case 4 or 5 when bytes.Length > 136:
                    entries[at] = (name, Element(mutation, bytes));
                    break;
                default:
                    entries[at] = (name, mutation.Damage(bytes, stranger));
                    break;
            }
        }

        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = zip.CreateEntry(name, mutation.Next(4) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A safetensors file whose header is damaged and has its length again, or whose elements are damaged.</summary>
    public static byte[] Safetensors(Mutation mutation, byte[] file, byte[] other)
    {
        int header = file.Length >= 8 ? (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(file), (ulong)(file.Length - 8)) : 0;
        if (header == 0) return mutation.Damage(file, other);
        byte[] text = file[8..(8 + header)], elements = file[(8 + header)..];
        if (mutation.Next(3) > 0) text = mutation.Damage(text, other);
        else elements = mutation.Damage(elements, []);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. elements];
    }

    /// <summary>One element of eight bytes that is as long as it was, another number.</summary>
    private static byte[] Element(Mutation mutation, byte[] bytes)
    {
        byte[] changed = [.. bytes];
        int at = 128 + (8 * mutation.Next((bytes.Length - 128) / 8));
        byte[] element = mutation.Damage(bytes[at..(at + 8)], []);
        element.AsSpan(0, Math.Min(8, element.Length)).CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static List<(string Name, byte[] Bytes)> Entries(byte[] file)
    {
        List<(string, byte[])> entries = [];
        try
        {
            using ZipArchive zip = new(new MemoryStream(file));
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using Stream stream = entry.Open();
                using MemoryStream copy = new();
                stream.CopyTo(copy);
                entries.Add((entry.FullName, copy.ToArray()));
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or NotSupportedException)
        {
            // A file of the corpus that is no archive any more: only its bytes are damaged further.
            return [];
        }

        return entries;
    }
}
