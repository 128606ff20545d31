namespace FusionKernels;

/// <summary>Writes a matrix larger than memory to a .npy file, some rows at a time, and goes on where an earlier run stopped.</summary>
/// <remarks>
/// The header promises all rows from the start, so an unfinished file is not a valid .npy file: write to a name of your own (for example with
/// <c>.partial</c> at its end), call <see cref="Complete"/>, then rename. Not safe for use from several threads at once.
/// </remarks>
/// <typeparam name="T">float, double, int, long, byte or bool.</typeparam>
public sealed class NpyWriter<T> : IDisposable
    where T : unmanaged
{
    private readonly FileStream stream;
    private readonly string path;
    private readonly NpyMatrixLayout layout;

    /// <summary>Creates the file, in the place of one that is there, and writes its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows that will be written, at least 0.</param>
    /// <param name="columns">The elements of each row, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the array would have 2^63 bytes or more.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is none of the six types.</exception>
    public NpyWriter(string path, long rows, long columns)
        : this(path, rows, columns, completedRows: 0, FileMode.Create)
    {
    }

    private NpyWriter(string path, long rows, long columns, long completedRows, FileMode mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        layout = NpyMatrixLayout.Of<T>(rows, columns);
        this.path = path;
        Rows = rows;
        Columns = columns;
        CompletedRows = completedRows;
        stream = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        try
        {
            long end = layout.RowOffset(completedRows);
            if (mode == FileMode.Create)
                stream.Write(layout.Header);
            else
                layout.CheckPartial(stream, path, end);
            stream.SetLength(end);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The rows that the header promises.</summary>
    public long Rows { get; }

    /// <summary>The elements of each row.</summary>
    public long Columns { get; }

    /// <summary>The rows written so far; the next row appended has this index.</summary>
    public long CompletedRows { get; private set; }

    /// <summary>Opens a file that an earlier writer left unfinished and goes on after its first <paramref name="completedRows"/> rows; later rows are discarded.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows that the file was created for.</param>
    /// <param name="columns">The elements of each row that the file was created for.</param>
    /// <param name="completedRows">The rows to keep, 0 to <paramref name="rows"/>.</param>
    /// <returns>A writer at row <paramref name="completedRows"/>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The header is not that of this matrix and type, or the file holds fewer rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or <paramref name="completedRows"/> exceeds <paramref name="rows"/>.</exception>
    public static NpyWriter<T> Resume(string path, long rows, long columns, long completedRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(completedRows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(completedRows, rows);
        return new NpyWriter<T>(path, rows, columns, completedRows, FileMode.Open);
    }

    /// <summary>Appends whole rows.</summary>
    /// <param name="rows">Row-major elements; a multiple of <see cref="Columns"/> of them.</param>
    /// <exception cref="ArgumentException">The elements are not whole rows, or more rows than were promised.</exception>
    /// <exception cref="IOException">The disk is full or failed; <see cref="CompletedRows"/> still tells the rows written in full.</exception>
    public void Append(ReadOnlySpan<T> rows)
    {
        if (rows.IsEmpty)
            return;
        if (Columns == 0 || rows.Length % Columns != 0)
            throw new ArgumentException($"{rows.Length} elements are not whole rows of {Columns}", nameof(rows));
        long count = rows.Length / Columns;
        if (count > Rows - CompletedRows)
            throw new ArgumentException($"{count} rows after row {CompletedRows} are more than the {Rows} rows of {path}", nameof(rows));
        // A call that failed half way may have left part of a row behind.
        stream.Position = layout.RowOffset(CompletedRows);
        Npy.WriteElements(stream, rows);
        CompletedRows += count;
    }

    /// <summary>Reads consecutive elements of a row that was written.</summary>
    internal void ReadBack(long row, long firstColumn, Span<T> elements)
    {
        stream.Position = layout.RowOffset(row) + (firstColumn * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        stream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(elements));
    }

    /// <summary>Hands everything appended so far to the operating system, and to the disk if asked.</summary>
    /// <param name="flushToDisk">Whether to wait until the disk has it, so that a power cut cannot take it back.</param>
    public void Flush(bool flushToDisk) => stream.Flush(flushToDisk);

    /// <summary>Ends the file: checks that every row is there, waits for the disk and closes it.</summary>
    /// <exception cref="InvalidOperationException">Rows are missing.</exception>
    public void Complete()
    {
        if (Columns > 0 && CompletedRows < Rows)
            throw new InvalidOperationException($"{path} has {CompletedRows} of {Rows} rows; append the rest before completing it");
        CompletedRows = Rows;
        stream.Flush(flushToDisk: true);
        stream.Dispose();
    }

    /// <summary>Closes the file as it is; an unfinished one can be resumed.</summary>
    public void Dispose() => stream.Dispose();
}
