namespace FusionKernels;

/// <summary>How rows are drawn again for permutation tests and bootstrap intervals.</summary>
public sealed record class ResamplingOptions : ExecutionOptions
{
    /// <summary>Permutations, the data as they are among them, or bootstrap samples; 2 or more, 1000 by default.</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>Where the drawing begins; the same seed draws the same rows on every machine. 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>The share of bootstrap samples inside an interval, above 0 and below 1; 0.95 by default.</summary>
    public double Confidence { get; init; } = 0.95;
}
