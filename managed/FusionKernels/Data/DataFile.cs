namespace FusionKernels;

/// <summary>Opens input files and streams in the one way that all readers share.</summary>
internal static class DataFile
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Opens a file for reading from front to back.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static FileStream OpenRead(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
    }

    /// <summary>Refuses a stream whose length cannot be known before it is read.</summary>
    public static void RequireSeekable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead || !stream.CanSeek)
            throw new ArgumentException("the stream must be readable and seekable, so that sizes can be checked before memory is taken; copy it to a MemoryStream first", nameof(stream));
    }
}
