namespace FusionKernels.Kernels.Grams;

/// <summary>A Gram matrix that the caller computed, in host memory.</summary>
/// <typeparam name="T">The element.</typeparam>
internal readonly unsafe struct GivenMatrix<T>(T* data, long rowStride, long columnStride)
    where T : unmanaged
{
    /// <summary>First element.</summary>
    public T* Data { get; } = data;

    /// <summary>Elements from row to row.</summary>
    public long RowStride { get; } = rowStride;

    /// <summary>Elements from column to column.</summary>
    public long ColumnStride { get; } = columnStride;

    /// <summary>One element.</summary>
    public T At(int row, int column) => Data[(row * RowStride) + (column * ColumnStride)];

    /// <summary>Copies part of one row.</summary>
    public void CopyRow(int row, int column, int columns, T* destination)
    {
        T* source = Data + (row * RowStride) + (column * ColumnStride);
        for (int c = 0; c < columns; c++) destination[c] = source[c * ColumnStride];
    }
}
