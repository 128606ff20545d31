namespace FusionKernels.Kernels.Grams;

/// <summary>Everything that any kernel sums over the features of one pair of rows, in float64.</summary>
/// <param name="Dot">x.y.</param>
/// <param name="NormX">|x|^2.</param>
/// <param name="NormY">|y|^2.</param>
/// <param name="Squared">|x - y|^2.</param>
/// <param name="Absolute">|x - y|_1.</param>
/// <param name="Chi">sum (x - y)^2 / (x + y).</param>
/// <param name="Sine">sum sin^2(pi (x - y) / p).</param>
internal readonly record struct PairSums(
    double Dot = 0, double NormX = 0, double NormY = 0, double Squared = 0, double Absolute = 0, double Chi = 0, double Sine = 0);
