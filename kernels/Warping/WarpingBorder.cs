namespace FusionKernels.Kernels.Warping;

/// <summary>What stands before the first row and the first column of an alignment table. The corner is 0.</summary>
internal enum WarpingBorder
{
    /// <summary>Infinity: a path begins at the corner; 0 as far as an open begin reaches.</summary>
    Wall,

    /// <summary>0: leaving samples out at the begin costs nothing.</summary>
    Zero,

    /// <summary>What the row's (column's) series says: its <see cref="SeriesPack{T}.BorderValues"/>.</summary>
    Given,
}
