namespace FusionKernels;

/// <summary>What training came to; the parameters hold the weights of the best epoch.</summary>
/// <param name="TrainingLosses">By epoch: the mean loss of its batches.</param>
/// <param name="ValidationLosses">By epoch: the loss of the validation rows; empty without such rows.</param>
/// <param name="BestEpoch">The epoch of the kept weights, from 1.</param>
/// <param name="Steps">Steps of the optimizer.</param>
public sealed record TrainingResult(IReadOnlyList<double> TrainingLosses, IReadOnlyList<double> ValidationLosses, int BestEpoch, int Steps)
{
    /// <summary>The loss by which the best epoch was chosen: of the validation rows, or of training without such rows.</summary>
    public double BestLoss => (ValidationLosses.Count > 0 ? ValidationLosses : TrainingLosses)[BestEpoch - 1];

    /// <summary>The learning curves as a drawing of its own.</summary>
    /// <param name="title">The line on top.</param>
    /// <returns>An SVG document.</returns>
    public string ToSvg(string title = "Learning curves") => LearningCurves.Svg(title, this);
}
