namespace FusionKernels.Cli;

/// <summary>What <c>predict</c> tells.</summary>
/// <param name="Strategy">The model's strategy.</param>
/// <param name="Views">The views it was fitted to.</param>
/// <param name="Rows">Rows that were predicted.</param>
/// <param name="Classes">The names of the classes, as probabilities go; empty for targets.</param>
/// <param name="Labels">By row: the class; null for targets.</param>
/// <param name="Probabilities">By row and class; null for targets.</param>
/// <param name="Values">By row and output; null for classes.</param>
internal sealed record PredictResult(
    string Strategy, IReadOnlyList<string> Views, int Rows, IReadOnlyList<string> Classes, string[]? Labels, double[][]? Probabilities, double[][]? Values);
