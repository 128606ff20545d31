namespace FusionKernels.Kernels.Attention;

/// <summary>Pinned elements by batch item, head, row and column, any strides.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="pointer">The first element; null for nothing.</param>
/// <param name="batch">Elements from item to item.</param>
/// <param name="head">Elements from head to head.</param>
/// <param name="row">Elements from row to row.</param>
/// <param name="column">Elements from column to column.</param>
/// <param name="starts">The row that each item begins with, where items are packed one after the other; null elsewhere.</param>
internal readonly unsafe struct Strided<T>(T* pointer, long batch, long head, long row, long column, int* starts = null)
    where T : unmanaged
{
    private readonly int* _starts = starts;

    /// <summary>The first element; null for nothing.</summary>
    public T* Pointer { get; } = pointer;

    /// <summary>Elements from item to item.</summary>
    public long Batch { get; } = batch;

    /// <summary>Elements from head to head.</summary>
    public long Head { get; } = head;

    /// <summary>Elements from row to row.</summary>
    public long Row { get; } = row;

    /// <summary>Elements from column to column.</summary>
    public long Column { get; } = column;

    /// <summary>Whether there is nothing here.</summary>
    public bool IsAbsent => Pointer is null;

    /// <summary>As many rows, packed where these are, side by side without gaps.</summary>
    /// <param name="first">The first element; null for nothing.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="rows">Rows of a head; of all items, where they are packed.</param>
    /// <param name="columns">Columns.</param>
    public Strided<T> Dense(T* first, int heads, int rows, int columns) =>
        new(first, _starts is null ? (long)heads * rows * columns : 0, (long)rows * columns, columns, 1, _starts);

    /// <summary>Where one row begins.</summary>
    public T* At(int item, int head, int row = 0) =>
        Pointer + (item * Batch) + (head * Head) + ((_starts is null ? row : (long)_starts[item] + row) * Row);

    /// <summary>One element.</summary>
    public ref T this[int item, int head, int row, int column] => ref At(item, head, row)[column * Column];
}
