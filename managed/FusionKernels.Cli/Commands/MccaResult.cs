namespace FusionKernels.Cli;

/// <summary>What <c>mcca</c> tells about its work.</summary>
/// <param name="Objective"><c>sumcor</c> or <c>maxvar</c>.</param>
/// <param name="Rows">Rows of all views.</param>
/// <param name="Columns">Columns of each view.</param>
/// <param name="Ranks">The numerical rank of each view.</param>
/// <param name="PresentRows">Rows that have each view.</param>
/// <param name="Eigenvalues">By component.</param>
/// <param name="MeanCorrelations">By component: the mean over pairs of views.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>, of the data.</param>
/// <param name="Seconds">Wall time of the fit.</param>
internal sealed record MccaResult(
    string Objective,
    int Rows,
    IReadOnlyList<int> Columns,
    IReadOnlyList<int> Ranks,
    IReadOnlyList<long> PresentRows,
    IReadOnlyList<double> Eigenvalues,
    IReadOnlyList<double> MeanCorrelations,
    string Precision,
    double Seconds);
