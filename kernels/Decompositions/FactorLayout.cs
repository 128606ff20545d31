namespace FusionKernels.Kernels.Decompositions;

/// <summary>Where a batch of blocks lies in a device view, as a kernel argument.</summary>
internal struct FactorLayout
{
    /// <summary>The first element of the first block.</summary>
    public long Offset;

    /// <summary>Elements from one row to the next; negative for a triangle that is taken from its end.</summary>
    public long RowStride;

    /// <summary>Elements from one column to the next.</summary>
    public long ColumnStride;

    /// <summary>Elements from one block of the batch to the next.</summary>
    public long BatchStride;
}
