namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>How the host finds singular values.</summary>
internal enum SvdRoute
{
    /// <summary>One-sided Jacobi rotations, of a small matrix or of its triangular factor.</summary>
    Jacobi,

    /// <summary>The eigenvectors of the Gram matrix make the columns nearly orthogonal by products; one-sided Jacobi rotations end it.</summary>
    PreparedJacobi,

    /// <summary>The largest: eigenvectors of the Gram matrix, then a Rayleigh-Ritz step on the matrix itself, until the residual is rounding.</summary>
    GramTop,
}
