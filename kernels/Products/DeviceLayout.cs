using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Where a batch of strided matrices lies in a device view, as a kernel argument.</summary>
/// <remarks>Device views are taken as aligned at their first element only, so offsets are kept apart from views.</remarks>
internal struct DeviceLayout
{
    /// <summary>The first element of the first matrix.</summary>
    public long Offset;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride;

    /// <summary>Elements from one column, or feature, to the next.</summary>
    public long ColumnStride;

    /// <summary>Elements from one matrix of the batch to the next; 0 repeats the matrix.</summary>
    public long BatchStride;

    /// <summary>1 where four elements are taken from one column rather than from one row, else 0.</summary>
    public int AlongRows;

    /// <summary>1 where four elements that start at a multiple of four are contiguous and aligned, else 0.</summary>
    public int IsVector;

    /// <summary>The layout of a batch whose first matrix is given.</summary>
    public static DeviceLayout Of<T>(in DeviceMatrix<T> matrix, long batchStride = 0)
        where T : unmanaged => Of(matrix.Offset, matrix.RowStride, matrix.ColumnStride, batchStride);

    /// <summary>The layout of matrices whose strides are known.</summary>
    public static DeviceLayout Of(long offset, long rowStride, long columnStride, long batchStride = 0)
    {
        bool alongRows = rowStride == 1 && columnStride != 1;
        long across = alongRows ? columnStride : rowStride;
        bool contiguous = rowStride == 1 || columnStride == 1;
        return new()
        {
            Offset = offset,
            RowStride = rowStride,
            ColumnStride = columnStride,
            BatchStride = batchStride,
            AlongRows = alongRows ? 1 : 0,
            IsVector = contiguous && ((offset | across | batchStride) & 3) == 0 ? 1 : 0,
        };
    }
}
