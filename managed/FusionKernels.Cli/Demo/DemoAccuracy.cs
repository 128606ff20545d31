namespace FusionKernels.Cli;

/// <summary>How well kernel ridge classification does with one kernel.</summary>
/// <param name="Name">A view's name, <c>concatenation</c> or <c>fused</c>.</param>
/// <param name="Description">What the kernel sees.</param>
/// <param name="Features">Features of an image.</param>
/// <param name="Accuracy">The part of all images that were named right while held out.</param>
/// <param name="Folds">The same fold by fold.</param>
internal sealed record DemoAccuracy(string Name, string Description, int Features, double Accuracy, IReadOnlyList<double> Folds);
