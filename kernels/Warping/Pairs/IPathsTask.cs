namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>What is done with the paths of one table while they can be traced.</summary>
/// <typeparam name="T">The element.</typeparam>
internal interface IPathsTask<T>
    where T : unmanaged
{
    /// <summary>Does it.</summary>
    void Run(AlignmentPaths<T> paths);
}
