namespace FusionKernels;

/// <summary>What every search for a barycentre has in common.</summary>
public record class BarycenterOptions : ExecutionOptions
{
    /// <summary>The weight of each member, 0 or more and not all 0; null (the default) for equal weights.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Samples of the barycentre; 0 (the default) for as many as the longest member has.</summary>
    public int Length { get; init; }

    /// <summary>Where the search starts, unless the call gives a series.</summary>
    public BarycenterStart Start { get; init; }

    /// <summary>At most so many iterations; 30 by default, 0 to evaluate the start.</summary>
    public int Iterations { get; init; } = 30;

    /// <summary>The search ends where an iteration lowers the cost by less than this, times the cost where that is above 1; 1e-5 by default.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Which samples may be matched, the barycentre's being the rows; all by default.</summary>
    public WarpingWindow Window { get; init; } = WarpingWindow.None;

    /// <summary>What to do with samples of members that are NaN or infinite; an error by default. Skipped ones cost nothing and say nothing about the barycentre, which is whole; where they propagate it is NaN.</summary>
    public MissingSamples Missing { get; init; }
}
