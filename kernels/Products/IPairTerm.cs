using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Products;

/// <summary>What one feature of a pair of rows adds to the pair's sum: the inner step of every tiled product.</summary>
/// <remarks>Every term is symmetric in x and y to the last bit, so that a symmetric product is symmetric to the last bit.</remarks>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IPairTerm<T>
    where T : unmanaged
{
    /// <summary>
    /// Whether the term takes one to three instructions, so that a device kernel writes several steps out; a longer one stays
    /// in a loop, or kernels would outgrow the instruction cache and take minutes to compile.
    /// </summary>
    static abstract bool IsShort { get; }

    /// <summary>sum + term(x, y).</summary>
    static abstract V Accumulate<V>(V sum, V x, V y)
        where V : unmanaged, IVector<V, T>;
}
