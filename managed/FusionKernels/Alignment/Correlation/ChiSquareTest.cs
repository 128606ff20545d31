namespace FusionKernels;

/// <summary>A statistic that is distributed about as chi-square where the correlations it stands for are 0.</summary>
/// <param name="ChiSquare">The statistic, 0 or more.</param>
/// <param name="Df">Degrees of freedom.</param>
/// <param name="P">The probability of a value as large.</param>
public sealed record ChiSquareTest(double ChiSquare, double Df, double P);
