using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>Takes tiles of a Gram matrix that is not stored.</summary>
internal unsafe interface ITileConsumer<V, T>
    where V : unmanaged, IHostVector<V, T>
    where T : unmanaged
{
    /// <summary>Takes one tile; the tiles of one block of rows come from left to right on one thread, blocks in any order.</summary>
    void Accept(int row, int rows, int column, int columns, T* tile, int stride);
}
