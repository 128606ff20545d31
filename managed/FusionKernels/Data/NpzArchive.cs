using System.IO.Compression;
using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>An open .npz file: a zip archive of .npy arrays, each read when it is asked for.</summary>
/// <remarks>
/// Entries may be stored or deflated. The size an entry declares is held against its header, and against what deflate can reach, before
/// memory is taken; its checksum is verified. Entries that do not end in <c>.npy</c> are left alone. Not safe for use from several threads at once.
/// </remarks>
public sealed class NpzArchive : IDisposable
{
    private const string Extension = ".npy";

    /// <summary>Deflate never shrinks data further than 1032 to 1: a match of 258 bytes costs at least two bits (zlib, technical details).</summary>
    private const long MaxDeflateRatio = 1032;

    private readonly string file;
    private readonly ZipArchive zip;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);

    private NpzArchive(Stream stream, string file, bool leaveOpen)
    {
        this.file = file;
        zip = Guarded("zip directory", () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen));
        var names = new List<string>();
        foreach (ZipArchiveEntry entry in Guarded("zip directory", () => zip.Entries))
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
                continue;
            string name = entry.FullName[..^Extension.Length];
            if (!entries.TryAdd(name, entry))
                throw new DataFormatException(file, "zip directory", "each array once", $"{DataText.Quote(name)} twice");
            names.Add(name);
        }

        Names = names;
    }

    /// <summary>The names of the arrays, in the order of the file, without <c>.npy</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a file and reads its directory.</summary>
    /// <param name="path">The .npz file.</param>
    /// <returns>The archive; dispose it to close the file.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is no zip archive, or its directory is damaged.</exception>
    public static NpzArchive Open(string path)
    {
        FileStream stream = DataFile.OpenRead(path);
        try
        {
            return new NpzArchive(stream, path, leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens an archive in a stream, which stays open when the archive is disposed.</summary>
    /// <param name="stream">A seekable stream that holds the whole archive.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <returns>The archive.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    /// <exception cref="DataFormatException">The content is no zip archive, or its directory is damaged.</exception>
    public static NpzArchive Open(Stream stream, string name = "stream")
    {
        DataFile.RequireSeekable(stream);
        return new NpzArchive(stream, name, leaveOpen: true);
    }

    /// <summary>Reads the header of one array.</summary>
    /// <param name="name">The array's name.</param>
    /// <returns>Its type, shape and order.</returns>
    /// <exception cref="KeyNotFoundException">There is no array of this name.</exception>
    /// <exception cref="DataFormatException">The entry is malformed or of an unsupported type.</exception>
    public NpyHeader ReadHeader(string name) => ReadEntry(name, static (_, header) => header, verify: false);

    /// <summary>Reads one array whose elements are of type <typeparamref name="T"/> in the file; nothing is converted.</summary>
    /// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
    /// <param name="name">The array's name.</param>
    /// <returns>The array in its shape, row-major.</returns>
    /// <exception cref="KeyNotFoundException">There is no array of this name.</exception>
    /// <exception cref="DataFormatException">The entry is malformed or damaged, or holds another type.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public Tensor<T> Read<T>(string name)
        where T : unmanaged => ReadEntry(name, NpyPayload.Read<T>);

    /// <summary>Reads one array of any of the six types as <typeparamref name="T"/>.</summary>
    /// <typeparam name="T">float, double, int, long or byte.</typeparam>
    /// <param name="name">The array's name.</param>
    /// <param name="conversion">Whether a value that <typeparamref name="T"/> cannot hold exactly is an error (the default) or is rounded.</param>
    /// <returns>The array in its shape, row-major.</returns>
    /// <exception cref="KeyNotFoundException">There is no array of this name.</exception>
    /// <exception cref="DataFormatException">The entry is malformed or damaged, or a value cannot be held.</exception>
    /// <exception cref="ArgumentException">Rounding was asked for an integer type.</exception>
    public Tensor<T> ReadAs<T>(string name, ValueConversion conversion = ValueConversion.Exact)
        where T : unmanaged, INumber<T> => ReadEntry(name, (source, header) => NpyPayload.ReadAs<T>(source, header, conversion));

    /// <summary>Closes the archive.</summary>
    public void Dispose() => zip.Dispose();

    private TResult ReadEntry<TResult>(string name, Func<BinarySource, NpyHeader, TResult> read, bool verify = true)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!entries.TryGetValue(name, out ZipArchiveEntry? entry))
            throw new KeyNotFoundException($"{file} has no array '{name}'; it has {(Names.Count == 0 ? "none" : string.Join(", ", Names))}");
        string where = $"entry {DataText.Quote(entry.FullName)}";
        RequirePlausibleSize(entry, where);
        return Guarded(where, () =>
        {
            using var stream = new ChecksummedStream(entry.Open());
            var source = new BinarySource(stream, entry.Length, file, where + ", ");
            TResult result = read(source, NpyHeaderText.Read(source));
            if (verify)
                VerifyEnd(stream, source, entry.Crc32);
            return result;
        });
    }

    private void RequirePlausibleSize(ZipArchiveEntry entry, string where)
    {
        Int128 most = (Int128)entry.CompressedLength * MaxDeflateRatio;
        if (entry.Length > most)
            throw new DataFormatException(file, where, $"at most {most} bytes from {entry.CompressedLength} compressed ones", $"a declared size of {entry.Length}");
    }

    private static void VerifyEnd(ChecksummedStream stream, BinarySource source, uint expected)
    {
        uint actual = stream.Checksum;
        if (stream.ReadByte() >= 0)
            throw source.Error(source.Length, "the end of the entry, as its declared size says", "more bytes");
        if (actual != expected)
            throw source.Error(source.Length, $"the checksum {expected:x8}", $"{actual:x8}; the file is damaged");
    }

    /// <summary>Runs zip code and puts its complaints about the content into the words of this library.</summary>
    private TResult Guarded<TResult>(string where, Func<TResult> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(file, where, "a readable zip archive", e.Message, e);
        }
    }
}
