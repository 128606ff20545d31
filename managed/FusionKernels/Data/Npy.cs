using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FusionKernels;

/// <summary>Reads and writes NumPy's .npy files (versions 1 to 3) of float, double, int, long, byte and bool.</summary>
/// <remarks>
/// <para>C and Fortran order and both byte orders are read; tensors are row-major. A rank-0 array is read as a tensor of shape (1).
/// Pickled objects are refused. A header's sizes are held against the file's length before memory is taken, and bytes after the last
/// element are an error. Memory: the tensor plus at most 1 MiB. All members are safe to call from any thread; a stream is used by one at a time.</para>
/// <para>NaN and infinities pass through bit for bit. Source of the format: NumPy Enhancement Proposal 1.</para>
/// </remarks>
public static class Npy
{
    /// <summary>Reads the header and checks it against the file's length; no element is read.</summary>
    /// <param name="path">The .npy file.</param>
    /// <returns>The type, shape and order of the array.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed or of an unsupported type.</exception>
    public static NpyHeader ReadHeader(string path)
    {
        using FileStream stream = DataFile.OpenRead(path);
        return ReadHeader(stream, path);
    }

    /// <summary>Reads the header of an array that reaches to the end of a stream; the stream is left at the first element.</summary>
    /// <param name="stream">A seekable stream at the array's first byte.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <returns>The type, shape and order of the array.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="DataFormatException">The content is malformed or of an unsupported type.</exception>
    public static NpyHeader ReadHeader(Stream stream, string name = "stream") => NpyHeaderText.Read(BinarySource.FromStream(stream, name));

    /// <summary>Reads an array whose elements are of type <typeparamref name="T"/> in the file; nothing is converted.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="path">The .npy file.</param>
    /// <returns>The array in the file's shape, row-major.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or holds another type (<see cref="ReadAs{T}(string, ValueConversion)"/> converts).</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public static Tensor<T> Read<T>(string path)
        where T : unmanaged
    {
        using FileStream stream = DataFile.OpenRead(path);
        return Read<T>(stream, path);
    }

    /// <summary>Reads an array that reaches to the end of a stream; nothing is converted.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="stream">A seekable stream at the array's first byte.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <returns>The array in the file's shape, row-major.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="DataFormatException">The content is malformed, or holds another type.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public static Tensor<T> Read<T>(Stream stream, string name = "stream")
        where T : unmanaged
    {
        BinarySource source = BinarySource.FromStream(stream, name);
        return NpyPayload.Read<T>(source, NpyHeaderText.Read(source));
    }

    /// <summary>Reads an array of any of the six types as <typeparamref name="T"/>; truth values become 0 and 1.</summary>
    /// <typeparam name="T">float, double, int, long or byte.</typeparam>
    /// <param name="path">The .npy file.</param>
    /// <param name="conversion">Whether a value that <typeparamref name="T"/> cannot hold exactly is an error (the default) or is rounded.</param>
    /// <returns>The array in the file's shape, row-major. NaN stays NaN; -0 becomes 0 in an integer type.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or a value cannot be held (the error names the first).</exception>
    /// <exception cref="ArgumentException">Rounding was asked for an integer type.</exception>
    public static Tensor<T> ReadAs<T>(string path, ValueConversion conversion = ValueConversion.Exact)
        where T : unmanaged, INumber<T>
    {
        using FileStream stream = DataFile.OpenRead(path);
        return ReadAs<T>(stream, path, conversion);
    }

    /// <summary>Reads an array of any of the six types from a stream as <typeparamref name="T"/>; truth values become 0 and 1.</summary>
    /// <typeparam name="T">float, double, int, long or byte.</typeparam>
    /// <param name="stream">A seekable stream at the array's first byte; the array reaches to its end.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <param name="conversion">Whether a value that <typeparamref name="T"/> cannot hold exactly is an error (the default) or is rounded.</param>
    /// <returns>The array in the file's shape, row-major.</returns>
    /// <exception cref="DataFormatException">The content is malformed, or a value cannot be held (the error names the first).</exception>
    /// <exception cref="ArgumentException">The stream cannot seek, or rounding was asked for an integer type.</exception>
    public static Tensor<T> ReadAs<T>(Stream stream, string name = "stream", ValueConversion conversion = ValueConversion.Exact)
        where T : unmanaged, INumber<T>
    {
        BinarySource source = BinarySource.FromStream(stream, name);
        return NpyPayload.ReadAs<T>(source, NpyHeaderText.Read(source), conversion);
    }

    /// <summary>Writes an array in C order; the file appears complete or not at all.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="array">The array, any shape and strides.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public static void Write<T>(string path, Tensor<T> array)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        Write(path, array.AsReadOnlyTensorSpan());
    }

    /// <summary>Writes an array in C order; the file appears complete or not at all.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="array">The array, any shape and strides; one that is not dense is copied first.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public static void Write<T>(string path, in ReadOnlyTensorSpan<T> array)
        where T : unmanaged
    {
        using var file = new AtomicFile(path);
        Write(file.Stream, array);
        file.Commit();
    }

    /// <summary>Writes an array in C order to a stream, which stays open.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="stream">A stream that can be written.</param>
    /// <param name="array">The array, any shape and strides; one that is not dense is copied first.</param>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public static void Write<T>(Stream stream, in ReadOnlyTensorSpan<T> array)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(stream);
        NpyType type = NpyTypes.Of<T>();
        // The empty span has no dimensions, which in a file would mean one element.
        Span<long> shape = stackalloc long[Math.Max(array.Rank, 1)];
        for (int d = 0; d < array.Rank; d++)
            shape[d] = array.Lengths[d];
        stream.Write(NpyHeaderText.Write(type, shape));
        WriteElements(stream, DataTensor.Flatten(array));
    }

    /// <summary>Writes elements in pieces whose bytes a span can count.</summary>
    internal static void WriteElements<T>(Stream stream, ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        const int piece = 1 << 20;
        for (int first = 0; first < elements.Length; first += piece)
            stream.Write(MemoryMarshal.AsBytes(elements.Slice(first, Math.Min(piece, elements.Length - first))));
    }
}
