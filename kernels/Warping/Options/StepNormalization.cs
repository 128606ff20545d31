namespace FusionKernels;

/// <summary>By what the sum of a step pattern is divided to compare alignments of different lengths.</summary>
public enum StepNormalization
{
    /// <summary>The pattern has no normalisation: the weights along a path do not add up to a constant.</summary>
    None,

    /// <summary>The length of x.</summary>
    X,

    /// <summary>The length of y.</summary>
    Y,

    /// <summary>The sum of both lengths.</summary>
    XPlusY,
}
