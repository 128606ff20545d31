using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Products;

/// <summary>Elements from one item of a batch to the next; 0 gives every item the same operand.</summary>
/// <param name="A">For the left operand.</param>
/// <param name="B">For the right operand.</param>
/// <param name="Result">For the result; not 0 when there are several items.</param>
internal readonly record struct BatchStrides(long A, long B, long Result)
{
    /// <summary>Whether the batch is one product with more rows: one right operand, and items that continue each other's rows.</summary>
    public bool FoldIntoRows<T>(in MatrixRef<T> a, in MatrixRef<T> result)
        where T : unmanaged => B == 0 && A == a.Rows * a.RowStride && Result == result.Rows * result.RowStride;
}
