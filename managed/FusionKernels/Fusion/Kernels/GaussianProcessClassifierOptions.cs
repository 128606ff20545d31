namespace FusionKernels;

/// <summary>How a <see cref="GaussianProcessClassifier"/> is fitted. The device must be a host, or unset.</summary>
public sealed record class GaussianProcessClassifierOptions : ExecutionOptions
{
    /// <summary>s^2 of the covariance s^2 K, above 0; null, the default, for the likeliest of 1, 3, 10, 30 and 100.</summary>
    public double? SignalVariance { get; init; }

    /// <summary>What becomes of more than two classes. A softmax by default.</summary>
    public ProcessClasses Classes { get; init; } = ProcessClasses.Softmax;

    /// <summary>Draws over which a softmax is averaged, 1 or more; the error of a probability is about half of one over their root. 4000 by default.</summary>
    public int Draws { get; init; } = 4000;

    /// <summary>What the draws follow from; the same draws serve every row.</summary>
    public int Seed { get; init; }
}
