namespace FusionKernels;

/// <summary>Distance correlation and what it is made of.</summary>
/// <param name="Correlation">R, 0 to 1; bias-corrected, R*, an estimate of R^2 that is around 0 under independence and may be negative. 0 where a side does not vary.</param>
/// <param name="SquaredCovariance">V^2(x, y); bias-corrected, its unbiased estimate, which may be negative.</param>
/// <param name="SquaredVarianceX">V^2(x, x).</param>
/// <param name="SquaredVarianceY">V^2(y, y).</param>
/// <param name="PValue">(1 + permutations with as large a covariance) / (1 + permutations); null where none were asked for.</param>
public sealed record DistanceCorrelationResult(double Correlation, double SquaredCovariance, double SquaredVarianceX, double SquaredVarianceY, double? PValue);
