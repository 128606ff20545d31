using System.Text.Json;
using System.Text.Json.Serialization;

namespace FusionKernels;

/// <summary>
/// What is known to be on the disk of an unfinished matrix file: a file beside it whose first line describes the work and whose
/// further lines count finished rows, each made durable before the next block begins. Held open, it keeps others off the work.
/// </summary>
internal sealed partial class StreamedMatrixLog : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _path;

    /// <summary>Opens the log and reads what an interrupted call left; a line that was cut off does not count.</summary>
    /// <exception cref="IOException">Another call works on the file, or the folder cannot be written.</exception>
    public StreamedMatrixLog(string path)
    {
        _path = path;
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            ReadLines();
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The work that was interrupted; null when there is none, or its description is unreadable.</summary>
    public StreamedMatrixWork? Work { get; private set; }

    /// <summary>Rows that are on the disk.</summary>
    public int CompletedRows { get; private set; }

    /// <summary>Forgets everything and begins new work.</summary>
    public void Begin(StreamedMatrixWork work)
    {
        _stream.SetLength(0);
        (Work, CompletedRows) = (work, 0);
        Append(JsonSerializer.SerializeToUtf8Bytes(work, StreamedMatrixJson.Default.StreamedMatrixWork));
    }

    /// <summary>Counts rows that are on the disk.</summary>
    public void Complete(int rows)
    {
        CompletedRows += rows;
        Append(JsonSerializer.SerializeToUtf8Bytes(new StreamedMatrixStep(CompletedRows), StreamedMatrixJson.Default.StreamedMatrixStep));
    }

    /// <summary>Closes and removes the log.</summary>
    public void Delete()
    {
        _stream.Dispose();
        File.Delete(_path);
    }

    /// <summary>Closes the log; unfinished work can be resumed.</summary>
    public void Dispose() => _stream.Dispose();

    private void ReadLines()
    {
        using StreamReader reader = new(_stream, leaveOpen: true);
        string text = reader.ReadToEnd();

        // A process that was killed while it wrote leaves a line without an end. Serialised text is ASCII: a character is a byte.
        int end = text.LastIndexOf('\n') + 1;
        _stream.SetLength(end);
        try
        {
            foreach (string line in text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Work is null) Work = JsonSerializer.Deserialize(line, StreamedMatrixJson.Default.StreamedMatrixWork);
                else CompletedRows = JsonSerializer.Deserialize(line, StreamedMatrixJson.Default.StreamedMatrixStep)?.CompletedRows ?? throw new JsonException();
            }
        }
        catch (JsonException) // not written by this class: nothing is known
        {
            (Work, CompletedRows) = (null, 0);
        }
    }

    private void Append(byte[] line)
    {
        _stream.Seek(0, SeekOrigin.End);
        _stream.Write(line);
        _stream.WriteByte((byte)'\n');
        _stream.Flush(flushToDisk: true);
    }
}

/// <summary>One line of a <see cref="StreamedMatrixLog"/>.</summary>
/// <param name="CompletedRows">Rows on the disk.</param>
internal sealed record StreamedMatrixStep(int CompletedRows);

/// <summary>Serialisers made when compiled.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StreamedMatrixWork))]
[JsonSerializable(typeof(StreamedMatrixStep))]
internal sealed partial class StreamedMatrixJson : JsonSerializerContext;
