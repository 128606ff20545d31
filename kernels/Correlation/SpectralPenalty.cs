namespace FusionKernels.Kernels.Correlation;

/// <summary>What a regulariser of kernel CCA leaves of a direction: the length of its variate, for a dual vector of length 1 in the regularised norm.</summary>
internal enum SpectralPenalty
{
    /// <summary>(1 - kappa) K^2 / (n - 1) + kappa K.</summary>
    Convex,

    /// <summary>(K + n kappa / 2 I)^2 / (n - 1).</summary>
    Squared,

    /// <summary>K^2 / (n - 1) + kappa K.</summary>
    Ridge,
}
