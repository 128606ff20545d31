namespace FusionKernels.Kernels.Grams;

/// <summary>The value per row that belongs to a statistic, read by kernels' functions beside the sums.</summary>
internal enum RowValue
{
    /// <summary>None.</summary>
    None,

    /// <summary>|x|^2 of the centred row: squared distances are made from it.</summary>
    SquaredNorm,

    /// <summary>1 / |x| of the row as it is, 0 for a zero row: cosines are made from it, and its being positive bounds every dot product.</summary>
    InverseNorm,
}
