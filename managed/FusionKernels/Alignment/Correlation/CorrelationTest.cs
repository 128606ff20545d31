namespace FusionKernels;

/// <summary>A statistic of canonical correlations with its F approximation.</summary>
/// <param name="Value">The statistic.</param>
/// <param name="F">Its F.</param>
/// <param name="Df1">Degrees of freedom of the numerator.</param>
/// <param name="Df2">Degrees of freedom of the denominator; need not be a whole number. Where rows are too few for the approximation it is 0, as F is, and P is 1: no evidence.</param>
/// <param name="P">The probability of an F as large, where the correlations are 0.</param>
public sealed record CorrelationTest(double Value, double F, double Df1, double Df2, double P);
