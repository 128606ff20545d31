using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>What becomes of a pair's finished sum before it is stored: the epilogue of every tiled product.</summary>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface ITileFunction<T>
    where T : unmanaged
{
    /// <summary>
    /// Whether the sum is a dot product that must become a squared distance first: row + column - 2 sum, with the row and
    /// column values the squared norms, and pairs too close for that difference summed again exactly.
    /// </summary>
    static abstract bool OfSquaredDistance { get; }

    /// <summary>Whether the value that stands in the result is read.</summary>
    static abstract bool ReadsPrevious { get; }

    /// <summary>Whether the function takes so many instructions that the compiler inlines it once in a loop, not twice.</summary>
    static virtual bool IsLong => false;

    /// <summary>The value to store.</summary>
    /// <param name="sum">The sum of the terms, or the squared distance.</param>
    /// <param name="row">The value of the row, e.g. its squared norm.</param>
    /// <param name="column">The value of the column.</param>
    /// <param name="previous">The value that stands in the result; undefined unless <see cref="ReadsPrevious"/>.</param>
    V Evaluate<V>(V sum, V row, V column, V previous)
        where V : unmanaged, IVector<V, T>;
}
