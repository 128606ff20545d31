using System.IO.Compression;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Reads and writes whole .npz files whose arrays are of one type; <see cref="NpzArchive"/> and <see cref="NpzWriter"/> mix types.</summary>
public static class Npz
{
    /// <summary>Reads one array; nothing is converted.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="path">The .npz file.</param>
    /// <param name="name">The array's name, without <c>.npy</c>.</param>
    /// <returns>The array in its shape, row-major.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="KeyNotFoundException">There is no array of this name.</exception>
    /// <exception cref="DataFormatException">The file is malformed or damaged, or the array is of another type.</exception>
    public static Tensor<T> Read<T>(string path, string name)
        where T : unmanaged
    {
        using NpzArchive archive = NpzArchive.Open(path);
        return archive.Read<T>(name);
    }

    /// <summary>Reads all arrays of a file in which every array is of type <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="path">The .npz file.</param>
    /// <returns>The arrays by name, in the order of the file.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed or damaged, or an array is of another type.</exception>
    public static IReadOnlyDictionary<string, Tensor<T>> ReadAll<T>(string path)
        where T : unmanaged
    {
        using NpzArchive archive = NpzArchive.Open(path);
        var arrays = new OrderedDictionary<string, Tensor<T>>(StringComparer.Ordinal);
        foreach (string name in archive.Names)
            arrays.Add(name, archive.Read<T>(name));
        return arrays;
    }

    /// <summary>Writes arrays of one type; the file appears complete or not at all.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <param name="compression">How hard entries are deflated; <see cref="CompressionLevel.NoCompression"/> stores them.</param>
    /// <exception cref="ArgumentException">A name is empty or occurs twice.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, IEnumerable<KeyValuePair<string, Tensor<T>>> arrays, CompressionLevel compression = CompressionLevel.NoCompression)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(arrays);
        using var writer = new NpzWriter(path, compression);
        foreach ((string name, Tensor<T> array) in arrays)
            writer.Add(name, array);
        writer.Complete();
    }
}
