namespace FusionKernels;

/// <summary>How regularised transport is computed.</summary>
public sealed record class SinkhornOptions : ExecutionOptions
{
    /// <summary>The mass of each row, 0 or more; null (the default) for 1 / rows each.</summary>
    public IReadOnlyList<double>? RowWeights { get; init; }

    /// <summary>The mass of each column, 0 or more, as much in all as the rows have unless <see cref="MarginalPenalty"/> is set; null (the default) for 1 / columns each.</summary>
    public IReadOnlyList<double>? ColumnWeights { get; init; }

    /// <summary>
    /// Unbalanced transport: the price of deviating from the weights, as a factor of the Kullback-Leibler divergence, above 0, in the unit of
    /// the costs; null (the default) for weights that must be met.
    /// </summary>
    public double? MarginalPenalty { get; init; }

    /// <summary>Ends the iterations: the summed deviation of the rows' masses as a share of all mass, above 0; 1e-6 by default. Unbalanced: the largest change of a potential over epsilon.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Pairs of passes over the costs at most, 1 or more; 10,000 by default. Those that approach a small epsilon count.</summary>
    public int MaximumIterations { get; init; } = 10_000;
}
