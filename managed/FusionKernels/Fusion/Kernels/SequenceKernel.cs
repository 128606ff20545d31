namespace FusionKernels;

/// <summary>The kernel of series.</summary>
public enum SequenceKernel
{
    /// <summary>The normalised global alignment kernel, its bandwidth by the median rule.</summary>
    GlobalAlignment,

    /// <summary>exp(-gamma d^2) of the dynamic time warping distance, gamma 1 / median of d^2; not positive semi-definite for all series.</summary>
    DtwRbf,
}
