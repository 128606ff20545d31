namespace FusionKernels;

/// <summary>How a <see cref="KernelSvm"/> is fitted.</summary>
public sealed record class KernelSvmOptions : ExecutionOptions
{
    /// <summary>C: what a row on the wrong side costs; above 0, infinity for a hard margin. 10 by default.</summary>
    public double Cost { get; init; } = 10;

    /// <summary>The violation of optimality at which the search ends; above 0. 0.001 by default, as libsvm's.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Whether probabilities are fitted, at the cost of five more fits of four fifths of the rows. False by default.</summary>
    public bool Probabilities { get; init; }
}
