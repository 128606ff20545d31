using ILGPU;

namespace FusionKernels.Kernels.Engines;

/// <summary>A strided matrix on an accelerator, as a kernel takes it: element (row, column) is <c>View[Offset + row * RowStride + column * ColumnStride]</c>.</summary>
/// <remarks>
/// <see cref="View"/> is the whole buffer, aligned for vector loads: a kernel casts it, never a part of it, and adds
/// <see cref="Offset"/> itself. Disposing returns working memory and leaves operands alone.
/// </remarks>
internal readonly struct DeviceMatrix<T> : IDisposable
    where T : unmanaged
{
    private readonly AcceleratorEngine _engine;
    private readonly AcceleratorBuffer<T>? _buffer;
    private readonly Operand<T> _host;
    private readonly bool _commit;
    private readonly RunSettings _settings;
    private readonly Operand<T> _layout;

    /// <summary>Describes a matrix.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="buffer">The memory it lies in.</param>
    /// <param name="source">The operand that it stands for, in its natural order; the default for working memory.</param>
    /// <param name="commit">Whether <see cref="Commit"/> downloads.</param>
    /// <param name="settings">The call's settings.</param>
    /// <param name="layout">Offset, shape and strides.</param>
    internal DeviceMatrix(
        AcceleratorEngine engine, AcceleratorBuffer<T> buffer, in Operand<T> source, bool commit, in RunSettings settings, in Operand<T> layout)
    {
        (_engine, _buffer, _host, _commit, _settings, _layout) = (engine, buffer, source, commit, settings, layout);
        View = buffer.View;
    }

    /// <summary>Describes part of a matrix that owns its memory.</summary>
    private unsafe DeviceMatrix(AcceleratorEngine engine, ArrayView<T> view, in Operand<T> layout, in RunSettings settings)
    {
        (_engine, _layout, _settings) = (engine, layout, settings);
        _buffer = null;
        View = view;
    }

    /// <summary>The buffer.</summary>
    public ArrayView<T> View { get; }

    /// <summary>The first element in <see cref="View"/>.</summary>
    public long Offset => _layout.Offset;

    /// <summary>Rows.</summary>
    public int Rows => _layout.Rows;

    /// <summary>Columns.</summary>
    public int Columns => _layout.Columns;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride => _layout.RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride => _layout.ColumnStride;

    /// <summary>Rows and columns exchanged, of this matrix's memory.</summary>
    public DeviceMatrix<T> Transposed => Part(Offset, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Dense rows x columns in working memory, from element <paramref name="offset"/> on; the buffer stays the owner.</summary>
    public static unsafe DeviceMatrix<T> Over(
        AcceleratorEngine engine, AcceleratorBuffer<T> buffer, long offset, int rows, int columns, in RunSettings settings) =>
        new(engine, buffer.View, new(null, null, offset, rows, columns, columns, 1), settings);

    /// <summary>A rectangle of this matrix, which stays the owner of its memory.</summary>
    public DeviceMatrix<T> Range(int row, int rows, int column, int columns) =>
        Part(Offset + (row * RowStride) + (column * ColumnStride), rows, columns, RowStride, ColumnStride);

    /// <summary>The same shape, so many elements further on in this matrix's memory.</summary>
    public DeviceMatrix<T> Moved(long elements) => Part(Offset + elements, Rows, Columns, RowStride, ColumnStride);

    /// <summary>Every <paramref name="step"/>th row, which stay this matrix's.</summary>
    public DeviceMatrix<T> EveryRow(int step) => Part(Offset, (Rows + step - 1) / step, Columns, RowStride * step, ColumnStride);

    /// <summary>A matrix of other shape and strides from the first element on, in this matrix's memory.</summary>
    public DeviceMatrix<T> As(int rows, int columns, long rowStride, long columnStride) => Part(Offset, rows, columns, rowStride, columnStride);

    /// <summary>Waits for the kernels and brings an output to its place on the host; does nothing for one that lives on the device.</summary>
    public void Commit()
    {
        _engine.Synchronize(_settings.Trace);
        if (_commit) _engine.Commit(_buffer!, _host, _settings);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_host.Buffer is null) _buffer?.Dispose();
    }

    private unsafe DeviceMatrix<T> Part(long offset, int rows, int columns, long rowStride, long columnStride) =>
        new(_engine, View, new(null, null, offset, rows, columns, rowStride, columnStride), _settings);
}
