namespace FusionKernels.Kernels.Warping;

/// <summary>What stands before the first row and the first column of an alignment table. The corner is 0.</summary>
internal enum WarpingBorder
{
    /// <summary>Infinity: a path begins at the corner; 0 as far as an open begin reaches.</summary>
    Wall,

    /// <summary>0: leaving samples out at the begin costs nothing.</summary>
    Zero,

    /// <summary>The sum of the row (column) values so far: leaving a sample out costs its value.</summary>
    Accumulated,
}
