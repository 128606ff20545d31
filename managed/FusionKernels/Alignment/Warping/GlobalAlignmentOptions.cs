namespace FusionKernels;

/// <summary>Which global alignment kernel is computed and where.</summary>
public record class GlobalAlignmentOptions : ExecutionOptions
{
    /// <summary>The bandwidth of the local kernel, in the unit of samples: a finite number above 0, 1 by default; <see cref="GlobalAlignment.MedianSigma{T}"/> proposes one.</summary>
    public double Sigma { get; init; } = 1;

    /// <summary>Whether kernels are divided by the geometric mean of either series' kernel with itself, so that a series has 1 with itself; on by default.</summary>
    public bool Normalized { get; init; } = true;

    /// <summary>Which samples may be matched: a range of columns for every row; all by default. A window that does not depend on the order of the series keeps Gram matrices symmetric.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>
    /// What to do with samples that are NaN or infinite; an error by default. A skipped sample is equal to every other, which no kernel
    /// knows of: Gram matrices are then symmetric but need not be positive definite, nor normalised values at most 1.
    /// </summary>
    public MissingSamples Missing { get; init; }
}
