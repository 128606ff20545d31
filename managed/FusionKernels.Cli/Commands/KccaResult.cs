namespace FusionKernels.Cli;

/// <summary>What <c>kcca</c> tells about its work.</summary>
/// <param name="Rows">Rows of both views.</param>
/// <param name="Kernel">The kernel's formula with its parameters; <c>precomputed</c> for matrices.</param>
/// <param name="Regularizer">The kind of regulariser.</param>
/// <param name="Regularization">kappa.</param>
/// <param name="Route">How the Gram matrices were factored.</param>
/// <param name="RankX">The numerical rank of x.</param>
/// <param name="RankY">The numerical rank of y.</param>
/// <param name="Correlations">The regularised canonical correlations.</param>
/// <param name="TrainingCorrelations">The correlations of the variates.</param>
/// <param name="Device">The device of the kernel's values.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Seconds">Wall time of the fit.</param>
internal sealed record KccaResult(
    int Rows,
    string Kernel,
    string Regularizer,
    double Regularization,
    string Route,
    int RankX,
    int RankY,
    IReadOnlyList<double> Correlations,
    IReadOnlyList<double> TrainingCorrelations,
    string Device,
    string Precision,
    double Seconds);
