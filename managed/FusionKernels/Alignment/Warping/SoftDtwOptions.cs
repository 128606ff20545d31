namespace FusionKernels;

/// <summary>What a soft alignment minimises and where it runs.</summary>
public record class SoftDtwOptions : ExecutionOptions
{
    /// <summary>The smoothing, in the unit of squared samples: a finite number above 0, 1 by default. Towards 0 the value tends to the sum of squared differences along the best path.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>Which samples may be matched: a range of columns for every row; all by default.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>What to do with samples that are NaN or infinite; an error by default. Skipped ones cost nothing, and their derivatives are 0.</summary>
    public MissingSamples Missing { get; init; }
}
