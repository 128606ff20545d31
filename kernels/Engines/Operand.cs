using System.Buffers;

namespace FusionKernels.Kernels.Engines;

/// <summary>A strided matrix whose memory stays where it is for the length of a call: pinned host memory or a device buffer.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="pointer">The first element in host memory; null for a device buffer.</param>
/// <param name="buffer">The device buffer; null for host memory.</param>
/// <param name="offset">The first element in the buffer.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="rowStride">Elements from one row to the next.</param>
/// <param name="columnStride">Elements from one column to the next.</param>
internal readonly unsafe struct Operand<T>(
    T* pointer, DeviceBuffer<T>? buffer, long offset, int rows, int columns, long rowStride, long columnStride)
    where T : unmanaged
{
    /// <summary>The first element in host memory; null for a device buffer.</summary>
    public T* Pointer { get; } = pointer;

    /// <summary>The device buffer; null for host memory.</summary>
    public DeviceBuffer<T>? Buffer { get; } = buffer;

    /// <summary>The first element in the buffer.</summary>
    public long Offset { get; } = offset;

    /// <summary>Rows.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns.</summary>
    public int Columns { get; } = columns;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride { get; } = rowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride { get; } = columnStride;

    /// <summary>A matrix in host memory that a handle keeps where it is.</summary>
    public static Operand<T> Pinned(MemoryHandle handle, int rows, int columns, long rowStride, long columnStride) =>
        new((T*)handle.Pointer, null, 0, rows, columns, rowStride, columnStride);

    /// <summary>The same matrix as a family takes it.</summary>
    public MatrixRef<T> Ref => Buffer is null
        ? new(ref System.Runtime.CompilerServices.Unsafe.AsRef<T>(Pointer), Rows, Columns, RowStride, ColumnStride)
        : new(Buffer, Offset, Rows, Columns, RowStride, ColumnStride);

    /// <summary>The same memory with rows and columns exchanged.</summary>
    public Operand<T> Transposed => new(Pointer, Buffer, Offset, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Whether there is nothing here: the default value.</summary>
    public bool IsAbsent => Pointer is null && Buffer is null;

    /// <summary>The same shape, so many elements further on.</summary>
    public Operand<T> Moved(long elements) => Buffer is null
        ? new(Pointer + elements, null, 0, Rows, Columns, RowStride, ColumnStride)
        : new(null, Buffer, Offset + elements, Rows, Columns, RowStride, ColumnStride);

    /// <summary>Some of the rows.</summary>
    public Operand<T> RowRange(int first, int count) => Buffer is null
        ? new(Pointer + (first * RowStride), null, 0, count, Columns, RowStride, ColumnStride)
        : new(null, Buffer, Offset + (first * RowStride), count, Columns, RowStride, ColumnStride);

    /// <summary>As many rows from the first one on.</summary>
    public Operand<T> WithRows(int count) => new(Pointer, Buffer, Offset, count, Columns, RowStride, ColumnStride);

    /// <summary>So many rows of host memory, from one on and every <paramref name="step"/>-th.</summary>
    public Operand<T> Strided(int first, int step, int count) => new(Pointer + (first * RowStride), null, 0, count, Columns, RowStride * step, ColumnStride);

    /// <summary>Some of the columns.</summary>
    public Operand<T> ColumnRange(int first, int count) => Transposed.RowRange(first, count).Transposed;
}
