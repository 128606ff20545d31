namespace FusionKernels;

/// <summary>How distance correlation is computed.</summary>
public sealed record class DistanceCorrelationOptions : ExecutionOptions
{
    /// <summary>Whether the bias of small samples and many features is taken out (Székely and Rizzo 2014); off by default.</summary>
    public bool BiasCorrected { get; init; }

    /// <summary>Permutations of the rows of y for a p-value; 0, the default, for none. Takes 16 n^2 bytes.</summary>
    public int Permutations { get; init; }

    /// <summary>Seed of the permutations; 0 by default.</summary>
    public int Seed { get; init; }
}
