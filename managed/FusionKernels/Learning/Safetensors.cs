using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
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
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KeyValuePair<string, Tensor<T>>[] ordered = [.. tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal)];
        byte[] header = Header(ordered, notes);
        using AtomicFile file = new(path);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Stream.Write(length);
        file.Stream.Write(header);
        foreach ((_, Tensor<T> tensor) in ordered)
        {
            T[] flat = new T[tensor.FlattenedLength];
            tensor.FlattenTo(flat);
            Span<byte> bytes = MemoryMarshal.AsBytes(flat.AsSpan());
            if (!BitConverter.IsLittleEndian) SwapBytes(bytes, Marshal.SizeOf<T>());
            file.Stream.Write(bytes);
        }

        file.Commit();
    }

    /// <summary>The format's word for an element.</summary>
    public static string ElementName<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? "F32" : "F64";

    /// <summary>Turns the bytes of every element round, for machines that begin with the most significant.</summary>
    public static void SwapBytes(Span<byte> bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i += size) bytes.Slice(i, size).Reverse();
    }

    private static byte[] Header<T>(KeyValuePair<string, Tensor<T>>[] tensors, IReadOnlyDictionary<string, string>? notes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
            foreach ((string name, Tensor<T> tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", ElementName<T>());
                json.WriteStartArray("shape");
                foreach (nint length in tensor.Lengths) json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(next);
                json.WriteNumberValue(next += checked(tensor.FlattenedLength * Marshal.SizeOf<T>()));
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
