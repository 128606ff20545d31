namespace FusionKernels.Kernels.Attention.Devices;

/// <summary>Where elements by item, head, row and column lie in a device view, as a kernel argument.</summary>
internal struct DeviceStrides
{
    /// <summary>The first element.</summary>
    public long Offset;

    /// <summary>Elements from item to item.</summary>
    public long Batch;

    /// <summary>Elements from head to head.</summary>
    public long Head;

    /// <summary>Elements from row to row.</summary>
    public long Row;

    /// <summary>Elements from column to column.</summary>
    public long Column;

    /// <summary>1 where four elements of a row that start at a multiple of four lie side by side, aligned; else 0.</summary>
    public int IsVector;

    /// <summary>The strides of elements whose first one stands somewhere in a view.</summary>
    public static DeviceStrides Of(long offset, long batch, long head, long row, long column) => new()
    {
        Offset = offset,
        Batch = batch,
        Head = head,
        Row = row,
        Column = column,
        IsVector = column == 1 && ((offset | batch | head | row) & 3) == 0 ? 1 : 0,
    };

    /// <summary>Where one element of a pair lies.</summary>
    public long At(int item, int head, int row, int column) => Offset + (item * Batch) + (head * Head) + (row * Row) + (column * Column);
}
