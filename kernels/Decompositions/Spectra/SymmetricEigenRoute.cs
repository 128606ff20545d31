namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>How the host finds eigenvalues.</summary>
internal enum SymmetricEigenRoute
{
    /// <summary>Householder's reduction to tridiagonal form, then the implicit QL iteration without vectors.</summary>
    ValuesOnly,

    /// <summary>The reduction, divide and conquer, and the way back for the vectors that are wanted.</summary>
    DivideAndConquer,

    /// <summary>As many matrices at a time as a vector has lanes: the reduction and the implicit QL iteration in all of them together.</summary>
    Lanes,
}
