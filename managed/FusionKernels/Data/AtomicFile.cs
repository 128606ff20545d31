namespace FusionKernels;

/// <summary>A file that appears under its name only when it is complete: written beside it first, then renamed.</summary>
internal sealed class AtomicFile : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly string path;
    private readonly string temporary;
    private bool committed;

    /// <summary>Opens a new file beside <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The folder is absent or cannot be written.</exception>
    public AtomicFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
        temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        Stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes);
    }

    /// <summary>Where the content goes.</summary>
    public FileStream Stream { get; }

    /// <summary>Writes a text, in UTF-8.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteText(string path, string text) => WriteBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using AtomicFile file = new(path);
        file.Stream.Write(bytes);
        file.Commit();
    }

    /// <summary>Puts the content in the place of whatever stood under the name.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(temporary, path, overwrite: true);
        committed = true;
    }

    /// <summary>Removes what was not committed; never throws for want of room, so that what went wrong before is told.</summary>
    public void Dispose()
    {
        if (committed)
            return;
        try
        {
            Stream.Dispose();
        }
        catch (IOException) // what is left in its buffer is discarded anyhow
        {
        }

        File.Delete(temporary);
    }
}
