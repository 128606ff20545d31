namespace FusionKernels;

/// <summary>A percentile interval of one canonical correlation.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
public sealed record CorrelationInterval(double Lower, double Upper);
