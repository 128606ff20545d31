namespace FusionKernels;

/// <summary>Labels spread over the graph of all views.</summary>
/// <param name="Found">Scores and labels.</param>
/// <param name="ViewWeights">By view: its weight in the mean of Gram matrices that neighbours were chosen by; they add up to 1.</param>
/// <param name="Neighbours">The number of neighbours that was chosen.</param>
/// <param name="HeldOut">By number of neighbours that was tried: the mean logarithm of the share that a held-out label got; NaN where no class has two labels.</param>
public sealed record ViewPropagationResult(LabelPropagationResult Found, IReadOnlyList<double> ViewWeights, int Neighbours, IReadOnlyList<double> HeldOut);
