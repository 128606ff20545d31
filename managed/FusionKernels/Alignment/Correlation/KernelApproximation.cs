namespace FusionKernels;

/// <summary>How the Gram matrices of kernel CCA and kernel PCA are factored.</summary>
public enum KernelApproximation
{
    /// <summary>All of them: n x n, with all eigenvectors.</summary>
    Dense,

    /// <summary>Pivoted incomplete Cholesky: the rows that are explained worst so far, one after the other (Fine and Scheinberg 2001; Bach and Jordan 2002).</summary>
    Cholesky,

    /// <summary>Nystrom's method: rows drawn without replacement (Williams and Seeger 2001).</summary>
    Nystrom,

    /// <summary>Random Fourier features of a kernel of differences (Rahimi and Recht 2007): rbf, laplacian, exponential, matern, rational-quadratic, and multiples of them.</summary>
    Fourier,
}
