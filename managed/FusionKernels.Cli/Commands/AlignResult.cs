namespace FusionKernels.Cli;

/// <summary>What <c>align</c> tells.</summary>
/// <param name="Method">The method.</param>
/// <param name="Rows">Rows of both views.</param>
/// <param name="FeaturesA">Columns of A.</param>
/// <param name="FeaturesB">Columns of B.</param>
/// <param name="Components">Features of the common space.</param>
/// <param name="TrainingRows">Rows that trained.</param>
/// <param name="HeldRows">Rows that were kept from training; figures are of them, or of the training rows where there are none.</param>
/// <param name="Epochs">Epochs that were done.</param>
/// <param name="BestEpoch">The epoch of the kept weights.</param>
/// <param name="TrainingLosses">By epoch.</param>
/// <param name="ValidationLosses">By epoch; empty without held rows.</param>
/// <param name="RelevantBy"><c>labels</c> or <c>rows</c>: what counts as found.</param>
/// <param name="MeanAveragePrecision">Of A finding B, and of B finding A.</param>
/// <param name="RecallAt1">Of both.</param>
/// <param name="RecallAt10">Of both.</param>
/// <param name="Chance">About the mean average precision of an order by chance.</param>
/// <param name="Figures">The method's own figures.</param>
/// <param name="Device">The device that ran.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Seconds">Wall time of the fit.</param>
/// <param name="IsComplete">Whether training came to its end; false after Ctrl-C.</param>
internal sealed record AlignResult(
    string Method,
    int Rows,
    int FeaturesA,
    int FeaturesB,
    int Components,
    int TrainingRows,
    int HeldRows,
    int Epochs,
    int BestEpoch,
    IReadOnlyList<double> TrainingLosses,
    IReadOnlyList<double> ValidationLosses,
    string RelevantBy,
    BothWays MeanAveragePrecision,
    BothWays RecallAt1,
    BothWays RecallAt10,
    double Chance,
    IReadOnlyList<AlignFigure> Figures,
    string Device,
    string Precision,
    double Seconds,
    bool IsComplete);
