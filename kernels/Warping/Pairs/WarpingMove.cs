namespace FusionKernels.Kernels.Warping.Pairs;

/// <summary>From where a path reaches a cell, in the order in which equal costs are preferred.</summary>
internal enum WarpingMove
{
    /// <summary>The row and the column before.</summary>
    Diagonal,

    /// <summary>The row before.</summary>
    Above,

    /// <summary>The column before.</summary>
    Left,
}
