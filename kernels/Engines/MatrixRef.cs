using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Engines;

/// <summary>A strided matrix in host memory or on a device, as the public API hands it to a family.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly ref struct MatrixRef<T>
    where T : unmanaged
{
    private readonly ref T _reference;
    private readonly DeviceBuffer<T>? _buffer;
    private readonly long _offset;

    /// <summary>A matrix in host memory, which the family pins for the length of the call.</summary>
    public MatrixRef(ref T reference, int rows, int columns, long rowStride, long columnStride = 1)
    {
        _reference = ref reference;
        (Rows, Columns, RowStride, ColumnStride) = (rows, columns, rowStride, columnStride);
    }

    /// <summary>A matrix in a device buffer.</summary>
    public MatrixRef(DeviceBuffer<T> buffer, long offset, int rows, int columns, long rowStride, long columnStride = 1)
    {
        (_buffer, _offset) = (buffer, offset);
        (Rows, Columns, RowStride, ColumnStride) = (rows, columns, rowStride, columnStride);
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Elements from one row to the next; 0 repeats a row.</summary>
    public long RowStride { get; }

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride { get; }

    /// <summary>Whether there is nothing here: the default value.</summary>
    public bool IsAbsent => Unsafe.IsNullRef(ref _reference) && _buffer is null;

    /// <summary>What a <c>fixed</c> statement pins; a null reference for device memory.</summary>
    public ref T GetPinnableReference() => ref _reference;

    /// <summary>The same matrix with its host memory pinned at <paramref name="pointer"/>.</summary>
    public unsafe Operand<T> At(T* pointer) => new(pointer, _buffer, _offset, Rows, Columns, RowStride, ColumnStride);

    /// <summary>The same matrix where it lies in a device buffer, which nothing needs to pin.</summary>
    public unsafe Operand<T> InBuffer => At(null);

    /// <summary>As many rows from the first one on; what lies there is the caller's to know.</summary>
    public MatrixRef<T> WithRows(int rows) => _buffer is null
        ? new(ref _reference, rows, Columns, RowStride, ColumnStride)
        : new(_buffer, _offset, rows, Columns, RowStride, ColumnStride);

    /// <summary>The same memory with rows and columns exchanged.</summary>
    public MatrixRef<T> Transposed => _buffer is null
        ? new(ref _reference, Columns, Rows, ColumnStride, RowStride)
        : new(_buffer, _offset, Columns, Rows, ColumnStride, RowStride);

    /// <summary>A matrix over a row-major span.</summary>
    public static MatrixRef<T> Of(ReadOnlySpan<T> elements, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(elements.Length, checked(rows * columns), nameof(elements));
        return new(ref Unsafe.AsRef(in System.Runtime.InteropServices.MemoryMarshal.GetReference(elements)), rows, columns, columns);
    }
}
