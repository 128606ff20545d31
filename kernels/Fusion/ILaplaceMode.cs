using FusionKernels.Kernels.Decompositions;

namespace FusionKernels.Kernels.Fusion;

/// <summary>Laplace's approximation of Gaussian processes round their mode.</summary>
internal interface ILaplaceMode
{
    /// <summary>The approximate log p(y).</summary>
    double LogEvidence { get; }

    /// <summary>Newton's steps.</summary>
    int Steps { get; }

    /// <summary>Means and covariances of the functions at new rows.</summary>
    /// <param name="algebra">Runs the solves.</param>
    /// <param name="k">Covariances, rows x training rows or landmarks.</param>
    /// <param name="variance">Each new row's own.</param>
    /// <returns>rows x outputs, and rows x outputs x outputs.</returns>
    (double[] Means, double[] Covariances) Predict(DenseAlgebra algebra, DenseMatrix k, double variance);
}
