namespace FusionKernels;

/// <summary>What one strategy, or one view alone, reached.</summary>
/// <param name="Name">The strategy or the view; "majority class", or "mean" of targets.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Score">Mean over the folds: accuracy, or the root mean squared error of targets. NaN where it failed.</param>
/// <param name="Spread">Standard deviation over the folds (ddof 1); 0 of one fold.</param>
/// <param name="Folds">By fold: the score.</param>
/// <param name="Missing">By rate of the options: the mean score with views made absent; empty for single views.</param>
/// <param name="Blinded">By view: the mean score with it absent at test; empty for single views and without ablation.</param>
/// <param name="Weights">By view: its weight, mean over the folds; empty for the baseline.</param>
/// <param name="Seconds">To fit and to predict, all folds together.</param>
/// <param name="PValue">Two-sided, against the best single view, by <see cref="FusionReport.Test"/> of the report; NaN for others than strategies.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
public sealed record FusionReportRow(
    string Name,
    FusionReportKind Kind,
    double Score,
    double Spread,
    IReadOnlyList<double> Folds,
    IReadOnlyList<double> Missing,
    IReadOnlyList<double> Blinded,
    IReadOnlyList<double> Weights,
    double Seconds,
    double PValue,
    string? Error)
{
    /// <summary>By view: its gate; empty where the strategy has none.</summary>
    public IReadOnlyList<FusionGate> Gates { get; init; } = [];

    /// <summary>How views look at views, the mean over test rows and folds; null where the strategy has no attention.</summary>
    public FusionAttention? Attention { get; init; }
}
