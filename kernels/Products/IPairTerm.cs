using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>What one feature of a pair of rows adds to the pair's sum: the inner step of every tiled product.</summary>
/// <remarks>Every term is symmetric in x and y to the last bit, so that a symmetric product is symmetric to the last bit.</remarks>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IPairTerm<T>
    where T : unmanaged
{
    /// <summary>sum + term(x, y).</summary>
    static abstract V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T>;
}
