using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Batches of matrices in host memory, on their way to an accelerator as one matrix with an item per row.</summary>
internal static unsafe class StagedBatch
{
    /// <summary>Whether a batch can be taken as one matrix with an item per row.</summary>
    public static bool IsStageable<T>(in Operand<T> item, long stride)
        where T : unmanaged =>
        item.Buffer is not null || stride == 0 || ((IsDense(item) || IsDense(item.Transposed)) && (long)item.Rows * item.Columns <= int.MaxValue);

    /// <summary>What is staged for a batch: an operand on the device or shared by all items as it is, else one item per row.</summary>
    public static Operand<T> Of<T>(in Operand<T> item, long stride, int count)
        where T : unmanaged => item.Buffer is not null || stride == 0
            ? item
            : new(item.Pointer, null, 0, count, item.Rows * item.Columns, stride, 1);

    /// <summary>The first item of what was staged, and the elements from item to item.</summary>
    public static DeviceMatrix<T> FirstItem<T>(in DeviceMatrix<T> staged, in Operand<T> item, ref long stride)
        where T : unmanaged
    {
        if (item.Buffer is not null || stride == 0) return staged;
        stride = (long)item.Rows * item.Columns;
        return IsDense(item)
            ? staged.As(item.Rows, item.Columns, item.Columns, 1)
            : staged.As(item.Rows, item.Columns, 1, item.Rows);
    }

    private static bool IsDense<T>(in Operand<T> item)
        where T : unmanaged => (item.ColumnStride == 1 || item.Columns <= 1) && (item.RowStride == item.Columns || item.Rows <= 1);
}
