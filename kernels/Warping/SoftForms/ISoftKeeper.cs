using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.SoftForms;

/// <summary>Whether a pass over a soft table keeps by how much each of the three neighbours weighs in a cell.</summary>
/// <typeparam name="T">The element.</typeparam>
internal unsafe interface ISoftKeeper<T>
    where T : unmanaged
{
    /// <summary>Keeps diagonal / sum, above / sum and left / sum.</summary>
    /// <param name="diagonal">The weight of the paths through cell(i-1, j-1).</param>
    /// <param name="above">The weight of those through cell(i-1, j).</param>
    /// <param name="left">The weight of those through cell(i, j-1).</param>
    /// <param name="sum">All three.</param>
    /// <param name="shares">Where the first share goes.</param>
    /// <param name="stride">Elements from one neighbour's shares to the next one's.</param>
    static abstract void Keep<V>(V diagonal, V above, V left, V sum, T* shares, nint stride)
        where V : unmanaged, IHostVector<V, T>;
}
