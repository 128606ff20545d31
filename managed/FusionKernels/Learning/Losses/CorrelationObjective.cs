namespace FusionKernels;

/// <summary>What deep canonical correlation makes large: a function of the correlations r of two views.</summary>
public enum CorrelationObjective
{
    /// <summary>The sum of all r (Andrew et al. 2013).</summary>
    NuclearNorm,

    /// <summary>The root of the sum of all r².</summary>
    Frobenius,

    /// <summary>The sum of all r²; needs no singular vectors.</summary>
    SquaredFrobenius,

    /// <summary>The sum of the largest r.</summary>
    TopComponents,
}
