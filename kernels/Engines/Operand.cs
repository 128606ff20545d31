namespace FusionKernels.Kernels.Engines;

/// <summary>A strided matrix whose memory stays where it is for the length of a call: pinned host memory or a device buffer.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="Pointer">The first element in host memory; null for a device buffer.</param>
/// <param name="Buffer">The device buffer; null for host memory.</param>
/// <param name="Offset">The first element in the buffer.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
/// <param name="ColumnStride">Elements from one column to the next.</param>
internal readonly unsafe record struct Operand<T>(
    T* Pointer, DeviceBuffer<T>? Buffer, long Offset, int Rows, int Columns, long RowStride, long ColumnStride)
    where T : unmanaged
{
    /// <summary>The same memory with rows and columns exchanged.</summary>
    public Operand<T> Transposed => new(Pointer, Buffer, Offset, Columns, Rows, ColumnStride, RowStride);

    /// <summary>Whether there is nothing here: the default value.</summary>
    public bool IsAbsent => Pointer is null && Buffer is null;

    /// <summary>Some of the rows.</summary>
    public Operand<T> RowRange(int first, int count) => Buffer is null
        ? new(Pointer + (first * RowStride), null, 0, count, Columns, RowStride, ColumnStride)
        : new(null, Buffer, Offset + (first * RowStride), count, Columns, RowStride, ColumnStride);

    /// <summary>Some of the columns.</summary>
    public Operand<T> ColumnRange(int first, int count) => Transposed.RowRange(first, count).Transposed;
}
