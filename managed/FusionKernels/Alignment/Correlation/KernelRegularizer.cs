namespace FusionKernels;

/// <summary>How kernel CCA keeps its variates from fitting everything: the norm that is 1 for a dual vector a, with K the centred Gram matrix of n rows.</summary>
/// <remarks>K^2 is taken as a covariance, over n - 1, so that kappa means the same for any number of rows and, under the linear kernel, the same as in linear CCA.</remarks>
public enum KernelRegularizer
{
    /// <summary>aᵀ((1 - kappa) K^2 / (n - 1) + kappa K) a: between correlation (0) and partial least squares (1), kappa in 0 to 1 (Hardoon, Szedmak and Shawe-Taylor 2004). Under the linear kernel, the shrinkage of linear CCA.</summary>
    Hardoon,

    /// <summary>aᵀ(K + n kappa / 2 I)^2 a / (n - 1), kappa 0 or more (Bach and Jordan 2002).</summary>
    BachJordan,

    /// <summary>aᵀ(K^2 / (n - 1) + kappa K) a, a ridge kappa on the covariance operator, 0 or more (Fukumizu, Bach and Gretton 2007). Under the linear kernel, the ridge of linear CCA.</summary>
    Fukumizu,
}
