using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels.Kernels.Warping;

/// <summary>The recurrences of the family, one <see cref="IWarpingRule{T}"/> each, beside the step patterns that have none.</summary>
internal enum WarpingRecurrence
{
    /// <summary>Dynamic time warping by <see cref="StepPattern.Symmetric1"/>.</summary>
    Symmetric1,

    /// <summary>Dynamic time warping by <see cref="StepPattern.Symmetric2"/>.</summary>
    Symmetric2,

    /// <summary>Dynamic time warping by any other step pattern.</summary>
    Pattern,

    /// <summary>Weighted by |i - j|.</summary>
    Weighted,

    /// <summary>A penalty for every step off the diagonal.</summary>
    Amerced,

    /// <summary>Edit distance with real penalty.</summary>
    Gap,

    /// <summary>Longest common subsequence.</summary>
    CommonSubsequence,

    /// <summary>Edit distance on real sequences.</summary>
    Edit,

    /// <summary>Move-split-merge.</summary>
    MoveSplitMerge,

    /// <summary>Time warp edit distance.</summary>
    TimeWarpEdit,

    /// <summary>Discrete Frechet distance.</summary>
    Frechet,

    /// <summary>Soft minimum of the three neighbours, of samples in the unit of the smoothing.</summary>
    Soft,

    /// <summary>Minus the logarithm of the global alignment kernel, of samples in the unit of its bandwidth.</summary>
    GlobalAlignment,
}
