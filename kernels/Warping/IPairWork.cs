using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping;

/// <summary>Work on one alignment table that is written once for every width, point cost and recurrence.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IPairWork<T>
    where T : unmanaged
{
    /// <summary>Does the work by a rule of three neighbours.</summary>
    void Run<V, TCells>(in WarpingPair<T> pair, TCells cells)
        where V : unmanaged, IHostVector<V, T>
        where TCells : struct, IPairCells<T>;

    /// <summary>Does the work by a step pattern.</summary>
    void RunPattern<V, TCosts>(in WarpingPair<T> pair, TCosts costs)
        where V : unmanaged, IHostVector<V, T>
        where TCosts : struct, IPatternCosts<T>;
}
