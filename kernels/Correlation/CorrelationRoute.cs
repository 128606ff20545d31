namespace FusionKernels;

/// <summary>How a linear canonical correlation is computed.</summary>
public enum CorrelationRoute
{
    /// <summary>By shape and measured condition; the fitted model says which route was taken and why.</summary>
    Auto,

    /// <summary>Covariances from one product of the centred rows with themselves, Cholesky (or, short of full rank, eigenvectors) of each view's, and an SVD of the whitened cross-block. The fastest where rows are many.</summary>
    HalfProduct,

    /// <summary>QR of the centred rows, block by block in float64, and SVDs of what is left of each view: loses half as many digits to ill-conditioned views (Björck and Golub 1973).</summary>
    Qr,

    /// <summary>As <see cref="HalfProduct"/>, with the largest correlations alone, from a randomized block Krylov range of the whitened cross-block, which is never formed (Musco and Musco 2015): for few components of wide views. Where that does not converge, <see cref="HalfProduct"/> is what was done, and reported.</summary>
    Randomized,
}
