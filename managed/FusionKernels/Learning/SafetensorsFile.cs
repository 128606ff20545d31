using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace FusionKernels;

/// <summary>Reads a safetensors file: header, offsets and shapes are checked against the file before memory is taken for anything.</summary>
internal sealed partial class SafetensorsFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _notes = new(StringComparer.Ordinal);
    private long _start;

    private SafetensorsFile(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>Names of the tensors.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Words beside them.</summary>
    public IReadOnlyDictionary<string, string> Notes => _notes;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The header is malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafetensorsFile file = new(path, DataFile.OpenRead(path));
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The finite elements of a tensor, row-major.</summary>
    /// <exception cref="DataFormatException">It is absent, of another shape or element, or not finite.</exception>
    public T[] ReadFinite<T>(string name, ReadOnlySpan<int> shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = Read<T>(name, shape);
        int wrong = Array.FindIndex(values, value => !T.IsFinite(value));
        return wrong < 0 ? values : throw Error($"tensor '{name}', element {wrong}", "a finite number", $"{values[wrong]}");
    }

    /// <summary>The elements of a tensor, row-major.</summary>
    /// <exception cref="DataFormatException">It is absent, or of another shape or element.</exception>
    public T[] Read<T>(string name, ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        string where = $"tensor '{name}'";
        if (!_entries.TryGetValue(name, out Entry entry)) throw Error(where, "such a tensor", _entries.Count == 0 ? "no tensors" : string.Join(", ", _entries.Keys.Take(8)));
        if (entry.Element != Safetensors.ElementName<T>()) throw Error(where, Safetensors.ElementName<T>(), entry.Element);
        if (entry.Shape.Length != shape.Length || !entry.Shape.SequenceEqual(shape.ToArray().Select(length => (long)length)))
        {
            throw Error(where, $"the shape {string.Join(" x ", shape.ToArray())}", string.Join(" x ", entry.Shape));
        }

        T[] values = new T[(entry.End - entry.Begin) / Marshal.SizeOf<T>()];
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        _stream.Position = _start + entry.Begin;
        _stream.ReadExactly(bytes);
        if (!BitConverter.IsLittleEndian) Safetensors.SwapBytes(bytes, Marshal.SizeOf<T>());
        return values;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private void ReadHeader()
    {
        long length = _stream.Length;
        if (length < sizeof(ulong)) throw Error("byte 0", "the 8 bytes of the header's length", $"{length} bytes");
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        _stream.ReadExactly(prefix);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long most = Math.Min(Safetensors.LongestHeader, length - sizeof(ulong));
        if (header < 2 || header > (ulong)most) throw Error("byte 0", $"a header of 2 to {most} bytes", $"{header}");
        _start = sizeof(ulong) + (long)header;
        byte[] text = new byte[header];
        _stream.ReadExactly(text);
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, new() { MaxDepth = 4 });
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw Error("byte 8", "a JSON object", $"{json.RootElement.ValueKind}");
            foreach (JsonProperty property in json.RootElement.EnumerateObject()) Read(property);
        }
        catch (JsonException malformed)
        {
            throw new DataFormatException(_path, $"byte {sizeof(ulong) + (malformed.BytePositionInLine ?? 0)}", "a header in JSON", malformed.Message, malformed);
        }
        catch (InvalidOperationException malformed)
        {
            throw new DataFormatException(_path, "the header", "text in UTF-8", malformed.Message, malformed);
        }

        RequireCover(length - _start);
    }

    private void Read(JsonProperty property)
    {
        string where = $"header, '{property.Name}'";
        if (property.Value.ValueKind != JsonValueKind.Object) throw Error(where, "an object", $"{property.Value.ValueKind}");
        if (property.Name == "__metadata__")
        {
            foreach (JsonProperty note in property.Value.EnumerateObject())
            {
                if (note.Value.ValueKind != JsonValueKind.String) throw Error(where, "strings", $"{note.Value.ValueKind}");
                _notes[note.Name] = note.Value.GetString()!;
            }

            return;
        }

        if (!property.Value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String) throw Error(where, "a dtype", "none");
        long[] shape = Numbers(property.Value, "shape", where), offsets = Numbers(property.Value, "data_offsets", where);
        if (offsets.Length != 2 || offsets[0] > offsets[1]) throw Error(where, "two offsets in ascending order", string.Join(", ", offsets));
        string element = dtype.GetString()!;
        if (SizeOf(element) is not { } size) throw Error(where, "a known dtype", element);
        UInt128 bytes = (UInt128)size;
        foreach (long extent in shape)
        {
            if (bytes > long.MaxValue) break;
            bytes *= (ulong)extent;
        }

        if (shape.Contains(0)) bytes = 0;
        if (bytes != (UInt128)(offsets[1] - offsets[0])) throw Error(where, $"{bytes} bytes of {string.Join(" x ", shape)} {element}", $"{offsets[1] - offsets[0]}");
        if (!_entries.TryAdd(property.Name, new(element, shape, offsets[0], offsets[1]))) throw Error(where, "each name once", "it again");
    }

    private long[] Numbers(JsonElement entry, string name, string where)
    {
        if (!entry.TryGetProperty(name, out JsonElement array) || array.ValueKind != JsonValueKind.Array) throw Error(where, $"an array '{name}'", "none");
        List<long> numbers = [];
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0) throw Error($"{where}, {name}", "whole numbers of 0 or more", item.GetRawText());
            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>The tensors must follow each other from the first byte to the last, as the format demands.</summary>
    private void RequireCover(long available)
    {
        long next = 0;
        foreach ((string name, Entry entry) in _entries.OrderBy(entry => entry.Value.Begin).ThenBy(entry => entry.Value.End))
        {
            if (entry.Begin != next) throw Error($"header, '{name}'", $"elements from byte {next} on, where those before it end", $"{entry.Begin}");
            next = entry.End;
        }

        if (next != available) throw Error($"byte {_start + Math.Min(next, available)}", $"{next} bytes of elements", $"{available}");
    }

    private static int? SizeOf(string element) => element switch
    {
        "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" => 8,
        _ => null,
    };

    /// <summary>What is wrong with the file.</summary>
    public DataFormatException Error(string position, string expected, string found, Exception? cause = null) => cause is null ? new(_path, position, expected, found) : new(_path, position, expected, found, cause);

    private readonly record struct Entry(string Element, long[] Shape, long Begin, long End);
}
