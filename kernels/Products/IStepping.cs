using FusionKernels.Kernels.Simd;
using ILGPU;

namespace FusionKernels.Kernels.Products;

/// <summary>How a thread goes through the features of a stage. A type of its own, so that compilers never see the other way.</summary>
internal interface IStepping
{
    /// <summary>The sums with the terms of every feature of a stage added.</summary>
    /// <param name="sums">The sums before.</param>
    /// <param name="xStages">Staged rows of the left operand.</param>
    /// <param name="yStages">Staged rows of the right operand.</param>
    /// <param name="x">This thread's first quad of the left operand in the stage.</param>
    /// <param name="y">This thread's first quad of the right operand in the stage.</param>
    static abstract RegisterTile<V> Steps<V, T, TTerm, TTile>(
        RegisterTile<V> sums, ArrayView<Quad<V>> xStages, ArrayView<Quad<V>> yStages, int x, int y)
        where V : unmanaged, IDeviceVector<V, T>
        where T : unmanaged
        where TTerm : struct, IPairTerm<T>
        where TTile : struct, ITileSize;
}
