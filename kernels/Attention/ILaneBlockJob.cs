namespace FusionKernels.Kernels.Attention;

/// <summary>Work on one block of lanes, whatever its width.</summary>
internal interface ILaneBlockJob
{
    /// <summary>Does it.</summary>
    /// <typeparam name="TBlock">How many vectors it is wide.</typeparam>
    /// <param name="start">The block's first row.</param>
    /// <param name="count">Its rows.</param>
    void Run<TBlock>(int start, int count)
        where TBlock : struct, ILaneBlock;
}
