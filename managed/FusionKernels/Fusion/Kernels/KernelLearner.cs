namespace FusionKernels;

/// <summary>What learns from a fused Gram matrix.</summary>
public enum KernelLearner
{
    /// <summary>Support vector machines for labels, ridge regression for targets.</summary>
    Default,

    /// <summary>Support vector machines; labels only.</summary>
    Svm,

    /// <summary>Ridge regression, one class against the others for labels.</summary>
    Ridge,

    /// <summary>A Gaussian process; of labels, by regression on one class against the others.</summary>
    GaussianProcess,

    /// <summary>A Gaussian process of classes by Laplace's approximation; labels only. The dearest: some tens of classes n^3 operations.</summary>
    LaplaceProcess,
}
