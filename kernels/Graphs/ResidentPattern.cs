using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Graphs;

/// <summary>A sparse pattern in the memory of one engine, for many calls.</summary>
internal sealed unsafe class ResidentPattern : ISparsePattern, IDisposable
{
    private readonly List<DeviceBuffer<int>> _buffers = [];

    /// <summary>Brings a pattern to an engine.</summary>
    /// <exception cref="DeviceOutOfMemoryException">There is no room.</exception>
    public ResidentPattern(Engine engine, SparsePattern pattern, string operation)
    {
        (Rows, Columns, Entries, LongestRow) = (pattern.Rows, pattern.Columns, pattern.Entries, pattern.LongestRow);
        try
        {
            Operand<int> starts = Upload(engine, pattern.Starts, operation), columnStarts = Upload(engine, pattern.ColumnStarts, operation);
            Operand<int> places = Upload(engine, pattern.Places, operation);
            ByRows = new(Rows, Columns, starts, Upload(engine, pattern.Indices, operation), default, Upload(engine, pattern.Owners, operation));
            ByColumns = new(Columns, Rows, columnStarts, Copy(engine, pattern.ByColumns.Indices, operation), places, default);
            EntriesOfRows = new(Rows, Entries, starts, Copy(engine, pattern.EntriesOfRows.Indices, operation), default, default);
            EntriesOfColumns = new(Columns, Entries, columnStarts, places, default, default);
            GC.KeepAlive(pattern);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <inheritdoc/>
    public int Entries { get; }

    /// <inheritdoc/>
    public int LongestRow { get; }

    /// <inheritdoc/>
    public PatternOperand ByRows { get; }

    /// <inheritdoc/>
    public PatternOperand ByColumns { get; }

    /// <inheritdoc/>
    public PatternOperand EntriesOfRows { get; }

    /// <inheritdoc/>
    public PatternOperand EntriesOfColumns { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceBuffer<int> buffer in _buffers) buffer.Dispose();
    }

    private Operand<int> Copy(Engine engine, in Operand<int> values, string operation) => Upload(engine, new(values.Pointer, values.Columns), operation);

    private Operand<int> Upload(Engine engine, ReadOnlySpan<int> values, string operation)
    {
        DeviceBuffer<int> buffer = engine.Allocate<int>(values.Length, operation);
        _buffers.Add(buffer);
        engine.Upload(values, buffer, 0);
        return new(null, buffer, 0, 1, values.Length, values.Length, 1);
    }
}
