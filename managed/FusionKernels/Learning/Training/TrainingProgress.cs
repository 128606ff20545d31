namespace FusionKernels;

/// <summary>How training stands after an epoch.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="Step">Steps done.</param>
/// <param name="TrainingLoss">The mean loss of the epoch's batches, each by its rows.</param>
/// <param name="ValidationLoss">The loss of the validation rows after the epoch; NaN without such rows.</param>
/// <param name="IsBest">Whether it is the best so far.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, int Step, double TrainingLoss, double ValidationLoss, bool IsBest);
