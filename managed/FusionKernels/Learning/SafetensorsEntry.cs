using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FusionKernels;

/// <summary>A tensor on its way into a safetensors file, whatever its element.</summary>
internal sealed class SafetensorsEntry
{
    private readonly Action<Stream> _write;

    private SafetensorsEntry(string element, int size, nint[] shape, Action<Stream> write) => (Element, Size, Shape, _write) = (element, size, shape, write);

    /// <summary>The format's word for the element.</summary>
    public string Element { get; }

    /// <summary>Bytes of an element.</summary>
    public int Size { get; }

    /// <summary>The shape.</summary>
    public nint[] Shape { get; }

    /// <summary>Bytes of all elements.</summary>
    public long Bytes => Shape.Aggregate((long)Size, (product, length) => checked(product * length));

    /// <summary>A tensor.</summary>
    public static SafetensorsEntry Of<T>(Tensor<T> tensor)
        where T : unmanaged => new(Safetensors.ElementName<T>(), Marshal.SizeOf<T>(), tensor.Lengths.ToArray(), stream =>
        {
            T[] flat = new T[tensor.FlattenedLength];
            tensor.FlattenTo(flat);
            Span<byte> bytes = MemoryMarshal.AsBytes(flat.AsSpan());
            if (!BitConverter.IsLittleEndian) Safetensors.SwapBytes(bytes, Marshal.SizeOf<T>());
            stream.Write(bytes);
        });

    /// <summary>A vector.</summary>
    public static SafetensorsEntry Of<T>(T[] values)
        where T : unmanaged => Of(Tensor.Create(values, [values.Length]));

    /// <summary>Writes the elements, little-endian and row-major.</summary>
    public void Write(Stream stream) => _write(stream);
}
