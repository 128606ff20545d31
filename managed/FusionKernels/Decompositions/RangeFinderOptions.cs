namespace FusionKernels;

/// <summary>How a range is searched.</summary>
public sealed record class RangeFinderOptions : ExecutionOptions
{
    /// <summary>
    /// Applications of A Aᵀ, each followed by QR factorisations: 2 by default, 0 or more. Each multiplies the ratio of neighbouring
    /// singular values that the basis sees by its square, and costs two more products with A.
    /// </summary>
    public int Powers { get; init; } = 2;

    /// <summary>Columns of the basis beyond the rank that is asked for: 10 by default, 0 or more.</summary>
    public int Oversampling { get; init; } = 10;

    /// <summary>The seed of the random columns.</summary>
    public int Seed { get; init; } = 17;
}
