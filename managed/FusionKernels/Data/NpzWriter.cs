using System.IO.Compression;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Writes arrays of any of the six types to an .npz file, one after the other.</summary>
/// <remarks>
/// The file appears under its name only with <see cref="Complete"/>. The same arrays give the same bytes: entries carry no time stamp.
/// Not safe for use from several threads at once.
/// </remarks>
public sealed class NpzWriter : IDisposable
{
    /// <summary>The earliest time a zip entry can carry.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AtomicFile file;
    private readonly ZipArchive zip;
    private readonly CompressionLevel compression;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file; one that is there is replaced on completion.</param>
    /// <param name="compression">How hard entries are deflated; <see cref="CompressionLevel.NoCompression"/> (as NumPy's <c>savez</c>) stores them.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public NpzWriter(string path, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        this.compression = compression;
        file = new AtomicFile(path);
        zip = new ZipArchive(file.Stream, ZipArchiveMode.Create, leaveOpen: true);
    }

    /// <summary>Adds an array.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="name">Its name, without <c>.npy</c>; not used before.</param>
    /// <param name="array">The array, any shape and strides.</param>
    /// <exception cref="ArgumentException">The name is empty or was used before.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public void Add<T>(string name, Tensor<T> array)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(array);
        NpyTypes.Of<T>();
        if (!names.Add(name))
            throw new ArgumentException($"the archive already has an array '{name}'", nameof(name));
        ZipArchiveEntry entry = zip.CreateEntry(name + ".npy", compression);
        entry.LastWriteTime = NoTime;
        using Stream stream = entry.Open();
        Npy.Write(stream, array.AsReadOnlyTensorSpan());
    }

    /// <summary>Writes the directory, waits for the disk and puts the file in its place.</summary>
    public void Complete()
    {
        zip.Dispose();
        file.Commit();
    }

    /// <summary>Discards what was not completed.</summary>
    public void Dispose()
    {
        try
        {
            zip.Dispose();
        }
        finally
        {
            file.Dispose();
        }
    }
}
