namespace FusionKernels;

/// <summary>How <see cref="Concatenation"/> is fitted.</summary>
public sealed record class ConcatenationOptions : ExecutionOptions
{
    /// <summary>C of logistic regression on classes, above 0. 0.1 by default.</summary>
    public double Cost { get; init; } = 0.1;

    /// <summary>Ridge of linear regression on targets, 0 or more. 1 by default.</summary>
    public double Ridge { get; init; } = 1;

    /// <summary>What becomes of features first. Scores of mean 0 and variance 1 by default.</summary>
    public ViewScaling Scaling { get; init; } = ViewScaling.ZScore;
}
