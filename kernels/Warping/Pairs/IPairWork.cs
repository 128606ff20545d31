using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Warping.Pairs;

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

    /// <summary>Does the work on an accelerator.</summary>
    /// <param name="engine">The accelerator.</param>
    /// <param name="problem">What is computed, without a finish.</param>
    /// <param name="x">One prepared series; null where point costs are given.</param>
    /// <param name="y">The other one.</param>
    /// <param name="costs">Point costs, where there are no series.</param>
    /// <exception cref="NotSupportedException">It is work for the host.</exception>
    void RunOn(AcceleratorEngine engine, WarpingProblem problem, SeriesPack<T>? x, SeriesPack<T>? y, in Operand<T> costs);
}
