namespace FusionKernels;

/// <summary>The bytes of one binary item: a file, a stream or an entry of an .npz archive, with its length and what to call it.</summary>
/// <param name="stream">Positioned at the item's first byte.</param>
/// <param name="length">The bytes that belong to the item.</param>
/// <param name="name">The file's name.</param>
/// <param name="prefix">What stands before a byte position in messages; empty for a plain file.</param>
internal sealed class BinarySource(Stream stream, long length, string name, string prefix = "")
{
    /// <summary>All bytes from the stream's position to its end.</summary>
    public static BinarySource FromStream(Stream stream, string name)
    {
        DataFile.RequireSeekable(stream);
        return new BinarySource(stream, Math.Max(0, stream.Length - stream.Position), name);
    }

    /// <summary>The bytes that belong to the item.</summary>
    public long Length => length;

    /// <summary>How far it has been read.</summary>
    public long Position { get; private set; }

    /// <summary>An error at a byte of the item.</summary>
    public DataFormatException Error(long position, string expected, string found, Exception? cause = null) =>
        new(name, $"{prefix}byte {position}", expected, found, cause);

    /// <summary>Fills <paramref name="destination"/>; the caller has checked that so many bytes are there.</summary>
    /// <exception cref="DataFormatException">The stream is shorter than its length said.</exception>
    public void Read(Span<byte> destination)
    {
        int read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
            throw Error(Position + read, $"{length} bytes in all", $"the end after {Position + read} bytes");
        Position += read;
    }

    /// <summary>Passes over bytes of a stream that can seek; the caller has checked that so many are there.</summary>
    public void Skip(long count)
    {
        stream.Seek(count, SeekOrigin.Current);
        Position += count;
    }
}
