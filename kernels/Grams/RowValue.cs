namespace FusionKernels.Kernels.Grams;

/// <summary>The value per row that a kernel's function reads beside the statistic.</summary>
internal enum RowValue
{
    /// <summary>None.</summary>
    None,

    /// <summary>|x|^2 of the centred row.</summary>
    SquaredNorm,

    /// <summary>1 / |x| of the row as it is, 0 for a zero row.</summary>
    InverseNorm,
}
