using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;

namespace FusionKernels;

/// <summary>Writes files of the safetensors format: a header in JSON, then the elements of all tensors, little-endian and row-major, without gaps.</summary>
internal static class Safetensors
{
    /// <summary>The longest header that other readers take.</summary>
    public const long LongestHeader = 100_000_000;

    /// <summary>Writes a file, which appears when it is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, IReadOnlyDictionary<string, Tensor<T>> tensors, IReadOnlyDictionary<string, string>? notes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Write(path, tensors.ToDictionary(tensor => tensor.Key, tensor => SafetensorsEntry.Of(tensor.Value)), notes);

    /// <summary>Writes a file of tensors of several elements, the widest first, so that each begins at a multiple of its size.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, SafetensorsEntry> tensors, IReadOnlyDictionary<string, string>? notes)
    {
        KeyValuePair<string, SafetensorsEntry>[] ordered = [.. tensors.OrderByDescending(tensor => tensor.Value.Size).ThenBy(tensor => tensor.Key, StringComparer.Ordinal)];
        byte[] header = Header(ordered, notes);
        using AtomicFile file = new(path);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Stream.Write(length);
        file.Stream.Write(header);
        foreach ((_, SafetensorsEntry tensor) in ordered) tensor.Write(file.Stream);
        file.Commit();
    }

    /// <summary>The format's word for an element.</summary>
    public static string ElementName<T>()
        where T : unmanaged => default(T) switch
        {
            float => "F32",
            double => "F64",
            int => "I32",
            byte => "U8",
            _ => throw new NotSupportedException($"tensors of {typeof(T).Name} are not kept in files"),
        };

    /// <summary>Turns the bytes of every element round, for machines that begin with the most significant.</summary>
    public static void SwapBytes(Span<byte> bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i += size) bytes.Slice(i, size).Reverse();
    }

    private static byte[] Header(KeyValuePair<string, SafetensorsEntry>[] tensors, IReadOnlyDictionary<string, string>? notes)
    {
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            json.WriteStartObject();
            if (notes is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string name, string words) in notes.OrderBy(note => note.Key, StringComparer.Ordinal)) json.WriteString(name, words);
                json.WriteEndObject();
            }

            long next = 0;
            foreach ((string name, SafetensorsEntry tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Element);
                json.WriteStartArray("shape");
                foreach (nint length in tensor.Shape) json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(next);
                json.WriteNumberValue(next = checked(next + tensor.Bytes));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Elements begin at a multiple of 8, as the format advises.
        while (memory.Length % sizeof(ulong) != 0) memory.WriteByte((byte)' ');
        return memory.ToArray();
    }
}
