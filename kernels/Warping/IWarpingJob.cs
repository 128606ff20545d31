namespace FusionKernels.Kernels.Warping;

/// <summary>Work that is written once for every point cost and recurrence.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IWarpingJob<T>
    where T : unmanaged
{
    /// <summary>Does the work for one of them.</summary>
    void Run<TCost, TRule>(TRule rule)
        where TCost : unmanaged, IPointCost<T>
        where TRule : unmanaged, IWarpingRule<T>;
}
