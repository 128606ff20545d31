namespace FusionKernels;

/// <summary>How dependence between kernels is measured.</summary>
public sealed record class KernelAlignmentOptions : ExecutionOptions
{
    /// <summary>Whether estimates are unbiased, without the diagonals; off by default.</summary>
    public bool Unbiased { get; init; }
}
