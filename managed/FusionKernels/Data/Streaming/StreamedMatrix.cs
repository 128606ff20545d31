using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>A matrix on its way to a .npy file: the unfinished matrix, and the log of what of it is on the disk.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class StreamedMatrix<T> : IRowSink<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _path;
    private readonly string _partial;
    private readonly StreamedMatrixLog _log;
    private readonly StreamedMatrixWork _work;
    private NpyWriter<T>? _writer;

    /// <summary>Resumes the work that stands beside the path if it is this work; replaces other work with the first block, when it is sure that there is one.</summary>
    public StreamedMatrix(string path, StreamedMatrixWork work)
    {
        _path = path;
        _work = work;
        _partial = path + ".partial";
        _log = new StreamedMatrixLog(_partial + ".log");
        try
        {
            _writer = TryResume();
            ResumedRows = _writer is null ? 0 : _log.CompletedRows;
        }
        catch
        {
            _log.Dispose();
            throw;
        }
    }

    /// <summary>Rows that were there already.</summary>
    public int ResumedRows { get; }

    /// <summary>Why work that was there was discarded; null when it was not.</summary>
    public string? Discarded { get; private set; }

    /// <inheritdoc/>
    public void Accept(int first, int count, ReadOnlySpan<T> values)
    {
        NpyWriter<T> writer = _writer ??= Create();
        writer.Append(values);
        writer.Flush(flushToDisk: true);
        _log.Complete(count);
    }

    /// <summary>Reads consecutive elements of a row that is on the disk already.</summary>
    public void ReadBack(int row, int firstColumn, Span<T> elements) => _writer!.ReadBack(row, firstColumn, elements);

    /// <summary>Gives the finished matrix its name.</summary>
    public void Complete()
    {
        (_writer ??= Create()).Complete();
        File.Move(_partial, _path, overwrite: true);
        _log.Delete();
    }

    /// <summary>Closes both files; unfinished work can be resumed.</summary>
    public void Dispose()
    {
        _writer?.Dispose();
        if (_log.Work is null) _log.Delete();
        else _log.Dispose();
    }

    private NpyWriter<T>? TryResume()
    {
        if (!File.Exists(_partial)) return null;
        Discarded = _log.Work is null ? "nothing tells what it was" : _work.DifferenceFrom(_log.Work);
        if (Discarded is not null) return null;
        try
        {
            return NpyWriter<T>.Resume(_partial, _work.Rows, _work.Columns, _log.CompletedRows);
        }
        catch (Exception damaged) when (damaged is DataFormatException or ArgumentOutOfRangeException)
        {
            Discarded = $"it is damaged: {damaged.Message}";
            return null;
        }
    }

    private NpyWriter<T> Create()
    {
        // In this order an unfinished matrix never stands beside the log of another.
        File.Delete(_partial);
        _log.Begin(_work);
        return new NpyWriter<T>(_partial, _work.Rows, _work.Columns);
    }
}
